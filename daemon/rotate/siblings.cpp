// SPDX-License-Identifier: MIT
#include "rotate/siblings.hpp"

#include "rotate/past.hpp"

namespace certferry {
namespace {

bool is_moving(const Rotation& rotation) {
    const bool rejected = rotation.pause && rotation.pause->kind == PauseKind::rejected;
    return rotation.stage >= Stage::replacing && rotation.stage <= Stage::verifying && !rejected;
}

}  // namespace

Result<std::vector<Rotation>> open_siblings(RotationPorts& ports, const Target& target) {
    std::vector<Rotation> rotations;
    for (const TargetKey& sibling : target.siblings) {
        if (sibling.account != target.key.account) continue;
        Result<std::optional<Rotation>> open = ports.journal.open_rotation(sibling);
        if (!open) return open.error();
        if (*open) rotations.push_back(*std::move(*open));
    }
    return rotations;
}

Result<std::vector<Rotation>> moving_siblings(RotationPorts& ports, const Target& target) {
    Result<std::vector<Rotation>> moving = open_siblings(ports, target);
    if (moving) std::erase_if(*moving, [](const Rotation& rotation) { return !is_moving(rotation); });
    return moving;
}

Result<bool> siblings_know(RotationPorts& ports, const Target& target, const CertificateId& id,
                           const CertificateFacts& certificate) {
    for (const TargetKey& sibling : target.siblings) {
        if (sibling.account != target.key.account) continue;
        const Result<Past> past = past_of(ports.journal, sibling, ports.clock.now());
        if (!past) return past.error();
        if (past->knows(id, certificate)) return true;
    }
    return false;
}

}  // namespace certferry
