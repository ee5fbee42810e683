// SPDX-License-Identifier: MIT
#include "service/announcer.hpp"

#include "base/expect_no_exception.hpp"
#include "report/log_notifier.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace certferry {
namespace {

namespace asio = boost::asio;

// Time alone makes news as well: this is soon enough for what nears its end, or still fails.
constexpr Duration longest_gap = std::chrono::hours(1);
constexpr Duration usual_gap = std::chrono::minutes(1);

bool is_told_of(const NotifierName& notifier, const config::Mapping& mapping) {
    return !mapping.notify ||
           std::find(mapping.notify->begin(), mapping.notify->end(), notifier) != mapping.notify->end();
}

}  // namespace

Announcer::Announcer(Supervisor& supervisor, CourierPorts ports, MakeNotifier make)
    : supervisor_(supervisor), ports_(std::move(ports)), make_(std::move(make)), news_(supervisor.listen()) {}

void Announcer::start() {
    log_ = send_out(NotifierName(), Duration::zero(), std::make_shared<LogNotifier>(ports_.log));
    asio::co_spawn(ports_.executor, run(), expect_no_exception);
}

std::vector<NotifierState> Announcer::states() const {
    std::vector<NotifierState> states;
    for (const auto& [name, employed] : couriers_) states.push_back(employed.courier->state());
    return states;
}

Awaitable<NotifierTrials> Announcer::try_out() {
    employ();
    NotifierTrials outcomes;
    const std::map<NotifierName, Employed> all = couriers_;
    for (const auto& [name, employed] : all) {
        Result<void> tried = co_await employed.courier->try_out();
        outcomes.emplace_back(name, std::move(tried));
    }
    co_return outcomes;
}

// Looks when something may have become news, but not more often than messages need it. Until every file was
// looked at for the first time, it can wait.
Awaitable<void> Announcer::run() {
    while (!supervisor_.looked_at_all()) {
        employ();
        co_await news_->wait_until(ports_.clock, ports_.clock.steady_now() + longest_gap);
    }
    for (;;) {
        employ();
        news_->forget();  // it sees what came before
        const Duration quiet = co_await hand_over();
        const SteadyTime looked = ports_.clock.steady_now();
        co_await news_->wait_until(ports_.clock, looked + quiet);
        employ();
        co_await ports_.clock.sleep_until(looked + least_gap());
    }
}

// One that stays the same goes on undisturbed.
void Announcer::employ() {
    const auto& wanted = supervisor_.config().notifiers;
    for (auto at = couriers_.begin(); at != couriers_.end();) {
        const auto still = wanted.find(at->first);
        const bool stays = still != wanted.end() && still->second == at->second.as;
        if (!stays) at->second.courier->retire();
        at = stays ? std::next(at) : couriers_.erase(at);
    }
    for (const auto& [name, notifier] : wanted)
        if (!couriers_.contains(name))
            couriers_.emplace(name, Employed{notifier, send_out(name, notifier.gather, make_(notifier))});
}

std::shared_ptr<Courier> Announcer::send_out(NotifierName name, Duration gather,
                                             std::shared_ptr<Notifier> notifier) {
    auto courier = std::make_shared<Courier>(std::move(name), gather, std::move(notifier), ports_,
                                             supervisor_.in_force_since());
    asio::co_spawn(ports_.executor, courier->run(),
                   [courier](const std::exception_ptr& thrown) { expect_no_exception(thrown); });
    return courier;
}

// One mapping at a time, with the loop's other work in between. For how long time alone will change nothing.
Awaitable<Duration> Announcer::hand_over() {
    const WallTime now = ports_.clock.now();
    WallTime next = now + longest_gap;
    std::map<NotifierName, std::vector<TargetCondition>> pictures;
    for (const auto& [name, employed] : couriers_) pictures[name];  // also of one that no mapping tells by
    std::vector<TargetCondition> for_log;
    for (const auto& charge : supervisor_.charges()) {
        const Result<MappingState> state = supervisor_.state_of(*charge);
        if (!state) co_return usual_gap;
        for (const TargetState& target : state->targets) {
            TargetCondition found = condition_of(*state, target, now);
            found.told_since = charge->since();
            next = std::min(next, found.failing_from.value_or(next));
            for (const auto& [name, employed] : couriers_)
                if (is_told_of(name, charge->mapping()) && employed.courier->differs(found, now))
                    pictures[name].push_back(found);
            if (log_->differs(found, now)) for_log.push_back(found);
        }
        co_await asio::post(ports_.executor, asio::use_awaitable);
    }
    for (auto& [name, picture] : pictures)
        if (const auto found = couriers_.find(name); found != couriers_.end())
            found->second.courier->hand(std::move(picture));
    log_->hand(std::move(for_log));
    co_return std::max(next - ports_.clock.now(), Duration::zero());
}

Duration Announcer::least_gap() const {
    Duration gap = usual_gap;
    for (const auto& [name, employed] : couriers_) gap = std::min(gap, employed.as.gather / 3);
    return gap;
}

}  // namespace certferry
