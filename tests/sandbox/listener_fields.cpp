// SPDX-License-Identifier: MIT
#include "listener_fields.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace certferry::sandbox {
namespace {

void check_certificate(Fields& fields, const char* name, const CertificateId& id, CertificateType type,
                       const Store& store) {
    if (id.empty()) return;
    const StoredCertificate* const certificate = store.find(id);
    if (certificate == nullptr)
        fields.complain(fmt::format("{}: no certificate {}", name, id.str()));
    else if (certificate->type != type)
        fields.complain(fmt::format("{}: {} is of type {}", name, id.str(), to_text(certificate->type)));
}

void check(Fields& fields, const Served& served, const Store& store) {
    check_certificate(fields, "cert_id", served.cert_id, CertificateType::server, store);
    check_certificate(fields, "ca_id", served.ca_id, CertificateType::client, store);
    for (const CertificateId& id : served.ext_ids)
        check_certificate(fields, "ext_ids", id, CertificateType::server, store);
    if (served.mutual() == served.ca_id.empty()) fields.complain("ca_id goes with ssl_mode mutual");
}

std::vector<CertificateId> to_ids(const std::vector<std::string>& texts) {
    std::vector<CertificateId> ids;
    ids.reserve(texts.size());
    for (const std::string& text : texts) ids.emplace_back(text);
    return ids;
}

ClientCertificates read_clients(Fields& fields) {
    const std::string mode = fields.text("ssl_mode", "unidirectional");
    if (mode != "unidirectional" && mode != "mutual") fields.complain("ssl_mode is unidirectional or mutual");
    const std::string verify = fields.text("ssl_verify_client", "on");
    if (verify != "on" && verify != "optional") fields.complain("ssl_verify_client is on or optional");
    if (mode != "mutual") return ClientCertificates::none;
    return verify == "on" ? ClientCertificates::required : ClientCertificates::optional;
}

Served read_served(Fields& fields, const Store& store) {
    Served served;
    served.clients = read_clients(fields);
    served.cert_id = CertificateId(fields.text("cert_id", ""));
    served.ca_id = CertificateId(fields.text("ca_id", ""));
    served.ext_ids = to_ids(fields.list("ext_ids"));
    check(fields, served, store);
    return served;
}

std::vector<Rule> read_rules(Fields& fields, bool sni, const Store& store) {
    std::vector<Rule> rules;
    for (Fields& part : fields.parts("rules")) {
        Rule rule;
        rule.domains = part.list("domains");
        if (rule.domains.empty()) part.complain("domains are missing");
        if (sni) rule.served = read_served(part, store);
        if (const auto complaint = part.complaint()) fields.complain("rules: " + *complaint);
        rules.push_back(std::move(rule));
    }
    if (sni && rules.empty()) fields.complain("sni needs rules");
    return rules;
}

std::string read_protocol(Fields& fields, bool sni) {
    std::string protocol = fields.text("protocol", "HTTPS");
    constexpr std::array known = {"HTTPS", "TCP_SSL", "QUIC"};
    if (std::ranges::find(known, protocol) == known.end())
        fields.complain("protocol is HTTPS, TCP_SSL or QUIC");
    if (sni && protocol != "HTTPS") fields.complain("sni goes with protocol HTTPS");
    return protocol;
}

/// As it is where it is there already: two of its listeners cannot disagree.
LoadBalancer read_load_balancer(Fields& fields, const Store& store) {
    LoadBalancer load_balancer;
    load_balancer.id = fields.text("load_balancer");
    const LoadBalancer* const known = store.find_load_balancer(load_balancer.id);
    if (known != nullptr)
        load_balancer = *known;
    else
        load_balancer.region = "ap-guangzhou";
    const std::string region = fields.text("region", load_balancer.region);
    const bool classic = fields.flag("classic", load_balancer.classic);
    if (known != nullptr && (region != known->region || classic != known->classic))
        fields.complain(fmt::format("{} is of another region or kind already", known->id));
    load_balancer.region = region;
    load_balancer.classic = classic;
    return load_balancer;
}

}  // namespace

NewListener read_listener(Fields& fields, const Store& store) {
    NewListener read;
    read.load_balancer = read_load_balancer(fields, store);
    Listener& listener = read.listener;
    listener.load_balancer = read.load_balancer.id;
    listener.id = fields.text("listener");
    listener.sni = fields.flag("sni", false);
    listener.protocol = read_protocol(fields, listener.sni);
    listener.rules = read_rules(fields, listener.sni, store);
    if (!listener.sni) listener.served = read_served(fields, store);
    listener.port = static_cast<std::uint16_t>(fields.number("port", 0, 65535, 0));
    if (listener.sni && read.load_balancer.classic) fields.complain("a classic load balancer has no sni");
    if (store.find_listener(listener.load_balancer, listener.id) != nullptr)
        fields.complain(fmt::format("listener {} is already there", listener.id));
    return read;
}

Edit read_binding(Fields& fields, const Store& store) {
    Edit edit;
    edit.load_balancer = fields.text("load_balancer");
    edit.listener = fields.text("listener");
    edit.domain = fields.text("domain", "");
    const Listener* const listener = store.find_listener(edit.load_balancer, edit.listener);
    const Rule* const rule = listener != nullptr ? listener->find_rule(edit.domain) : nullptr;
    if (listener == nullptr)
        fields.complain(fmt::format("no listener {} of {}", edit.listener, edit.load_balancer));
    else if (listener->sni != (rule != nullptr))
        fields.complain("domain names a rule of an sni listener, and none of another");
    else
        edit.served = rule != nullptr ? rule->served : listener->served;

    edit.served.cert_id = CertificateId(fields.text("cert_id"));
    edit.served.ca_id = CertificateId(fields.text("ca_id", edit.served.ca_id.str()));
    if (fields.has("ext_ids")) edit.served.ext_ids = to_ids(fields.list("ext_ids"));
    check(fields, edit.served, store);
    return edit;
}

}  // namespace certferry::sandbox
