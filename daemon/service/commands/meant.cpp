// SPDX-License-Identifier: MIT
#include "service/commands/meant.hpp"

#include "config/find_mapping.hpp"
#include "watch/places.hpp"

#include <algorithm>

namespace certferry::commands {
namespace {

bool is_at(const std::vector<config::CertificateFiles>& places, const std::filesystem::path& lineage) {
    const auto folder = (lineage / "").lexically_normal();
    const auto paths = paths_of(places);
    return std::any_of(paths.begin(), paths.end(), [&](const std::filesystem::path& file) {
        return file == lineage || (file.parent_path() / "").lexically_normal() == folder;
    });
}

}  // namespace

Result<std::vector<MappingName>> meant(const CommandPorts& ports, const control::Request& request) {
    const config::Config& config = ports.supervisor.config();
    if (request.mapping) {
        const auto found = config::find_mapping(config, *request.mapping);
        if (!found) return found.error();
        return std::vector{*request.mapping};
    }
    std::vector<MappingName> all;
    for (const config::Mapping& mapping : config.mappings) all.push_back(mapping.name);
    return all;
}

std::vector<MappingName> followers(const CommandPorts& ports, const std::filesystem::path& lineage) {
    std::vector<MappingName> names;
    for (const config::Mapping& mapping : ports.supervisor.config().mappings)
        if (is_at(places_of(ports.files, mapping.lineage), lineage)) names.push_back(mapping.name);
    return names;
}

}  // namespace certferry::commands
