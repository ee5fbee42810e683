// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

namespace certferry::simulation {

class World;

/// What is missing until every target has the certificate that its ACME client wrote last, in the journal and
/// at all of its places; nothing when nothing is. Places that somebody else has taken, and accounts that are
/// a lost cause, are left out.
std::optional<std::string> missing_to_converge(const World& world);

}  // namespace certferry::simulation
