// SPDX-License-Identifier: MIT
#pragma once

#include "base/ids.hpp"

namespace certferry {

/// SHA-256 over everything that the files of a lineage held, in 64 lower-case hex characters: files of one
/// seal hold one bundle. It tells of the key among them no more than its certificate does, which is whose key
/// it is.
using Seal = Named<struct SealMeaning>;

}  // namespace certferry
