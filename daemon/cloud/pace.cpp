// SPDX-License-Identifier: MIT
#include "cloud/pace.hpp"

#include "base/expect_no_exception.hpp"
#include "base/wakeup.hpp"
#include "cloud/call_rate.hpp"
#include "cloud/circuit_breaker.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory_resource>
#include <optional>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

namespace certferry {

namespace asio = boost::asio;

/// One action: how often it is called, and who waits to call it. Equal keys stay in the order they came in.
/// The places have a pool of their own: among the coroutines of a million, each would be far from the next.
struct Pace::Lane {
    using Waiting = std::pmr::multimap<WallTime, Waiter*>;

    explicit Lane(double per_second) : rate(per_second) {}

    CallRate rate;
    std::pmr::unsynchronized_pool_resource places;
    Waiting waiting{&places};
    std::uint64_t last_turn = 0;
};

struct Pace::State : std::enable_shared_from_this<State> {
    State(asio::any_io_executor on, Clock& time, double requests_per_second)
        : executor(std::move(on)), clock(time), per_second(requests_per_second), breaker(time) {}

    Lane& lane(std::string_view action);
    void proceed();
    std::optional<SteadyTime> hand_out();
    Lane* next_ready(SteadyTime now);
    void hand_out_one(Lane& lane, SteadyTime now);
    std::optional<SteadyTime> next_moment() const;
    void turn_away(const Error& reason);
    bool crowded(WallTime served_until) const;
    void invite_one();
    void let_one_in();
    static Awaitable<void> proceed_when_due(std::weak_ptr<State> weak, std::shared_ptr<Wakeup> bell,
                                            Clock& clock);

    asio::any_io_executor executor;
    Clock& clock;
    double per_second;
    CircuitBreaker breaker;
    std::map<std::string, Lane, std::less<>> lanes;  // few, and stay
    unsigned under_way = 0;
    std::uint64_t turns = 0;
    std::multimap<WallTime, Newcomer*> outside;  // in room()
    bool inviting = false;
    std::optional<SteadyTime> due;  // proceed_when_due() sleeps until then; nothing while it does not run
    std::shared_ptr<Wakeup> bell = std::make_shared<Wakeup>(executor);
};

/// A place in a lane, for as long as there is no verdict. It lives in the coroutine that waits, and so leaves
/// the lane when that is destroyed; a pass that was not taken frees what it held.
struct Pace::Waiter {
    Waiter(const std::shared_ptr<State>& of, Lane& in, WallTime served_until)
        : state(of), lane(in), place(in.waiting.emplace(served_until, this)), wakeup(of->executor) {}
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    ~Waiter() {
        const std::shared_ptr<State> alive = state.lock();
        if (verdict || !alive) return;
        lane.waiting.erase(place);
        alive->invite_one();
    }

    void answer(Result<Pass> with) {
        verdict.emplace(std::move(with));
        wakeup.notify();
    }

    std::weak_ptr<State> state;
    Lane& lane;
    Lane::Waiting::iterator place;
    Wakeup wakeup;
    std::optional<Result<Pass>> verdict;
};

/// A place outside, until it is let in.
struct Pace::Newcomer {
    Newcomer(const std::shared_ptr<State>& of, WallTime served_until)
        : state(of), place(of->outside.emplace(served_until, this)), wakeup(of->executor) {}
    Newcomer(const Newcomer&) = delete;
    Newcomer& operator=(const Newcomer&) = delete;
    ~Newcomer() {
        if (const auto alive = state.lock(); alive && !let_in) alive->outside.erase(place);
    }

    std::weak_ptr<State> state;
    std::multimap<WallTime, Newcomer*>::iterator place;
    Wakeup wakeup;
    bool let_in = false;
};

Pace::Pace(const asio::any_io_executor& executor, Clock& clock, double requests_per_second)
    : state_(std::make_shared<State>(executor, clock, requests_per_second)) {}

Awaitable<Result<Pace::Pass>> Pace::admit(std::string_view action, WallTime served_until) {
    if (!state_->breaker.lets_through()) co_return state_->breaker.refusal();
    Waiter waiter(state_, state_->lane(action), served_until);
    state_->proceed();
    co_await waiter.wakeup.wait();
    if (!waiter.verdict) co_return Error(Errc::interrupted, "interrupted while it waited for its turn");
    co_return std::move(*waiter.verdict);
}

// Nobody passes those who wait outside, unless it expires first.
bool Pace::crowded(WallTime served_until) const {
    const auto& outside = state_->outside;
    return state_->crowded(served_until) || (!outside.empty() && outside.begin()->first <= served_until);
}

Awaitable<void> Pace::room(WallTime served_until) {
    Newcomer newcomer(state_, served_until);
    state_->invite_one();
    co_await newcomer.wakeup.wait();
}

Pace::Traffic Pace::traffic() const {
    Traffic traffic{state_->outside.size(), state_->under_way, state_->breaker.down()};
    for (const auto& [action, lane] : state_->lanes) traffic.waiting += lane.waiting.size();
    return traffic;
}

// Whoever is next is woken from the loop: one that is cut short destroys its coroutines when nobody can be
// woken any more.
Pace::Pass::~Pass() {
    const std::shared_ptr<State> state = state_.lock();
    if (!state) return;
    --state->under_way;
    asio::post(state->executor, [weak = state_] {
        if (const auto still_there = weak.lock()) still_there->proceed();
    });
}

void Pace::Pass::answered() {
    const std::shared_ptr<State> state = state_.lock();
    if (!state) return;
    state->breaker.answered();
    lane_->rate.answered();
}

void Pace::Pass::throttled() {
    const std::shared_ptr<State> state = state_.lock();
    if (!state) return;
    state->breaker.answered();
    lane_->rate.throttled(taken_, state->clock.steady_now());
}

void Pace::Pass::unanswered(const Error& why) {
    const std::shared_ptr<State> state = state_.lock();
    if (!state) return;
    if (state->breaker.unanswered(why)) state->turn_away(state->breaker.refusal());
}

Pace::Lane& Pace::State::lane(std::string_view action) {
    if (const auto found = lanes.find(action); found != lanes.end()) return found->second;
    return lanes.try_emplace(std::string(action), per_second).first->second;
}

/// To be called whenever something has changed that somebody may wait for.
void Pace::State::proceed() {
    const std::optional<SteadyTime> next = hand_out();
    if (!next) return;
    if (!due) {
        due = next;
        asio::co_spawn(executor, proceed_when_due(weak_from_this(), bell, clock), expect_no_exception);
    } else if (*next < *due) {
        bell->notify();
    }
}

/// Sleeps in place of all who wait, and ends when only an exchange that ends can help them. Does not keep the
/// state alive in its sleep.
Awaitable<void> Pace::State::proceed_when_due(std::weak_ptr<State> weak, std::shared_ptr<Wakeup> bell,
                                              Clock& clock) {
    for (;;) {
        std::optional<SteadyTime> next;
        if (const auto state = weak.lock()) next = state->due = state->hand_out();
        if (!next) co_return;
        co_await bell->wait_until(clock, *next);
    }
}

/// Gives a pass to each who can have one now. When to do so next, if that is a matter of time.
std::optional<SteadyTime> Pace::State::hand_out() {
    const SteadyTime now = clock.steady_now();
    while (under_way < under_way_max) {
        Lane* const ready = next_ready(now);
        if (!ready) return next_moment();
        hand_out_one(*ready, now);
    }
    return std::nullopt;
}

/// The lane whose last turn is longest ago: so none starves another of the exchanges under way.
Pace::Lane* Pace::State::next_ready(SteadyTime now) {
    Lane* next = nullptr;
    for (auto& [action, lane] : lanes) {
        if (lane.waiting.empty() || lane.rate.next() > now) continue;
        if (!next || lane.last_turn < next->last_turn) next = &lane;
    }
    return next;
}

void Pace::State::hand_out_one(Lane& lane, SteadyTime now) {
    const auto first = lane.waiting.begin();
    Waiter& waiter = *first->second;
    lane.waiting.erase(first);
    invite_one();
    lane.rate.take(now);
    lane.last_turn = ++turns;
    ++under_way;
    waiter.answer(Pass(weak_from_this(), lane, now));
}

std::optional<SteadyTime> Pace::State::next_moment() const {
    std::optional<SteadyTime> next;
    for (const auto& [action, lane] : lanes)
        if (!lane.waiting.empty()) next = std::min(lane.rate.next(), next.value_or(SteadyTime::max()));
    return next;
}

void Pace::State::turn_away(const Error& reason) {
    for (auto& [action, lane] : lanes) {
        for (const auto& [served_until, waiter] : lane.waiting) waiter->answer(reason);
        lane.waiting.clear();
    }
    invite_one();
}

bool Pace::State::crowded(WallTime served_until) const {
    unsigned ahead = 0;
    for (const auto& [action, lane] : lanes) {
        if (lane.rate.throttled()) continue;
        const auto last = lane.waiting.upper_bound(served_until);
        for (auto place = lane.waiting.upper_bound(WallTime()); place != last; ++place)
            if (++ahead == crowd) return true;
    }
    return false;
}

/// One at a time, from the loop, so that each may join the crowd before many more follow.
void Pace::State::invite_one() {
    if (outside.empty() || inviting) return;
    inviting = true;
    asio::post(executor, [weak = weak_from_this()] {
        if (const auto still_there = weak.lock()) still_there->let_one_in();
    });
}

void Pace::State::let_one_in() {
    inviting = false;
    if (outside.empty() || crowded(outside.begin()->first)) return;
    Newcomer& first = *outside.begin()->second;
    outside.erase(outside.begin());
    first.let_in = true;
    first.wakeup.notify();
    invite_one();
}

}  // namespace certferry
