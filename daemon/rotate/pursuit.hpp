// SPDX-License-Identifier: MIT
#pragma once

#include "base/random.hpp"
#include "base/repeats.hpp"
#include "base/wakeup.hpp"
#include "bundle/found_bundle.hpp"
#include "rotate/plan.hpp"
#include "rotate/rotate.hpp"

#include <memory>
#include <optional>

namespace certferry {

/// How often a pursuit tries.
enum class Persistence {
    until_settled,  // the daemon: again and again, with backoff
    once,           // certferryd --once: one attempt, and the truth about it
};

/// One target's pursuit of the newest bundle. At most one rotation is in flight; bundles that come meanwhile
/// coalesce, and the newest wins. What it has learned is in the journal; only the wait is in memory.
class Pursuit {
public:
    Pursuit(Target target, RotationPorts ports, Random& random, Trust trust,
            const boost::asio::any_io_executor& executor);

    const Target& target() const { return target_; }
    RotationPorts& ports() { return ports_; }
    const Trust& trust() const { return trust_; }

    /// The bundle on disk now. True when run() has something to do about it and is not running.
    bool want(std::shared_ptr<const FoundBundle> bundle);

    /// Whether run() has something to do and is not running.
    bool due() const { return wanted_ && !running_ && !retired_ && wanted_ != settled_; }

    /// A person asks for it: what is waited for, held or rejected is tried now. With `anew`, what the journal
    /// holds for deployed is proven once more, and what was rolled back goes forward again.
    void hurry(bool anew);

    /// Whether somebody else has changed what was proven: then hurry(true) mends it, or says why not. False
    /// while there is more to do than that, and where it cannot be told.
    Awaitable<bool> head_is_stale();

    /// Another configuration is in force: run() ends with the attempt that is under way, or before it where
    /// that waits for room.
    void retire();

    /// A person wants no rotations for now: likewise, until run() is called again.
    void rest();

    /// What is checked from now on is checked with these roots.
    void set_trust(Trust trust) { trust_ = std::move(trust); }

    /// Works until the newest wanted bundle is deployed and proven, held, rejected, or the daemon stops.
    Awaitable<void> run(Persistence persistence);

    /// Retires what is due of the target's superseded ids, unless a rotation is under way. When to come
    /// again, where there is a time for it. A failure is logged.
    Awaitable<Result<std::optional<WallTime>>> clean_up();

    /// Ends a wait for the next attempt, or for room: the daemon is stopping.
    void interrupt() { wakeup_.notify(); }

    /// Until when the certificate that is served now is valid, as far as the journal knows: what nobody knows
    /// the end of may end first.
    WallTime served_until();

    /// Why the last attempt failed, or that none has ended; nothing after one that succeeded.
    const std::optional<Error>& failure() const { return failure_; }

    /// Why it is not moving; nothing while it is, or has nothing to do.
    const std::optional<Pause>& pause() const { return pause_; }

private:
    /// What an attempt goes on with.
    struct Step {
        Rotation rotation;
        bool settles = false;  // it is to another bundle, and to be ended first
    };

    bool over() const { return ports_.stopping || retired_ || resting_; }
    Awaitable<Result<void>> attempt(std::shared_ptr<const FoundBundle> bundle);
    Result<std::optional<Step>> next_step(const CertificateFacts& wanted);
    Plan plan_for(const SuccessionEntry& head, const std::optional<Rotation>& open,
                  const CertificateFacts& wanted) const;
    Awaitable<Result<void>> deliver(std::shared_ptr<const FoundBundle> bundle, Rotation& rotation);
    Awaitable<void> wait_for_room(std::shared_ptr<const FoundBundle> bundle);
    Result<void> end_attempt(Rotation& rotation, const Result<void>& how);
    void note_attempt(const Rotation& rotation, const Result<void>& rotated);
    Result<Rotation> begin(const CertificateFacts& bundle, const CertificateId& old_id);
    std::optional<Pause> remembered_pause();
    Pause pause_for(const Error& error, unsigned failures);
    Pause given_up(Pause why, WallTime began) const;
    void note_urgency(const SuccessionEntry& head);
    Pause unwritten_pause(const Error& error);
    void log_failure(std::string_view event, const Error& error, Repeats& repeats);
    Awaitable<void> wait_until(WallTime next_attempt, std::shared_ptr<const FoundBundle> bundle);
    Result<void> write_down(Rotation& rotation, const Pause& why, const Error& cause);

    Target target_;
    RotationPorts ports_;
    Random& random_;
    Trust trust_;
    Wakeup wakeup_;

    std::shared_ptr<const FoundBundle> wanted_;
    HeldContents contents_;  // of what is being pursued
    bool running_ = false;
    bool retired_ = false;
    bool resting_ = false;
    bool hurried_ = false;
    bool anew_ = false;
    std::shared_ptr<const FoundBundle> settled_;  // the bundle that needs nothing more: done, or rejected
    std::optional<Pause> pause_;
    std::optional<WallTime> served_until_;  // of the head's certificate, as far as it is known
    std::string said_;                      // the reason of the last pause that was logged
    unsigned unwritten_failures_ = 0;       // in a row, that the journal could not take
    Repeats pauses_;                        // what was logged already
    Repeats journal_failures_;
    Repeats cleanup_failures_;
    std::optional<Error> failure_ = Error(Errc::interrupted, "not tried");
};

}  // namespace certferry
