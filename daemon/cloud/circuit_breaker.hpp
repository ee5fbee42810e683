// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <string>

namespace certferry {

/// Knows when an endpoint is down: after some exchanges in a row without an answer. Then nothing is let
/// through but one probing exchange an interval, and the interval doubles; one answer, to whichever exchange,
/// ends it. Nobody needs to report how a probe ended: the next follows anyway.
class CircuitBreaker {
public:
    static constexpr unsigned unanswered_max = 5;
    static constexpr Duration interval_initial = std::chrono::seconds(1);
    static constexpr Duration interval_max = std::chrono::seconds(60);

    explicit CircuitBreaker(const Clock& clock) : clock_(clock) {}

    bool down() const { return unanswered_ >= unanswered_max; }

    /// Whether an exchange may begin now.
    bool lets_through();

    void answered() { unanswered_ = 0; }
    /// `why` is what the exchange failed with. True when the endpoint counts as down from this one on.
    bool unanswered(const Error& why);

    /// While it is down: unreachable; since when there is no answer, why, and when it is tried next.
    Error refusal() const;

private:
    const Clock& clock_;
    unsigned unanswered_ = 0;  // in a row
    WallTime since_;           // the first of them failed
    std::string why_;          // the last of them failed
    Duration interval_ = interval_initial;
    SteadyTime next_probe_;
};

}  // namespace certferry
