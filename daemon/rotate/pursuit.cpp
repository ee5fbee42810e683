// SPDX-License-Identifier: MIT
#include "rotate/pursuit.hpp"

#include "rotate/advance.hpp"
#include "rotate/cleanup.hpp"
#include "rotate/retry.hpp"
#include "rotate/settle.hpp"
#include "rotate/stale_head.hpp"

#include <algorithm>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <fmt/format.h>

namespace certferry {
namespace {

// A wait is measured on the wall clock, which may be set: it is looked at again this often.
constexpr Duration clock_looked_at = std::chrono::minutes(1);

bool waiting(const std::optional<Pause>& pause) {
    return pause && pause->kind == PauseKind::waiting;
}
bool rejected(const std::optional<Pause>& pause) {
    return pause && pause->kind == PauseKind::rejected;
}

// Nothing where nobody knows.
std::optional<WallTime> end_of(const SuccessionEntry& served) {
    if (!served.certificate) return std::nullopt;
    return WallTime(served.certificate->not_after);
}

// A certificate that no listener has may expire.
bool serves_nothing(const Error& error) {
    return error.code() == Errc::unbound || error.code() == Errc::head_stale;
}

}  // namespace

Pursuit::Pursuit(Target target, RotationPorts ports, Random& random, Trust trust,
                 const boost::asio::any_io_executor& executor)
    : target_(std::move(target)),
      ports_(ports),
      random_(random),
      trust_(std::move(trust)),
      wakeup_(executor) {}

bool Pursuit::want(std::shared_ptr<const FoundBundle> bundle) {
    const bool news = wanted_ != bundle;
    wanted_ = std::move(bundle);
    if (running_ && news) wakeup_.notify();
    return due();
}

void Pursuit::hurry(bool anew) {
    hurried_ = true;
    anew_ = anew_ || anew;
    settled_.reset();
    wakeup_.notify();
}

Awaitable<bool> Pursuit::head_is_stale() {
    const auto open = ports_.journal.open_rotation(target_.key);
    if (running_ || !wanted_ || wanted_ != settled_ || !open || *open) co_return false;
    const Result<bool> stale = co_await certferry::head_is_stale(ports_, target_.key);
    if (!stale || running_) co_return false;
    co_return *stale;
}

void Pursuit::retire() {
    retired_ = true;
    wakeup_.notify();
}

void Pursuit::rest() {
    resting_ = true;
    wakeup_.notify();
}

Awaitable<void> Pursuit::run(Persistence persistence) {
    running_ = true;
    resting_ = false;
    if (persistence == Persistence::until_settled) pause_ = remembered_pause();
    while (!over()) {
        const std::shared_ptr<const FoundBundle> bundle = wanted_;
        if (waiting(pause_)) co_await wait_until(pause_->next_attempt, bundle);
        pause_.reset();  // what an old bundle has to wait for is nothing to a newer one
        if (wanted_ != bundle) continue;
        if (over()) break;

        hurried_ = false;
        Result<void> attempted = co_await attempt(bundle);
        anew_ = false;
        failure_ = attempted ? std::nullopt : std::optional(attempted.error());
        if (wanted_ != bundle) {
            pause_.reset();
            continue;
        }
        if (failure_ && failure_->code() == Errc::interrupted) break;
        if (failure_ && !pause_) pause_ = unwritten_pause(*failure_);

        if (attempted || rejected(pause_)) settled_ = bundle;
        if (!waiting(pause_) || persistence == Persistence::once) break;
    }
    if (settled_ == wanted_) contents_ = HeldContents();  // what is held is asked about again with each look
    running_ = hurried_ = anew_ = false;
}

Awaitable<Result<std::optional<WallTime>>> Pursuit::clean_up() {
    if (!target_.cleanup_after || running_) co_return std::optional<WallTime>();
    Result<std::optional<WallTime>> cleaned = co_await certferry::clean_up(ports_, target_);
    if (cleaned)
        cleanup_failures_.over();
    else
        log_failure("cleanup.failed", cleaned.error(), cleanup_failures_);
    co_return cleaned;
}

void Pursuit::log_failure(std::string_view event, const Error& error, Repeats& repeats) {
    const auto left_out = repeats.say(error.label(), ports_.clock.steady_now());
    if (!left_out) return;
    ports_.log.write(LogLevel::error, event,
                     {{"mapping", target_.mapping.str()},
                      {"account", target_.key.account.str()},
                      {"target", target_.key.configured_id.str()},
                      {"reason", std::string(error.label())},
                      {"detail", describe(error)},
                      {"left_out", *left_out > 0 ? std::to_string(*left_out) : ""}});
}

Awaitable<Result<void>> Pursuit::attempt(std::shared_ptr<const FoundBundle> bundle) {
    Result<std::optional<Step>> step = next_step(bundle->leaf());
    if (!step) co_return step.error();
    if (!*step) co_return Result<void>();
    Rotation& rotation = (*step)->rotation;
    if (!(*step)->settles) co_return co_await deliver(bundle, rotation);

    const Result<void> settled = co_await settle(ports_, target_, rotation);
    Result<void> ended = end_attempt(rotation, settled);
    if (!ended) co_return ended;
    co_return co_await attempt(bundle);
}

Result<std::optional<Pursuit::Step>> Pursuit::next_step(const CertificateFacts& wanted) {
    const Result<SuccessionEntry> head = ports_.journal.head(target_.key, ports_.clock.now());
    if (!head) return head.error();
    Result<std::optional<Rotation>> open = ports_.journal.open_rotation(target_.key);
    if (!open) return open.error();

    note_urgency(*head);
    const Plan next = plan_for(*head, *open, wanted);
    if (next == Plan::nothing) return std::optional<Step>();
    if (next != Plan::begin) return std::optional(Step{std::move(**open), next == Plan::settle_first});
    Result<Rotation> begun = begin(wanted, head->id);
    if (!begun) return begun.error();
    return std::optional(Step{std::move(*begun), false});
}

Plan Pursuit::plan_for(const SuccessionEntry& head, const std::optional<Rotation>& open,
                       const CertificateFacts& wanted) const {
    const Plan next = plan(head, open, wanted);
    if (anew_ && next == Plan::nothing) return Plan::begin;
    if (anew_ && open && open->stage == Stage::rolled_back) return Plan::settle_first;
    return next;
}

// The contents stay on disk until there is room for them. What may have moved bindings does not wait for
// that.
Awaitable<Result<void>> Pursuit::deliver(std::shared_ptr<const FoundBundle> bundle, Rotation& rotation) {
    contents_.keep_only(bundle);
    if (rotation.stage < Stage::replacing && ports_.cloud.crowded()) co_await wait_for_room(bundle);
    if (over() || wanted_ != bundle) co_return Error(Errc::interrupted, "it ended before there was room");
    const Result<const Bundle*> contents = contents_.of(bundle);
    if (!contents) co_return contents.error();
    const Result<void> rotated = co_await rotate(ports_, target_, **contents, trust_, rotation);
    co_return end_attempt(rotation, rotated);
}

// Or until it is over, or another bundle is wanted.
Awaitable<void> Pursuit::wait_for_room(std::shared_ptr<const FoundBundle> bundle) {
    using namespace boost::asio::experimental::awaitable_operators;
    bool room = false;
    while (!room && !over() && wanted_ == bundle) {
        const auto first = co_await (ports_.cloud.room() || wakeup_.wait());
        room = first.index() == 0;
    }
}

// A failure is written down with its rotation; when the journal cannot take that either, run() waits all the
// same.
Result<void> Pursuit::end_attempt(Rotation& rotation, const Result<void>& how) {
    note_attempt(rotation, how);
    if (how || how.error().code() == Errc::interrupted) return how;

    rotation.failures += 1;
    const Pause why = given_up(pause_for(how.error(), rotation.failures), rotation.began);
    if (const auto written = write_down(rotation, why, how.error()); !written) return written.error();
    unwritten_failures_ = 0;
    journal_failures_.over();
    pause_ = why;
    return how;
}

// What was cut short is no attempt that has ended.
void Pursuit::note_attempt(const Rotation& rotation, const Result<void>& rotated) {
    RotationAttempt attempt{target_.key.account, std::nullopt, ports_.clock.now() - rotation.began};
    if (!rotated) attempt.failure = rotated.error().code();
    if (attempt.failure != Errc::interrupted) ports_.meter.note(attempt);
}

// Held again for the same reason is no news: rescans come every few minutes, for years. A restart says it
// anew.
Result<void> Pursuit::write_down(Rotation& rotation, const Pause& why, const Error& cause) {
    const bool held_again = why.kind == PauseKind::held && rotation.pause &&
                            rotation.pause->kind == why.kind && rotation.pause->reason == why.reason;
    if (held_again && said_ == why.reason) return {};
    said_ = why.reason;
    return certferry::pause(ports_, rotation, why, cause, pauses_);
}

Result<Rotation> Pursuit::begin(const CertificateFacts& bundle, const CertificateId& old_id) {
    Rotation rotation;
    rotation.target = target_.key;
    rotation.mapping = target_.mapping;
    rotation.bundle = bundle;
    rotation.old_id = old_id;
    rotation.began = rotation.changed = ports_.clock.now();
    Result<Rotation> begun = ports_.journal.begin(std::move(rotation));
    if (begun) log_rotation(ports_.log, LogLevel::info, "planned", *begun, "a new bundle to deploy");
    return begun;
}

// A restart does not shorten a wait; what was rejected or held is tried once more.
std::optional<Pause> Pursuit::remembered_pause() {
    const auto open = ports_.journal.open_rotation(target_.key);
    if (!open || !*open || (*open)->bundle.fingerprint != wanted_->fingerprint()) return std::nullopt;
    return (*open)->pause;
}

Pause Pursuit::pause_for(const Error& error, unsigned failures) {
    const WallTime now = ports_.clock.now();
    const bool served = served_until_ && !serves_nothing(error);
    const Backoff backoff = served ? hastened(target_.retry, *served_until_ - now) : target_.retry;
    return pause_after(error, failures, backoff, now, random_.uniform());
}

Pause Pursuit::given_up(Pause why, WallTime began) const {
    const bool over = target_.give_up && ports_.clock.now() - began >= *target_.give_up;
    if (!over || why.kind != PauseKind::waiting) return why;
    why.kind = PauseKind::rejected;
    why.detail = fmt::format("given up after {} (retry.give_up): {}", to_text(*target_.give_up), why.detail);
    why.next_attempt = {};
    return why;
}

WallTime Pursuit::served_until() {
    const Result<SuccessionEntry> head = ports_.journal.head(target_.key, ports_.clock.now());
    return head ? end_of(*head).value_or(WallTime()) : WallTime();
}

void Pursuit::note_urgency(const SuccessionEntry& head) {
    served_until_ = end_of(head);
    ports_.cloud.set_urgency(served_until_.value_or(WallTime()));
}

Pause Pursuit::unwritten_pause(const Error& error) {
    const bool files = error.error_class() == ErrorClass::refused;
    log_failure(files ? "bundle.unusable" : "journal.failed", error, journal_failures_);
    return pause_for(error, ++unwritten_failures_);
}

// No wait is longer than it was when it began, whatever becomes of the wall clock, nor longer than the
// longest of the backoff, whatever the wall clock was when it was written down.
Awaitable<void> Pursuit::wait_until(WallTime next_attempt, std::shared_ptr<const FoundBundle> bundle) {
    const Duration longest = std::max(target_.retry.max, busy_wait_max);
    const SteadyTime latest =
        ports_.clock.steady_now() + std::min(next_attempt - ports_.clock.now(), longest);
    while (!over() && !hurried_ && wanted_ == bundle) {
        const SteadyTime now = ports_.clock.steady_now();
        const Duration left = std::min(next_attempt - ports_.clock.now(), Duration(latest - now));
        if (left <= Duration::zero()) break;
        co_await wakeup_.wait_until(ports_.clock, now + std::min(left, clock_looked_at));
    }
}

}  // namespace certferry
