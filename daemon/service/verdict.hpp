// SPDX-License-Identifier: MIT
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "rotate/target.hpp"

#include <optional>
#include <vector>

namespace certferry {

/// What has become of one target.
struct Verdict {
    MappingName mapping;
    TargetKey target;
    CertificateId head;            // of its succession; empty where the journal cannot tell
    std::optional<Error> failure;  // none: the bundle on disk is deployed and proven
};

/// The exit code for what became of every target: 0 when all are deployed, the one code that all failures
/// share when nothing worked, 3 when some did, 1 for failures of several kinds.
int exit_code_of(const std::vector<Verdict>& verdicts);

}  // namespace certferry
