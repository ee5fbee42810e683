// SPDX-License-Identifier: MIT
#pragma once

#include "rotate/rotate.hpp"

namespace certferry {

/// What is to be done about the superseded ids of a target.
struct Retirements {
    std::vector<CertificateId> to_mute;
    std::vector<CertificateId> to_remove;
    std::optional<WallTime> next;  // when there is more to remove
};

/// Those that certferry itself has uploaded, by the target's `rotations`: muted at once, removed when they
/// have been superseded for `after`.
Retirements retirements(const Succession& succession, const std::vector<Rotation>& rotations, Duration after,
                        WallTime now);

/// Retires what is due of a target with cleanup_after. An id that is bound anywhere stays, whoever has bound
/// it; the cloud checks the same again. When to come again, where there is a time for it. Errors: the first,
/// after all was tried.
Awaitable<Result<std::optional<WallTime>>> clean_up(RotationPorts& ports, const Target& target);

}  // namespace certferry
