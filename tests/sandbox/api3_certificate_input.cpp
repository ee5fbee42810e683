// SPDX-License-Identifier: MIT
#include "api3_certificate_input.hpp"

#include <set>

#include <fmt/format.h>

namespace certferry::sandbox {
namespace {

const CertificateNames server_names{.id = "Certificate.CertId",
                                    .alias = "Certificate.CertName",
                                    .chain = "Certificate.CertContent",
                                    .key = "Certificate.CertKey"};
const CertificateNames client_ca_names{.id = "Certificate.CertCaId",
                                       .alias = "Certificate.CertCaName",
                                       .chain = "Certificate.CertCaContent",
                                       .key = ""};
/// Of a client CA whose successor is named as if it were a server's.
const CertificateNames ca_as_server_names{
    .id = server_names.id, .alias = server_names.alias, .chain = server_names.chain, .key = ""};

/// What a Certificate or a MultiCertInfo says of clients.
std::variant<ClientCertificates, Api3Refusal> clients_of(const Parameters& parameters,
                                                         const std::string& prefix) {
    const std::string mode = text_of(parameters, prefix + ".SSLMode");
    const std::string verify = text_of(parameters, prefix + ".SSLVerifyClient");
    if (!mode.empty() && mode != "UNIDIRECTIONAL" && mode != "MUTUAL")
        return Api3Refusal{"InvalidParameterValue", "SSLMode is UNIDIRECTIONAL or MUTUAL"};
    if (!verify.empty() && verify != "ON" && verify != "OPTIONAL")
        return Api3Refusal{"InvalidParameterValue", "SSLVerifyClient is ON or OPTIONAL"};
    if (mode != "MUTUAL") return ClientCertificates::none;
    return verify == "OPTIONAL" ? ClientCertificates::optional : ClientCertificates::required;
}

/// Any of the parameters that start so.
bool has(const Parameters& parameters, const std::string& prefix) {
    const auto found = parameters.lower_bound(prefix);
    return found != parameters.end() && found->first.starts_with(prefix);
}

std::variant<Served, Api3Refusal> read_certificate(const Api3Context& context) {
    const auto clients = clients_of(context.parameters, "Certificate");
    if (const auto* const refusal = std::get_if<Api3Refusal>(&clients)) return *refusal;
    Served served;
    served.clients = std::get<ClientCertificates>(clients);
    if (served.mutual()) {
        const auto ca_id = named_or_new(context, CertificateType::client, client_ca_names);
        if (const auto* const refusal = std::get_if<Api3Refusal>(&ca_id)) return *refusal;
        served.ca_id = std::get<CertificateId>(ca_id);
    }
    const auto cert_id = named_or_new(context, CertificateType::server, server_names);
    if (const auto* const refusal = std::get_if<Api3Refusal>(&cert_id)) return *refusal;
    served.cert_id = std::get<CertificateId>(cert_id);
    return served;
}

/// The certificates of a list, of which one may be the CA of mutual TLS.
std::variant<Served, Api3Refusal> read_list(const Api3Context& context) {
    Served served;
    std::set<KeyAlgorithm> algorithms;
    for (std::size_t i = 0; has(context.parameters, fmt::format("MultiCertInfo.CertList.{}.", i)); ++i) {
        const std::string name = fmt::format("MultiCertInfo.CertList.{}.CertId", i);
        const CertificateId id(text_of(context.parameters, name));
        const StoredCertificate* const stored = context.store.find(id);
        if (stored == nullptr) return Api3Refusal{"InvalidParameterValue", name + ": no such certificate"};
        if (stored->type == CertificateType::client) {
            served.ca_id = id;
            continue;
        }
        if (!algorithms.insert(stored->summary.algorithm).second)
            return Api3Refusal{"InvalidParameter", "two certificates of one algorithm"};
        if (served.cert_id.empty())
            served.cert_id = id;
        else
            served.ext_ids.push_back(id);
    }
    return served;
}

std::variant<Served, Api3Refusal> read_certificates(const Api3Context& context) {
    const auto clients = clients_of(context.parameters, "MultiCertInfo");
    if (const auto* const refusal = std::get_if<Api3Refusal>(&clients)) return *refusal;
    auto list = read_list(context);
    if (std::holds_alternative<Api3Refusal>(list)) return list;
    auto& served = std::get<Served>(list);
    served.clients = std::get<ClientCertificates>(clients);
    if (served.cert_id.empty()) return missing_parameter("MultiCertInfo.CertList");
    if (served.mutual() == served.ca_id.empty())
        return Api3Refusal{"InvalidParameter", "a CA certificate goes with SSLMode MUTUAL"};
    return list;
}

const CertificateNames& names_of_successor(const Api3Context& context, CertificateType type) {
    if (type == CertificateType::server) return server_names;
    const bool as_ca =
        has(context.parameters, client_ca_names.id) || has(context.parameters, client_ca_names.chain);
    return as_ca ? client_ca_names : ca_as_server_names;
}

}  // namespace

std::variant<Served, Api3Refusal> read_served(const Api3Context& context) {
    const bool one = has(context.parameters, "Certificate.");
    const bool several = has(context.parameters, "MultiCertInfo.");
    if (one && several)
        return Api3Refusal{"InvalidParameter", "Certificate and MultiCertInfo exclude each other"};
    return several ? read_certificates(context) : read_certificate(context);
}

std::variant<Replacement, Api3Refusal> read_replacement(const Api3Context& context, CertificateType type) {
    const auto clients = clients_of(context.parameters, "Certificate");
    if (const auto* const refusal = std::get_if<Api3Refusal>(&clients)) return *refusal;
    Replacement replacement;
    replacement.old_id = CertificateId(text_of(context.parameters, "OldCertificateId"));
    replacement.clients = std::get<ClientCertificates>(clients);
    replacement.extent = context.extent;
    replacement.resets_mode = context.world.behaviour.replace_resets_mode;
    const bool names_ca = type == CertificateType::server && replacement.clients != ClientCertificates::none;
    if (names_ca) {
        const auto ca_id = named_or_new(context, CertificateType::client, client_ca_names);
        if (const auto* const refusal = std::get_if<Api3Refusal>(&ca_id)) return *refusal;
        replacement.ca_id = std::get<CertificateId>(ca_id);
    }
    const auto new_id = named_or_new(context, type, names_of_successor(context, type));
    if (const auto* const refusal = std::get_if<Api3Refusal>(&new_id)) return *refusal;
    replacement.new_id = std::get<CertificateId>(new_id);
    return replacement;
}

}  // namespace certferry::sandbox
