// SPDX-License-Identifier: MIT
#include "cloud/beast_pool.hpp"

namespace certferry {
namespace {

constexpr auto idle_max = std::chrono::seconds(30);
constexpr auto age_max = std::chrono::minutes(5);

}  // namespace

std::unique_ptr<BeastConnection> BeastPool::take(const ConnectionPlace& place, TimePoint now) {
    drop_old(now);
    const auto found = kept_.find(place);
    if (found == kept_.end()) return nullptr;
    std::vector<Kept>& kept = found->second;
    while (!kept.empty()) {
        std::unique_ptr<BeastConnection> connection = std::move(kept.back().connection);
        kept.pop_back();
        if (connection->idle()) return connection;
    }
    return nullptr;
}

void BeastPool::put(const ConnectionPlace& place, std::unique_ptr<BeastConnection> connection,
                    TimePoint now) {
    kept_[place].push_back({std::move(connection), now});
}

void BeastPool::drop_old(TimePoint now) {
    const auto old = [now](const Kept& kept) {
        return now - kept.since > idle_max || now - kept.connection->opened() > age_max;
    };
    for (auto& [place, kept] : kept_) std::erase_if(kept, old);
    std::erase_if(kept_, [](const auto& place) { return place.second.empty(); });
}

}  // namespace certferry
