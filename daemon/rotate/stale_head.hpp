// SPDX-License-Identifier: MIT
#pragma once

#include "rotate/rotate.hpp"

namespace certferry {

// Of a target's history is what it brought or was to bring, and what its siblings in the account did.

/// What to do when the head of the succession is bound nowhere, since somebody else has changed that. What
/// its last known places have now decides: the wanted certificate ends the search (the rotation is then
/// accepted, and expects it at all of them); an id of this target's history becomes the head, to be replaced
/// next (the rotation's old_id is then that). Others are named in the log, and stay.
/// Errors: unbound when nothing is known or there, or another target is moving one of the places; head_stale
/// when the places have nothing but what certferry did not put there, which it never replaces.
Awaitable<Result<void>> follow_head(RotationPorts& ports, const Target& target, Rotation& rotation);

/// Where the head, which is bound at `on_old`, was bound before and another id of this target's history is
/// now: the rotation is to bring its certificate there too. Its new id may be there already, or another
/// target just be moving the place. Others are named in the log, and stay, as do those that end later.
/// Errors: what the calls say, and those of the journal.
Awaitable<Result<BindingSet>> strayed(RotationPorts& ports, const Target& target, const Rotation& rotation,
                                      const BindingSet& on_old);

/// Whether the head is missing from a place where it was last seen: somebody else has changed that. Errors:
/// what the calls say, and those of the journal.
Awaitable<Result<bool>> head_is_stale(RotationPorts& ports, const TargetKey& target);

/// The id under which one of these places has the rotation's certificate, if any does. Errors: what the calls
/// say, and those of the journal.
Awaitable<Result<std::optional<CertificateId>>> wanted_id_at(RotationPorts& ports, const Target& target,
                                                             const Rotation& rotation,
                                                             const BindingSet& places);

/// Whether an id, by what the cloud says of it, is of this target's history and ends no later than the
/// rotation's certificate. Errors: what the calls say, and those of the journal.
Awaitable<Result<bool>> may_be_replaced(RotationPorts& ports, const Target& target, const Rotation& rotation,
                                        const CertificateId& id);

}  // namespace certferry
