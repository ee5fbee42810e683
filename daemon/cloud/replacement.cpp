// SPDX-License-Identifier: MIT
#include "cloud/replacement.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry {
namespace {

constexpr std::string_view mutual = "mutual";

bool same_mode(const Binding& one, const Binding& other) {
    return one.ssl_mode == other.ssl_mode && one.verify_client == other.verify_client &&
           one.client_ca == other.client_ca;
}

Binding brought_up_to_date(const BindingSet& before, const Binding& now) {
    const auto known = std::find_if(before.begin(), before.end(),
                                    [&](const Binding& binding) { return binding.place == now.place; });
    return known == before.end() ? now : with_companions(*known, now.beside, now.client_ca);
}

}  // namespace

std::string_view certificate_type(config::Kind kind) {
    return kind == config::Kind::server ? "SVR" : "CA";
}

std::optional<Error> replaces_itself(const CertificateId& old_id, const Replacement& replacement) {
    const auto* const new_id = std::get_if<CertificateId>(&replacement);
    if (new_id == nullptr || *new_id != old_id) return std::nullopt;
    return Error(Errc::api_invalid,
                 fmt::format("old and new certificate are the same, {}, so it is not sent", old_id.str()));
}

bool replaces_client_ca(const Replacement& replacement, const BindingSet& bindings) {
    if (const auto* const certificate = std::get_if<Upload>(&replacement))
        return certificate->kind == config::Kind::client;
    const auto as_ca = [](const Binding& binding) { return binding.as_client_ca; };
    return !bindings.empty() && std::all_of(bindings.begin(), bindings.end(), as_ca);
}

bool has_mutual_tls(const BindingSet& bindings) {
    return std::any_of(bindings.begin(), bindings.end(),
                       [](const Binding& binding) { return binding.ssl_mode == mutual; });
}

bool mixes_mutual_tls(const BindingSet& bindings) {
    return has_mutual_tls(bindings) && !common_mutual_tls(bindings);
}

std::optional<Binding> common_mutual_tls(const BindingSet& bindings) {
    if (bindings.empty() || bindings.begin()->ssl_mode != mutual) return std::nullopt;
    const Binding& first = *bindings.begin();
    const bool agree = std::all_of(bindings.begin(), bindings.end(),
                                   [&](const Binding& binding) { return same_mode(binding, first); });
    if (!agree) return std::nullopt;
    return first;
}

Binding with_companions(Binding binding, const std::vector<CertificateId>& beside,
                        const std::string& client_ca) {
    if (!beside.empty()) binding.beside = beside;
    const bool has_a_ca = binding.ssl_mode == mutual && !binding.as_client_ca;
    if (has_a_ca && !client_ca.empty()) binding.client_ca = client_ca;
    return binding;
}

BindingSet brought_up_to_date(const BindingSet& before, const BindingSet& now) {
    BindingSet all;
    for (const Binding& binding : now) all.insert(brought_up_to_date(before, binding));
    return all;
}

}  // namespace certferry
