// SPDX-License-Identifier: MIT
#pragma once

#include "control/protocol.hpp"
#include "service/commands/ports.hpp"

#include <vector>

/// Which mappings a request is about.
namespace certferry::commands {

/// The mapping that is named, or all. Errors: config_invalid, no mapping has this name.
Result<std::vector<MappingName>> meant(const CommandPorts& ports, const control::Request& request);

/// Those whose certificate is in this directory.
std::vector<MappingName> followers(const CommandPorts& ports, const std::filesystem::path& lineage);

}  // namespace certferry::commands
