// SPDX-License-Identifier: MIT
#include "rotate/heal.hpp"

#include "rotate/advance.hpp"
#include "rotate/verify.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry {
namespace {

BindingSet as_set(const std::vector<Binding>& bindings) {
    return {bindings.begin(), bindings.end()};
}

void forget(Rotation& rotation, const std::vector<Binding>& taken) {
    for (const Binding& binding : taken) rotation.bindings.erase(binding);
}

// Those of the lost bindings whose places have a certificate of somebody else's now.
Awaitable<Result<std::vector<Binding>>> taken_elsewhere(RotationPorts& ports, const Movement& moves) {
    if (moves.lost.empty()) co_return std::vector<Binding>();
    Result<std::map<Place, CertificateId>> occupants = co_await ports.cloud.occupants(as_set(moves.lost));
    if (!occupants) co_return occupants.error();
    std::vector<Binding> taken;
    std::copy_if(moves.lost.begin(), moves.lost.end(), std::back_inserter(taken),
                 [&](const Binding& binding) { return occupants->contains(binding.place); });
    co_return taken;
}

Error cannot_heal(const Rotation& rotation, const Movement& moves) {
    return moves.lost.empty() ? altered_bindings(rotation, moves) : lost_bindings(rotation, moves);
}

Awaitable<Result<void>> bind_directly(RotationPorts& ports, const Rotation& rotation, const Movement& moves,
                                      const std::vector<Binding>& bindings) {
    for (const Binding& binding : bindings) {
        Result<RequestId> bound = co_await ports.cloud.bind(binding, *rotation.new_id);
        if (!bound && bound.error().code() == Errc::api_unsupported) co_return cannot_heal(rotation, moves);
        if (!bound) co_return bound.error();
        log_rotation(ports.log, LogLevel::warning, "bound_directly", rotation, to_text({binding}));
    }
    co_return Result<void>();
}

}  // namespace

Awaitable<Result<void>> heal(RotationPorts& ports, Rotation& rotation, const Movement& moves) {
    Result<std::vector<Binding>> taken = co_await taken_elsewhere(ports, moves);
    if (!taken) co_return taken.error();
    std::vector<Binding> broken = moves.lost;
    std::erase_if(broken, [&](const Binding& binding) {
        return std::find(taken->begin(), taken->end(), binding) != taken->end();
    });
    broken.insert(broken.end(), moves.altered.begin(), moves.altered.end());

    forget(rotation, *taken);
    const std::string intent = taken->empty()
                                   ? fmt::format("to be bound directly: {}", to_text(broken))
                                   : fmt::format("to be bound directly: {}; no longer ours: {}",
                                                 broken.empty() ? "none" : to_text(broken), to_text(*taken));
    if (auto written = advance(ports, rotation, Stage::replacing, intent); !written) co_return written;
    co_return co_await bind_directly(ports, rotation, moves, broken);
}

}  // namespace certferry
