// SPDX-License-Identifier: MIT
#pragma once

#include "store/journal.hpp"

#include <functional>
#include <memory>

namespace certferry::tests {

/// Opens the journal of one place, which is empty at first. Called again only when the one before is gone;
/// the place keeps what was written.
using OpenJournal = std::function<std::unique_ptr<Journal>()>;

/// What every journal promises to those who use it. To be called as the whole of a TEST_CASE, with a new
/// place.
void check_journal_contract(const OpenJournal& open);

/// A rotation of `target` from `old_id` to a bundle whose fingerprint begins with `bundle`, planned but not
/// begun.
Rotation planned_rotation(const TargetKey& target, const char* old_id, const char* bundle);

}  // namespace certferry::tests
