// SPDX-License-Identifier: MIT
#include "rotate/heal.hpp"

#include "rotate/advance.hpp"
#include "rotate/diagnosis.hpp"
#include "rotate/let_arrive.hpp"
#include "rotate/verify.hpp"

#include <fmt/format.h>

namespace certferry {
namespace {

void forget(Rotation& rotation, const std::vector<Binding>& bindings) {
    for (const Binding& binding : bindings) rotation.bindings.erase(binding);
}

std::string intent_of(const Diagnosis& diagnosis) {
    std::string intent = "to be bound directly: ";
    intent += diagnosis.to_bind.empty() ? "none" : to_text(diagnosis.to_bind);
    if (!diagnosis.taken.empty()) intent += "; no longer ours: " + to_text(diagnosis.taken);
    return intent;
}

Error cannot_heal(const Rotation& rotation, const Movement& moves) {
    return moves.lost.empty() ? altered_bindings(rotation, moves) : lost_bindings(rotation, moves);
}

// As long as the new id is not known, nothing but the old one can keep a place.
CertificateId id_to_bind(const Rotation& rotation) {
    return rotation.to().value_or(rotation.from());
}

// The API says that something is not there. That it is the place, and not the certificate, is known when the
// certificate is.
Awaitable<Result<void>> forget_if_gone(RotationPorts& ports, Rotation& rotation, const Binding& binding) {
    const Result<CertificateFacts> certificate = co_await ports.cloud.describe(id_to_bind(rotation));
    if (!certificate) co_return certificate.error();
    log_rotation(ports.log, LogLevel::warning, "place_gone", rotation, to_text({binding}));
    forget(rotation, {binding});
    co_return Result<void>();
}

bool is_open(const Error& error) {
    return error.error_class() == ErrorClass::ambiguous;
}

Awaitable<Result<void>> bind_one(RotationPorts& ports, Rotation& rotation, const Binding& binding) {
    const CertificateId id = id_to_bind(rotation);
    Result<RequestId> bound = co_await ports.cloud.bind(binding, id);
    if (!bound && bound.error().code() == Errc::api_not_found)
        co_return co_await forget_if_gone(ports, rotation, binding);
    if (!bound) co_return bound.error();
    log_rotation(ports.log, LogLevel::warning, "bound_directly", rotation, to_text({binding}));
    co_return Result<void>();
}

}  // namespace

Awaitable<Result<Movement>> heal(RotationPorts& ports, const Target& target, Rotation& rotation,
                                 Movement moves) {
    if (!moves.broken()) co_return moves;
    // Targets of one mapping come to share an id, and so the listeners: what one has mended, the next one
    // sees, also where no answer came and it may be mended later still.
    const Turns::Turn turn = co_await ports.turns.take(
        fmt::format("mend {} {}", rotation.target.account.str(), rotation.mapping.str()));
    const Result<Diagnosis> diagnosis = co_await diagnose(ports, target, rotation, moves);
    if (!diagnosis) co_return diagnosis.error();

    forget(rotation, diagnosis->taken);
    const Stage stage = rotation.going_back() ? Stage::rolling_back : Stage::replacing;
    if (auto written = advance(ports, rotation, stage, intent_of(*diagnosis)); !written)
        co_return written.error();
    Result<void> bound = co_await bind_each(ports, rotation, diagnosis->to_bind);
    if (!bound && is_open(bound.error()))
        co_await let_arrive(ports, ports.clock.steady_now() + target.answer_timeout);
    if (!bound && bound.error().code() == Errc::api_unsupported) co_return cannot_heal(rotation, moves);
    if (!bound) co_return bound.error();
    co_return co_await current_movement(ports, rotation);
}

Awaitable<Result<void>> bind_each(RotationPorts& ports, Rotation& rotation,
                                  const std::vector<Binding>& bindings) {
    Result<void> all;
    for (const Binding& binding : bindings) {
        Result<void> bound = co_await bind_one(ports, rotation, binding);
        if (!bound && (all || is_open(bound.error()))) all = bound;
    }
    co_return all;
}

}  // namespace certferry
