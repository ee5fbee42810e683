// SPDX-License-Identifier: MIT
#include "cloud/pace.hpp"
#include "simulation/properties/properties.hpp"
#include "simulation/world.hpp"

#include <cmath>
#include <deque>
#include <map>

#include <fmt/format.h>

namespace certferry::simulation {
namespace {

using namespace std::chrono_literals;

class RateKept final : public Property {
public:
    RateKept()
        : Property("rate_kept",
                   "No second has more exchanges of one action than the account's rate, and no "
                   "moment more of them under way than the bound.") {}

    void daemon_started(const World&) override { begun_.clear(); }

    void exchange_begun(const World& world, const Exchange& exchange) override {
        if (exchange.under_way > Pace::under_way_max)
            broken(
                fmt::format("{} exchanges are under way in {}", exchange.under_way, exchange.account.str()));
        std::deque<SteadyTime>& begun = begun_[{exchange.account, exchange.action}];
        const SteadyTime now = world.timeline.now();
        while (!begun.empty() && begun.front() <= now - 1s) begun.pop_front();
        begun.push_back(now);
        if (static_cast<double>(begun.size()) > std::ceil(exchange.per_second))
            broken(fmt::format("{} of {} in one second, in {}", begun.size(), exchange.action,
                               exchange.account.str()));
    }

private:
    std::map<std::pair<AccountName, std::string>, std::deque<SteadyTime>> begun_;
};

}  // namespace

std::unique_ptr<Property> rate_kept() {
    return std::make_unique<RateKept>();
}

}  // namespace certferry::simulation
