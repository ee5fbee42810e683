// SPDX-License-Identifier: MIT
#include "cloud/stored_certificate.hpp"

#include "cloud/api_json.hpp"
#include "cloud/api_time.hpp"

#include <algorithm>
#include <cstdlib>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace certferry {
namespace {

namespace json = boost::json;

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

std::vector<std::string> names_of(const json::object& entry, const CertificateFields& fields) {
    std::vector<std::string> names;
    const auto add = [&](const std::string& name) { names.push_back(lower_word(name)); };
    if (const std::string domain = text_at(entry, fields.domain); !domain.empty()) add(domain);
    for (const std::string_view list : fields.names)
        for (const std::string& name : texts_at(entry, list)) add(name);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

CertificateFacts facts_of(const json::object& entry, const CertificateFields& fields) {
    if (const json::value* const pem = entry.if_contains(fields.pem); pem && pem->is_string())
        if (Result<CertificateFacts> facts = certificate_facts(pem->get_string(), "the answer"))
            return *facts;
    CertificateFacts facts;
    facts.not_before = parse_china_time(text_at(entry, fields.begin)).value_or(facts.not_before);
    facts.not_after = parse_china_time(text_at(entry, fields.end)).value_or(facts.not_after);
    facts.names = names_of(entry, fields);
    facts.issuer = text_at(entry, fields.issuer);
    return facts;
}

bool is_null_at(const json::object& object, std::string_view name) {
    const json::value* const value = object.if_contains(name);
    return value != nullptr && value->is_null();
}

}  // namespace

Result<CertificatePage> read_page(const json::object& body, const CertificateFields& fields) {
    CertificatePage page;
    if (is_null_at(body, fields.list)) return page;
    const std::optional<JsonObjects> entries = objects_at(body, fields.list);
    if (!entries) return lacks_usable(fields.list);
    for (const json::object* const entry : *entries) {
        const std::string id = text_at(*entry, fields.id);
        if (!is_id(id)) return lacks_usable("certificate id");
        page.entries.push_back({CertificateId(id), text_at(*entry, fields.alias), facts_of(*entry, fields)});
    }
    const std::string total = text_at(body, fields.total);
    page.total = total.empty() ? page.entries.size() : std::strtoull(total.c_str(), nullptr, 10);
    return page;
}

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

}  // namespace certferry
