// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <memory>
#include <string_view>
#include <utility>

#include <boost/asio/any_io_executor.hpp>

namespace certferry {

/// When the exchanges of one account with the API may begin. Each action has a rate of its own
/// (cloud/call_rate.hpp), the account a bound on exchanges under way at a time and a circuit breaker
/// (cloud/circuit_breaker.hpp). One exchange, one pass; a repetition, too, asks for a pass of its own:
///
///     Result<Pace::Pass> pass = co_await pace.admit("ReplaceCert", served_until);
///     if (!pass) co_return pass.error();
///     Result<HttpResponse> response = co_await http.fetch(std::move(request));
///     if (!response) pass->unanswered(response.error());  // else pass->answered() or pass->throttled()
///
/// It outlives those who wait in it, unless the loop is cut short: that destroys them last.
class Pace {
    struct State;
    struct Lane;
    struct Waiter;
    struct Newcomer;

public:
    static constexpr unsigned under_way_max = 8;
    static constexpr unsigned crowd = 64;  // so many that wait; some for each of the actions

    Pace(const boost::asio::any_io_executor& executor, Clock& clock, double requests_per_second);
    Pace(const Pace&) = delete;
    Pace& operator=(const Pace&) = delete;

    /// Leave for one exchange, to be begun at once; destroyed when it has ended. It may outlive Pace. How the
    /// exchange ended is reported at most once, and not at all where nobody knows (it was cancelled).
    class Pass {
    public:
        Pass(Pass&& other) noexcept = default;
        Pass(const Pass&) = delete;
        Pass& operator=(const Pass&) = delete;
        Pass& operator=(Pass&&) = delete;
        ~Pass();

        /// The server answered, be it with an error.
        void answered();
        /// The server answered that there are too many requests.
        void throttled();
        /// No answer came: the server could not be reached, or the answer was lost. `why` is quoted to those
        /// who are turned away because of it.
        void unanswered(const Error& why);

    private:
        friend class Pace;
        Pass(std::weak_ptr<State> state, Lane& lane, SteadyTime taken)
            : state_(std::move(state)), lane_(&lane), taken_(taken) {}

        std::weak_ptr<State> state_;
        Lane* lane_;  // of the state
        SteadyTime taken_;
    };

    struct Traffic {
        std::size_t waiting = 0;    // for their turn, whatever the action, or outside
        std::size_t under_way = 0;  // exchanges
        bool down = false;          // the endpoint, for the circuit breaker
    };

    /// Waits for its turn. Of those that wait for one action, the one whose served certificate expires first
    /// goes first, then who came first; the actions take turns at what they share. `action` need not stay
    /// longer than until the first suspension. Errors: unreachable, at once, while the endpoint is down, also
    /// to those that wait when it goes down; interrupted when cancelled.
    Awaitable<Result<Pass>> admit(std::string_view action, WallTime served_until);

    /// Whether so many wait for their turn, whatever the action, that expire no later: who comes with much in
    /// hand would only hold it meanwhile. Not counted are those of an action that the server throttles, since
    /// others may not need it, and what nobody knows the end of (WallTime()), which has no reason to wait.
    bool crowded(WallTime served_until) const;

    /// Waits outside as long as that is so; whose certificate expires first goes in first. Ends as well when
    /// it is cancelled.
    Awaitable<void> room(WallTime served_until);

    /// How it stands now.
    Traffic traffic() const;

private:
    std::shared_ptr<State> state_;
};

}  // namespace certferry
