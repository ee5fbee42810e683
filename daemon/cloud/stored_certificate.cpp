// SPDX-License-Identifier: MIT
#include "cloud/stored_certificate.hpp"

#include "cloud/api_json.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;

bool same_moment(std::chrono::sys_seconds one, std::chrono::sys_seconds other) {
    const auto apart = one > other ? one - other : other - one;
    return apart < 1min;
}

bool is_same_certificate(const CertificateFacts& entry, const CertificateFacts& facts) {
    if (!entry.fingerprint.empty()) return entry.fingerprint == facts.fingerprint;
    const bool same_end =
        same_moment(entry.not_after, facts.not_after) || same_moment(entry.not_after + 8h, facts.not_after);
    return same_end &&
           std::includes(entry.names.begin(), entry.names.end(), facts.names.begin(), facts.names.end());
}

}  // namespace

std::optional<CertificateId> find_in(const CertificatePage& page, const std::string& alias,
                                     const CertificateFacts& facts) {
    const auto found = std::find_if(page.entries.begin(), page.entries.end(), [&](const auto& entry) {
        return entry.alias == alias && is_same_certificate(entry.facts, facts);
    });
    if (found == page.entries.end()) return std::nullopt;
    return found->id;
}

Result<CertificateFacts> facts_in(const CertificatePage& page, const CertificateId& id) {
    const auto found = std::find_if(page.entries.begin(), page.entries.end(),
                                    [&](const auto& entry) { return entry.id == id; });
    if (found == page.entries.end())
        return Error(Errc::api_not_found, fmt::format("the account has no certificate {}", id.str()));
    if (found->facts.not_after == std::chrono::sys_seconds()) return lacks_usable("end of the certificate");
    return found->facts;
}

std::vector<std::string> comparable_names(std::vector<std::string> names) {
    for (std::string& name : names) name = lower_word(name);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

}  // namespace certferry
