// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/repeats.hpp"
#include "base/wakeup.hpp"
#include "report/condition.hpp"
#include "report/notifier.hpp"
#include "store/journal.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace certferry {

/// What a courier needs of the world. `sender` is this machine's name.
struct CourierPorts {
    CourierPorts(boost::asio::any_io_executor executor_, Journal& journal_, Clock& clock_, Random& random_,
                 Log& log_, std::string sender_)
        : executor(std::move(executor_)),
          journal(journal_),
          clock(clock_),
          random(random_),
          log(log_),
          sender(std::move(sender_)) {}

    boost::asio::any_io_executor executor;
    Journal& journal;
    Clock& clock;
    Random& random;
    Log& log;
    std::string sender;
};

/// Brings to one notifier what it has not told yet. There is no queue that could grow: what is to be told is
/// the difference between the newest picture and what the journal says was told, found anew for each attempt.
/// Failures are tried again with the backoff of rotations.
class Courier {
public:
    /// What was rotated before `since` is no news to a notifier that begins then.
    Courier(NotifierName name, Duration gather, std::shared_ptr<Notifier> notifier, CourierPorts ports,
            WallTime since);

    /// Whether a target stands otherwise than this notifier has told. While it tells something, who knows?
    bool differs(const TargetCondition& target, WallTime now) const;

    /// How those targets stand, of all that this notifier tells of, that differ.
    void hand(std::vector<TargetCondition> picture);

    /// Until retire().
    Awaitable<void> run();
    void retire();

    /// Sends a message that says only that it is a test.
    Awaitable<Result<void>> try_out();

    const NotifierState& state() const { return state_; }

private:
    Awaitable<bool> remember();
    Awaitable<void> tell_news();
    Awaitable<void> deliver(Decision decision);
    Awaitable<Result<void>> send(Message message);
    Awaitable<void> note(ToldByTarget told);
    void note_success();
    Awaitable<void> wait_after(const Error& failure);
    Awaitable<void> rest_until(SteadyTime deadline);

    CourierPorts ports_;
    Duration gather_;
    WallTime since_;
    std::shared_ptr<Notifier> notifier_;
    NotifierState state_;
    Wakeup wakeup_;
    bool retired_ = false;
    bool idle_ = false;  // nothing is being told, so told_ stays as it is
    ToldByTarget told_;
    std::optional<std::vector<TargetCondition>> picture_;  // none: nothing in it is news
    struct Noticed {
        WallTime at;
        SteadyTime since;
    };
    std::optional<Noticed> noticed_;  // when the oldest of the news came
    unsigned failures_ = 0;           // in a row
    Repeats said_;
};

}  // namespace certferry
