// SPDX-License-Identifier: MIT
#include "bundle/posix_trust.hpp"

#include "base/posix_files.hpp"

#include <string>
#include <unordered_map>
#include <utility>

namespace certferry {
namespace {

constexpr std::size_t file_bytes_max = 4U << 20U;

Result<Trust> load(const config::Trust& trust) {
    if (std::holds_alternative<config::TrustAny>(trust)) return Trust::any();
    if (std::holds_alternative<config::TrustSystem>(trust)) return Trust::system();
    const auto& path = std::get<config::TrustFile>(trust).path;
    const auto contents = PosixFiles().read(path, file_bytes_max);
    if (!contents) return contents.error();
    return Trust::roots(contents->bytes.reveal(), path.string());
}

// One name for each thing that can be trusted.
std::string name_of(const config::Trust& trust) {
    const auto* const file = std::get_if<config::TrustFile>(&trust);
    return file != nullptr ? file->path.string() : std::to_string(trust.index());
}

// Reading roots takes time, and thousands of mappings may trust the same: each is read once.
class Anchors {
public:
    Result<Trust> of(const config::Trust& trust) {
        const std::string name = name_of(trust);
        if (const auto known = loaded_.find(name); known != loaded_.end()) return known->second;
        auto fresh = load(trust);
        if (fresh) loaded_.emplace(name, *fresh);
        return fresh;
    }

private:
    std::unordered_map<std::string, Trust> loaded_;
};

Error invalid(const Error& error, const MappingName& mapping) {
    const bool unreadable = error.code() == Errc::file_unreadable;
    return error.within("gate.trust of mapping " + mapping.str())
        .as(Errc::config_invalid)
        .with_remedy(unreadable ? std::string(error.remedy()) : "name a PEM file of roots");
}

}  // namespace

Result<std::map<MappingName, Trust>> load_trust(const config::Config& config) {
    std::map<MappingName, Trust> loaded;
    Anchors anchors;
    for (const config::Mapping& mapping : config.mappings) {
        auto trust = anchors.of(mapping.gate.trust);
        if (!trust) return invalid(trust.error(), mapping.name);
        loaded.emplace(mapping.name, std::move(*trust));
    }
    return loaded;
}

}  // namespace certferry
