// SPDX-License-Identifier: MIT
#include "config/find_mapping.hpp"

#include "config/nearest.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace certferry::config {
namespace {

Error unknown(const Config& config, const MappingName& name) {
    std::vector<std::string_view> names;
    for (const Mapping& mapping : config.mappings) names.emplace_back(mapping.name.str());
    const auto near = nearest(name.str(), names);
    return Error(Errc::config_invalid, fmt::format("no mapping is named \"{}\"", name.str()))
        .with_remedy(near ? fmt::format("did you mean \"{}\"?", *near)
                          : fmt::format("there are: {}", fmt::join(names, ", ")));
}

}  // namespace

Result<const Mapping*> find_mapping(const Config& config, const MappingName& name) {
    const auto found = std::find_if(config.mappings.begin(), config.mappings.end(),
                                    [&](const Mapping& mapping) { return mapping.name == name; });
    if (found == config.mappings.end()) return unknown(config, name);
    return &*found;
}

}  // namespace certferry::config
