// SPDX-License-Identifier: MIT
#include "rotate/rotate.hpp"

#include "rotate/advance.hpp"
#include "rotate/heal.hpp"
#include "rotate/let_arrive.hpp"
#include "rotate/plan.hpp"
#include "rotate/rollback.hpp"
#include "rotate/settle.hpp"
#include "rotate/siblings.hpp"
#include "rotate/stale_head.hpp"
#include "rotate/verify.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;

constexpr auto task_poll_interval = 2s;

// The steps, in the order in which rotate() takes them. Each begins where the rotation stands and leaves it
// further on, or returns why not.
Awaitable<Result<void>> upload(RotationPorts&, const Target&, const Bundle&, const Trust&, Rotation&);
Awaitable<Result<void>> replace(RotationPorts&, const Target&, const Bundle&, const Trust&, Rotation&);
Awaitable<Result<void>> await_task(RotationPorts&, const Target&, Rotation&);
Awaitable<Result<void>> learn_new_id(RotationPorts&, const Target&, Rotation&);
Awaitable<Result<void>> prove(RotationPorts&, const Target&, Rotation&);

}  // namespace

Awaitable<Result<void>> rotate(RotationPorts& ports, const Target& target, const Bundle& bundle,
                               const Trust& trust, Rotation& rotation) {
    if (rotation.stage == Stage::rolling_back || rotation.stage == Stage::rolled_back)
        co_return co_await roll_back(ports, target, rotation);

    if (rotation.stage < Stage::replacing) {
        Result<void> uploaded = co_await upload(ports, target, bundle, trust, rotation);
        if (!uploaded) co_return uploaded.error();
    }

    if (rotation.stage < Stage::accepted) {
        Result<void> replaced = co_await replace(ports, target, bundle, trust, rotation);
        if (!replaced) co_return replaced.error();
    }

    if (rotation.stage == Stage::accepted) {
        Result<void> finished = co_await await_task(ports, target, rotation);
        if (!finished) co_return finished.error();
    }

    Result<void> known = co_await learn_new_id(ports, target, rotation);
    if (!known) co_return known.error();

    Result<void> proven = co_await prove(ports, target, rotation);
    if (!proven) co_return proven.error();

    co_return advance(ports, rotation, Stage::done, fmt::format("proven: {}", from_to(rotation)));
}

namespace {

// The certificate with its contents, as far as the delivery sends them.
Upload upload_of(const Target& target, const Bundle& bundle, const Rotation& rotation) {
    Upload upload = described_upload(target, rotation);
    upload.chain_pem = bundle.chain_pem;
    upload.key_pem = bundle.key_pem;
    return upload;
}

// The certificate that the head of the succession is, from the journal or else from the cloud.
Awaitable<Result<CertificateFacts>> deployed_certificate(RotationPorts& ports, const Rotation& rotation) {
    const Result<SuccessionEntry> head = ports.journal.head(rotation.target, ports.clock.now());
    if (!head) co_return head.error();
    if (head->certificate) co_return *head->certificate;

    Result<CertificateFacts> described = co_await ports.cloud.describe(head->id);
    if (!described) co_return described.error();
    if (auto learned = ports.journal.learn_head(rotation.target, *described); !learned)
        co_return learned.error();
    ports.cloud.set_urgency(described->not_after);
    co_return described;
}

// Everything that is sent has passed the gate just before.
Awaitable<Result<CertificateFacts>> admit(RotationPorts& ports, const Target& target, const Bundle& bundle,
                                          const Trust& trust, const Rotation& rotation) {
    Result<CertificateFacts> deployed = co_await deployed_certificate(ports, rotation);
    if (!deployed) co_return deployed.error();
    const auto allowed = gate(bundle, target.kind, target.gate, trust, *deployed, ports.clock.now());
    if (!allowed) co_return allowed.error();
    co_return deployed;
}

Error stopping(const Rotation& rotation) {
    return {Errc::interrupted, fmt::format("shutting down at stage {}", to_text(rotation.stage))};
}

// The bindings that the replacement is about to move become part of the intent: CLB unbinds before it binds,
// and a listener that was lost in between could not be found afterwards. For a head that is bound nowhere,
// what is in its place decides.
Awaitable<Result<void>> take_snapshot(RotationPorts& ports, const Target& target, Rotation& rotation) {
    Result<BindingSet> bound = co_await bindings_of(ports, rotation.old_id);
    if (!bound) co_return bound.error();
    if (bound->empty()) {
        const CertificateId head = rotation.old_id;
        Result<void> followed = co_await follow_head(ports, target, rotation);
        if (!followed || rotation.old_id == head) co_return followed;
        co_return co_await take_snapshot(ports, target, rotation);
    }

    Result<BindingSet> also = co_await strayed(ports, target, rotation, *bound);
    if (!also) co_return also.error();
    rotation.bindings = std::move(*bound);
    rotation.bindings.insert(also->begin(), also->end());
    co_return Result<void>();
}

// Where somebody else has taken it away, it comes back, if that may be: from an earlier id by a replacement,
// and to single places as after a crash.
Awaitable<Result<void>> already_deployed(RotationPorts& ports, const Target& target, Rotation& rotation) {
    const CertificateId id = rotation.old_id;
    Result<void> looked = co_await take_snapshot(ports, target, rotation);
    if (!looked || rotation.stage == Stage::accepted) co_return looked;
    rotation.new_id = id;
    if (rotation.old_id != id)
        co_return advance(ports, rotation, Stage::uploaded, fmt::format("{} is to come back", id.str()));

    const Result<Movement> moves = co_await current_movement(ports, rotation);
    if (!moves) co_return moves.error();
    if (!moves->lost.empty())
        co_return advance(ports, rotation, Stage::replacing,
                          fmt::format("{} has gone from {}", id.str(), to_text(moves->lost)));
    co_return advance(ports, rotation, Stage::accepted,
                      fmt::format("{} is this certificate already", id.str()));
}

// What was uploaded for another target, under a name that is not ours: API 2.0 finds names only. It counts as
// long as the cloud has it.
Awaitable<Result<std::optional<CertificateId>>> uploaded_before(RotationPorts& ports,
                                                                const Rotation& rotation) {
    Result<std::optional<CertificateId>> known =
        ports.journal.uploaded(rotation.target.account, rotation.bundle.fingerprint);
    if (!known || !*known) co_return known;
    const Result<CertificateFacts> described = co_await ports.cloud.describe(**known);
    if (described && same_certificate(rotation.bundle, *described)) co_return known;
    if (!described && described.error().code() != Errc::api_not_found) co_return described.error();
    co_return std::optional<CertificateId>();
}

Awaitable<Result<std::optional<CertificateId>>> in_account(RotationPorts& ports, const Rotation& rotation,
                                                           const Upload& certificate) {
    Result<std::optional<CertificateId>> found = co_await ports.cloud.find(certificate);
    if (found && !*found) found = co_await uploaded_before(ports, rotation);
    co_return found;
}

// The time by which the bundle has arrived that was sent for this target, or for another of its mapping, and
// whose answer nobody heard.
Result<SteadyTime> latest_upload(RotationPorts& ports, const Target& target, const Rotation& rotation) {
    SteadyTime latest = ports.clock.steady_now();
    const auto count = [&](const Rotation& sent) {
        if (sent.stage == Stage::uploading && sent.bundle.fingerprint == rotation.bundle.fingerprint)
            latest = std::max(latest, latest_arrival(ports, target, sent));
    };
    count(rotation);
    const Result<std::vector<Rotation>> siblings = open_siblings(ports, target);
    if (!siblings) return siblings.error();
    std::for_each(siblings->begin(), siblings->end(), count);
    return latest;
}

// An upload that nobody heard the answer of may arrive behind the first look.
Awaitable<Result<std::optional<CertificateId>>> find_uploaded(RotationPorts& ports, const Target& target,
                                                              const Rotation& rotation,
                                                              const Upload& certificate) {
    Result<std::optional<CertificateId>> found = co_await in_account(ports, rotation, certificate);
    if (!found || *found) co_return found;
    const Result<SteadyTime> latest = latest_upload(ports, target, rotation);
    if (!latest) co_return latest.error();
    if (*latest <= ports.clock.steady_now()) co_return found;
    co_await let_arrive(ports, *latest);
    co_return co_await in_account(ports, rotation, certificate);
}

// Whether a failure says that the call did nothing at all.
bool nothing_happened(const Error& error) {
    switch (error.error_class()) {
        case ErrorClass::throttled:
        case ErrorClass::clock_skew:
        case ErrorClass::credentials:
            return true;
        default:
            return error.code() == Errc::unreachable || error.code() == Errc::tls_untrusted;
    }
}

Awaitable<Result<void>> upload(RotationPorts& ports, const Target& target, const Bundle& bundle,
                               const Trust& trust, Rotation& rotation) {
    Result<CertificateFacts> deployed = co_await admit(ports, target, bundle, trust, rotation);
    if (!deployed) co_return deployed.error();
    if (same_certificate(*deployed, bundle.leaf))
        co_return co_await already_deployed(ports, target, rotation);
    if (rotation.new_id || target.deliver == config::Deliver::content) co_return Result<void>();

    // Whoever comes second is told what the first has uploaded.
    Turns::Turn turn = co_await ports.turns.take(
        fmt::format("{} {}", rotation.target.account.str(), rotation.bundle.fingerprint.str()));
    const Upload certificate = upload_of(target, bundle, rotation);
    Result<std::optional<CertificateId>> found = turn.known();
    if (!*found) found = co_await find_uploaded(ports, target, rotation, certificate);
    if (!found) co_return found.error();
    if (*found) turn.tell(**found);
    if (*found == rotation.old_id) co_return co_await already_deployed(ports, target, rotation);
    if (*found) {
        rotation.new_id = **found;
        rotation.uploaded = rotation.stage == Stage::uploading;
        co_return advance(ports, rotation, Stage::uploaded,
                          fmt::format("{} is in the account already", (*found)->str()));
    }

    if (ports.stopping) co_return stopping(rotation);
    const Stage before = rotation.stage;
    if (auto intent = advance(ports, rotation, Stage::uploading, certificate.alias); !intent)
        co_return intent;
    Result<CertificateId> uploaded = co_await ports.cloud.upload(certificate);
    if (!uploaded && nothing_happened(uploaded.error())) rotation.stage = before;
    if (!uploaded) co_return uploaded.error();
    turn.tell(*uploaded);
    rotation.new_id = *uploaded;
    rotation.uploaded = true;
    co_return advance(ports, rotation, Stage::uploaded, uploaded->str());
}

// A replacement that was, or may have been, sent before: what came of it decides how to go on.
Awaitable<Result<void>> look_back(RotationPorts& ports, const Target& target, Rotation& rotation) {
    Result<Movement> moves = co_await what_came_of_it(ports, target, rotation);
    if (!moves) co_return moves.error();
    const bool some_left = !moves->left.empty();
    // What has come to the old id meanwhile moves with the next call.
    add_missing(rotation.bindings, moves->left);
    moves = co_await heal(ports, target, rotation, std::move(*moves));
    // What cannot be mended does not keep the others from being replaced.
    if (!moves && some_left && moves.error().code() == Errc::binding_lost) co_return Result<void>();
    if (!moves) co_return moves.error();
    // Every place has gone to somebody else, or to another id before there is a new one: as at the beginning.
    const bool nowhere = moves->left.empty() && !rotation.new_id;
    if (rotation.bindings.empty() || nowhere) co_return co_await take_snapshot(ports, target, rotation);
    if (moves->all())
        co_return advance(ports, rotation, Stage::accepted, "read back: every binding has moved");
    if (moves->left.empty() && !moves->lost.empty()) co_return lost_bindings(rotation, *moves);
    co_return Result<void>();
}

// Whether it says no, but may have come to that at the second load balancer, when the first was done.
bool plain_no(const Error& error) {
    return error.error_class() == ErrorClass::busy || error.error_class() == ErrorClass::permanent;
}

// What the API said stays with what it led to.
Error after(const Error& refusal, const Error& state) {
    const Error both = state.within(refusal.message());
    return refusal.api() ? both.with_api(*refusal.api()) : both;
}

// What was refused for good is no longer that where some bindings have moved: they are to be seen to.
Error moved_in_part(const Rotation& rotation, const Movement& moves, const Error& failure) {
    if (failure.error_class() != ErrorClass::permanent) return failure;
    return after(failure, moves.lost.empty() ? left_behind(rotation, moves) : lost_bindings(rotation, moves));
}

// Somebody may have deleted what was uploaded, or the cloud had said yes and done nothing.
Awaitable<Result<void>> refused_altogether(RotationPorts& ports, Rotation& rotation, const Error& failure) {
    if (failure.code() != Errc::api_not_found || !rotation.new_id) co_return failure;
    const Result<CertificateFacts> described = co_await ports.cloud.describe(*rotation.new_id);
    if (described || described.error().code() != Errc::api_not_found) co_return failure;
    const Error gone(Errc::upload_gone, fmt::format("{} is not in the account", rotation.new_id->str()));
    rotation.new_id.reset();
    rotation.uploaded = false;
    rotation.stage = Stage::planned;
    co_return after(failure, gone);
}

// Where nothing was done, the rotation stands where it stood before the call: the next attempt needs no
// looking back, and a newer bundle may simply take this one's place. A no may also come because another
// target of the same id was faster.
Awaitable<Result<void>> refused(RotationPorts& ports, Rotation& rotation, Stage before,
                                const Error& failure) {
    if (nothing_happened(failure)) rotation.stage = before;
    if (!plain_no(failure)) co_return failure;
    const Result<Movement> moves = co_await current_movement(ports, rotation);
    if (!moves) co_return after(failure, moves.error());
    if (moves->none()) {
        rotation.stage = before;
        co_return co_await refused_altogether(ports, rotation, failure);
    }
    if (!moves->all()) co_return moved_in_part(rotation, *moves, failure);
    co_return advance(ports, rotation, Stage::accepted,
                      fmt::format("every binding has moved, although: {}", describe(failure)));
}

Awaitable<Result<void>> replace(RotationPorts& ports, const Target& target, const Bundle& bundle,
                                const Trust& trust, Rotation& rotation) {
    const Stage before = rotation.stage;
    Result<void> looked;
    if (before == Stage::replacing)
        looked = co_await look_back(ports, target, rotation);
    else
        looked = co_await take_snapshot(ports, target, rotation);
    if (!looked || rotation.stage == Stage::accepted) co_return looked;

    Result<CertificateFacts> admitted = co_await admit(ports, target, bundle, trust, rotation);
    if (!admitted) co_return admitted.error();
    if (ports.stopping) co_return stopping(rotation);
    const Replacement replacement =
        rotation.new_id ? Replacement(*rotation.new_id) : Replacement(upload_of(target, bundle, rotation));
    if (auto intent = advance(ports, rotation, Stage::replacing, from_to(rotation)); !intent)
        co_return intent;
    Result<RequestId> accepted =
        co_await ports.cloud.replace(rotation.old_id, replacement, rotation.bindings);
    if (!accepted) co_return co_await refused(ports, rotation, before, accepted.error());
    rotation.request = *accepted;
    rotation.uploaded = rotation.uploaded || std::holds_alternative<Upload>(replacement);
    co_return advance(ports, rotation, Stage::accepted, "the API said yes; not proven yet");
}

// What a task says is a hint and has its time; the bindings are the truth, and are read in any case.
Awaitable<Result<void>> await_task(RotationPorts& ports, const Target& target, Rotation& rotation) {
    const SteadyTime deadline = ports.clock.steady_now() + target.verify.attempts_for;
    std::string outcome = "no task to wait for";
    while (!rotation.request.empty()) {
        Result<TaskReport> report = co_await ports.cloud.task(rotation.request);
        if (!report) co_return report.error();
        outcome = fmt::format("task {} {}", rotation.request.str(), to_text(report->state));
        if (!report->message.empty()) outcome += ": " + report->message;
        if (report->state != TaskState::running || ports.clock.steady_now() >= deadline) break;
        if (ports.stopping) co_return stopping(rotation);
        co_await ports.clock.sleep_until(ports.clock.steady_now() + task_poll_interval);
    }
    co_return advance(ports, rotation, Stage::verifying, outcome);
}

// An inline delivery is answered without the new certificate's id; it is found by the name it was given.
// Where that stays unlisted, the next attempt looks at the bindings, and replaces again what did not move.
Awaitable<Result<void>> learn_new_id(RotationPorts& ports, const Target& target, Rotation& rotation) {
    if (rotation.new_id) co_return Result<void>();
    Result<void> found = co_await find_new_id(ports, target, rotation);
    if (!found) co_return found.error();
    if (!rotation.new_id) {
        const Error failure = not_listed(target, rotation);
        if (auto again = advance(ports, rotation, Stage::replacing, failure.message()); !again)
            co_return again;
        co_return failure;
    }
    co_return advance(ports, rotation, Stage::verifying,
                      fmt::format("the new id is {}", rotation.new_id->str()));
}

// What is broken is mended at once, and then looked at once more.
Awaitable<Result<void>> mend(RotationPorts& ports, const Target& target, Rotation& rotation) {
    Result<Movement> moves = co_await current_movement(ports, rotation);
    if (!moves) co_return moves.error();
    moves = co_await heal(ports, target, rotation, std::move(*moves));
    if (!moves) co_return moves.error();
    co_return co_await verify(ports, target, rotation);
}

// Where the bindings did not move, the next attempt replaces again, after one more look.
Awaitable<Result<void>> prove(RotationPorts& ports, const Target& target, Rotation& rotation) {
    Result<void> proven = co_await verify(ports, target, rotation);
    if (proven) co_return proven;

    const Errc code = proven.error().code();
    if (code == Errc::binding_lost || code == Errc::binding_altered)
        co_return co_await mend(ports, target, rotation);
    if (rotation.new_id == rotation.old_id) co_return proven;
    const Result<bool> back = wants_rollback(ports, target, rotation, proven.error());
    if (!back) co_return back.error();
    if (*back) co_return co_await roll_back(ports, target, rotation);
    if (code != Errc::not_proven && code != Errc::split) co_return proven;
    if (auto again = advance(ports, rotation, Stage::replacing, "not proven: to be replaced again"); !again)
        co_return again;
    co_return proven;
}

}  // namespace
}  // namespace certferry
