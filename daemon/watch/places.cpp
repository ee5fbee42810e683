// SPDX-License-Identifier: MIT
#include "watch/places.hpp"

#include "config/layouts.hpp"
#include "watch/watch.hpp"

namespace certferry {
namespace {

namespace fs = std::filesystem;

static_assert(config::any_directory == any_name);

std::string with_name(std::string_view pattern, std::string_view name) {
    constexpr std::string_view mark = "NAME";
    const std::size_t at = pattern.find(mark);
    if (at == std::string_view::npos) return std::string(pattern);
    return std::string(pattern.substr(0, at)).append(name).append(pattern.substr(at + mark.size()));
}

// Directory by directory, since any of them may be many.
std::vector<fs::path> homes_of(const Files& files, const fs::path& dir, const fs::path& pattern,
                               std::string_view name) {
    std::vector<fs::path> homes{dir};
    for (const fs::path& component : pattern) {
        std::vector<fs::path> below;
        for (const fs::path& home : homes) {
            below.push_back(home / with_name(component.native(), name));
            if (component != config::any_directory) continue;
            const auto there = files.names_in(home);
            if (!there) continue;
            for (const std::string& directory : *there) below.push_back(home / directory);
        }
        homes = std::move(below);
    }
    return homes;
}

std::vector<config::CertificateFiles> places_of(const Files& files, const config::ClientLineage& lineage) {
    const config::Layout& layout = config::layout_of(lineage.client);
    const std::string name = config::name_on_disk(lineage.client, lineage.name);
    std::vector<config::CertificateFiles> places;
    for (const std::string_view pattern : layout.homes)
        for (const fs::path& home : homes_of(files, lineage.dir, pattern, name))
            places.push_back({home / with_name(layout.chain, name), home / with_name(layout.key, name)});
    return places;
}

}  // namespace

std::vector<config::CertificateFiles> places_of(const Files& files, const config::Lineage& lineage) {
    if (const auto* const named = std::get_if<config::ClientLineage>(&lineage))
        return places_of(files, *named);
    return {std::get<config::CertificateFiles>(lineage)};
}

std::vector<fs::path> paths_of(const std::vector<config::CertificateFiles>& places) {
    std::vector<fs::path> paths;
    for (const config::CertificateFiles& place : places) {
        paths.push_back(place.chain);
        if (place.key && *place.key != place.chain) paths.push_back(*place.key);
    }
    return paths;
}

}  // namespace certferry
