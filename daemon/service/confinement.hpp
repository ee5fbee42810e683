// SPDX-License-Identifier: MIT
#pragma once

#include "base/files.hpp"
#include "cloud/environment_credentials.hpp"
#include "config/model.hpp"

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace certferry {

/// What a daemon needs of the machine for its configuration: directories, with all that is below them, and
/// the ports that it connects to by TCP.
struct Confinement {
    std::set<std::filesystem::path> readable;
    std::set<std::filesystem::path> writable;
    std::set<std::uint16_t> ports;  // none: any

    friend bool operator==(const Confinement&, const Confinement&) = default;
};

/// What the configuration in `config_file` asks for. /etc is readable as a whole, for its files are replaced
/// and a rule would stay with the one that was there; so is every directory from which a lineage's links lead
/// on, so that the next renewal is found as well.
Confinement confinement_of(const config::Config& config, const std::filesystem::path& config_file,
                           const Files& files, const Environment& environment);

/// What `wanted` has beyond `given`, for people: "reading /srv/shop", "connecting to port 8443".
std::vector<std::string> beyond(const Confinement& given, const Confinement& wanted);

}  // namespace certferry
