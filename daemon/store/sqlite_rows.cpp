// SPDX-License-Identifier: MIT
#include "store/sqlite_rows.hpp"

#include <iterator>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace certferry::sqlite_rows {
namespace {

namespace json = boost::json;

Error unknown(std::string_view column, std::string_view text) {
    return {Errc::journal_corrupt, fmt::format("column {} says '{}'", column, text)};
}

// Names and ids come from outside, in whatever bytes they came.
Result<json::array> parse_array(std::string_view column, const std::string& text) {
    json::parse_options options;
    options.allow_invalid_utf8 = true;
    json::error_code failed;
    json::value value = json::parse(text, failed, {}, options);
    if (failed || !value.is_array()) return unknown(column, text);
    return std::move(value.as_array());
}

std::string names_text(const std::vector<std::string>& names) {
    return json::serialize(json::array(names.begin(), names.end()));
}

Result<std::vector<std::string>> read_names(const std::string& text) {
    const Result<json::array> array = parse_array("names", text);
    if (!array) return array.error();
    std::vector<std::string> names;
    for (const json::value& name : *array) {
        if (!name.is_string()) return unknown("names", text);
        names.emplace_back(name.get_string());
    }
    return names;
}

std::string bindings_text(const BindingSet& bindings) {
    json::array array;
    for (const Binding& binding : bindings) {
        json::array beside;
        for (const CertificateId& id : binding.beside) beside.emplace_back(id.str());
        array.push_back({{"load_balancer", binding.place.load_balancer},
                         {"listener", binding.place.listener},
                         {"domain", binding.place.domain},
                         {"region", binding.region},
                         {"ssl_mode", binding.ssl_mode},
                         {"verify_client", binding.verify_client},
                         {"client_ca", binding.client_ca},
                         {"beside", std::move(beside)},
                         {"as_client_ca", binding.as_client_ca},
                         {"classic", binding.classic}});
    }
    return json::serialize(array);
}

bool read_member(const json::object& object, std::string_view name, std::string& into) {
    const json::value* const found = object.if_contains(name);
    if (found == nullptr || !found->is_string()) return false;
    into = found->get_string();
    return true;
}

bool read_member(const json::object& object, std::string_view name, bool& into) {
    const json::value* const found = object.if_contains(name);
    if (found == nullptr || !found->is_bool()) return false;
    into = found->get_bool();
    return true;
}

bool read_member(const json::object& object, std::string_view name, std::vector<CertificateId>& into) {
    const json::value* const found = object.if_contains(name);
    if (found == nullptr || !found->is_array()) return false;
    for (const json::value& id : found->get_array()) {
        if (!id.is_string()) return false;
        into.emplace_back(std::string(id.get_string()));
    }
    return true;
}

std::optional<Binding> binding_of(const json::value& value) {
    if (!value.is_object()) return std::nullopt;
    const json::object& object = value.get_object();
    Binding binding;
    const bool whole = read_member(object, "load_balancer", binding.place.load_balancer) &&
                       read_member(object, "listener", binding.place.listener) &&
                       read_member(object, "domain", binding.place.domain) &&
                       read_member(object, "region", binding.region) &&
                       read_member(object, "ssl_mode", binding.ssl_mode) &&
                       read_member(object, "verify_client", binding.verify_client) &&
                       read_member(object, "client_ca", binding.client_ca) &&
                       read_member(object, "beside", binding.beside) &&
                       read_member(object, "as_client_ca", binding.as_client_ca) &&
                       read_member(object, "classic", binding.classic);
    return whole ? std::optional(std::move(binding)) : std::nullopt;
}

Result<BindingSet> read_bindings(const std::string& text) {
    const Result<json::array> array = parse_array("bindings", text);
    if (!array) return array.error();
    BindingSet bindings;
    for (const json::value& value : *array) {
        const auto binding = binding_of(value);
        if (!binding) return unknown("bindings", text);
        bindings.insert(*binding);
    }
    return bindings;
}

WallTime time_of(std::int64_t since_1970_ms) {
    return WallTime(Duration(since_1970_ms));
}

std::chrono::sys_seconds second_of(std::int64_t since_1970_s) {
    return std::chrono::sys_seconds(std::chrono::seconds(since_1970_s));
}

Result<std::optional<CertificateFacts>> read_facts(SqliteRow& row) {
    const auto fingerprint = row.optional_text();
    if (!fingerprint) {
        row.skip(4);
        return std::optional<CertificateFacts>();
    }
    CertificateFacts facts;
    facts.fingerprint = Fingerprint(*fingerprint);
    facts.not_before = second_of(row.integer());
    facts.not_after = second_of(row.integer());
    Result<std::vector<std::string>> names = read_names(row.text());
    if (!names) return names.error();
    facts.names = *std::move(names);
    facts.issuer = row.text();
    return std::optional(std::move(facts));
}

template <class Id>
SqliteValue text_or_null(const std::optional<Id>& id) {
    return id ? SqliteValue(id->str()) : SqliteValue();
}

SqliteValues pause_values(const std::optional<Pause>& pause) {
    if (!pause) return SqliteValues(4);
    return {std::string(to_text(pause->kind)), pause->reason, pause->detail,
            milliseconds(pause->next_attempt)};
}

Result<std::optional<Pause>> read_pause(SqliteRow& row) {
    const auto kind_text = row.optional_text();
    if (!kind_text) {
        row.skip(3);
        return std::optional<Pause>();
    }
    const auto kind = parse_pause_kind(*kind_text);
    if (!kind) return unknown("pause", *kind_text);
    Pause pause;
    pause.kind = *kind;
    pause.reason = row.text();
    pause.detail = row.text();
    pause.next_attempt = time_of(row.integer());
    return std::optional(std::move(pause));
}

void append(SqliteValues& values, SqliteValues more) {
    std::move(more.begin(), more.end(), std::back_inserter(values));
}

Result<void> read_progress(SqliteRow& row, Rotation& rotation) {
    rotation.mapping = MappingName(row.text());
    auto bundle = read_facts(row);
    if (!bundle) return bundle.error();
    rotation.bundle = bundle->value_or(CertificateFacts());
    const std::string stage_text = row.text();
    const auto stage = parse_stage(stage_text);
    if (!stage) return unknown("stage", stage_text);
    rotation.stage = *stage;
    rotation.old_id = CertificateId(row.text());
    if (auto new_id = row.optional_text()) rotation.new_id = CertificateId(*std::move(new_id));
    rotation.uploaded = row.integer() != 0;
    auto bindings = read_bindings(row.text());
    if (!bindings) return bindings.error();
    rotation.bindings = *std::move(bindings);
    rotation.request = RequestId(row.text());
    rotation.failures = static_cast<unsigned>(row.integer());
    auto pause = read_pause(row);
    if (!pause) return pause.error();
    rotation.pause = *std::move(pause);
    rotation.changed = time_of(row.integer());
    return {};
}

}  // namespace

std::int64_t milliseconds(WallTime time) {
    return time.time_since_epoch().count();
}

SqliteValues facts(const CertificateFacts& certificate) {
    return {certificate.fingerprint.str(), std::int64_t{certificate.not_before.time_since_epoch().count()},
            std::int64_t{certificate.not_after.time_since_epoch().count()}, names_text(certificate.names),
            certificate.issuer};
}

Result<SuccessionEntry> read_entry(SqliteRow& row) {
    SuccessionEntry entry;
    entry.id = CertificateId(row.text());
    entry.since = time_of(row.integer());
    auto certificate = read_facts(row);
    if (!certificate) return certificate.error();
    entry.certificate = *std::move(certificate);
    if (const auto retired = row.optional_text()) {
        entry.retired = parse_retirement(*retired);
        if (!entry.retired) return unknown("retired", *retired);
    }
    return entry;
}

SqliteValues progress(const Rotation& rotation) {
    SqliteValues values = {rotation.mapping.str()};
    append(values, facts(rotation.bundle));
    append(values,
           {std::string(to_text(rotation.stage)), rotation.old_id.str(), text_or_null(rotation.new_id),
            std::int64_t{rotation.uploaded}, bindings_text(rotation.bindings), rotation.request.str(),
            std::int64_t{rotation.failures}});
    append(values, pause_values(rotation.pause));
    values.emplace_back(milliseconds(rotation.changed));
    return values;
}

Result<Rotation> read_rotation(SqliteRow& row) {
    Rotation rotation;
    rotation.number = row.integer();
    rotation.target.account = AccountName(row.text());
    rotation.target.configured_id = CertificateId(row.text());
    rotation.began = time_of(row.integer());
    if (const auto rest = read_progress(row, rotation); !rest) return rest.error();
    return rotation;
}

Result<CertificateId> read_certificate_id(SqliteRow& row) {
    return CertificateId(row.text());
}

Result<TargetKey> read_target(SqliteRow& row) {
    AccountName account(row.text());
    return TargetKey{std::move(account), CertificateId(row.text())};
}

Result<std::pair<MappingName, WallTime>> read_hold(SqliteRow& row) {
    MappingName mapping(row.text());
    return std::pair(std::move(mapping), time_of(row.integer()));
}

Result<HistoryLine> read_line(SqliteRow& row) {
    HistoryLine line;
    line.rotation = row.integer();
    line.target.account = AccountName(row.text());
    line.target.configured_id = CertificateId(row.text());
    line.at = time_of(row.integer());
    line.state = row.text();
    line.detail = row.text();
    return line;
}

SqliteValues known(const KnownBundle& bundle) {
    SqliteValues values = {bundle.seal.str()};
    append(values, facts(bundle.leaf));
    return values;
}

Result<KnownBundle> read_known(SqliteRow& row) {
    Seal seal(row.text());
    auto leaf = read_facts(row);
    if (!leaf) return leaf.error();
    return KnownBundle{leaf->value_or(CertificateFacts()), std::move(seal)};
}

SqliteValues told(const TargetKey& target, const Told& told) {
    return {target.account.str(),     target.configured_id.str(),      told.trouble,
            milliseconds(told.since), milliseconds(told.at),           told.rotation,
            told.expiring.str(),      std::int64_t{told.expiring_step}};
}

Result<std::pair<TargetKey, Told>> read_told(SqliteRow& row) {
    TargetKey target;
    target.account = AccountName(row.text());
    target.configured_id = CertificateId(row.text());
    Told told;
    told.trouble = row.text();
    told.since = time_of(row.integer());
    told.at = time_of(row.integer());
    told.rotation = row.integer();
    told.expiring = CertificateId(row.text());
    told.expiring_step = static_cast<unsigned>(row.integer());
    return std::pair(std::move(target), std::move(told));
}

}  // namespace certferry::sqlite_rows
