// SPDX-License-Identifier: MIT
#include "listener_tls.hpp"

#include "pem_parse.hpp"

#include <algorithm>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace certferry::sandbox {
namespace {

/// Beside what is loaded already, each with a chain of its own.
void load(SSL_CTX* context, const StoredCertificate& stored) {
    const Result<Chain> chain = parse_chain(stored.chain_pem);
    const Result<Owned<EVP_PKEY>> key = parse_key(stored.key_pem);
    if (!chain || !key) return;
    SSL_CTX_use_certificate(context, chain->front().get());
    for (std::size_t i = 1; i < chain->size(); ++i) SSL_CTX_add1_chain_cert(context, (*chain)[i].get());
    SSL_CTX_use_PrivateKey(context, key->get());
}

void demand_client_certificate(SSL_CTX* context, const Served& served, const StoredCertificate& ca) {
    const int demand =
        served.clients == ClientCertificates::required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : SSL_VERIFY_NONE;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | demand, nullptr);
    const Result<Chain> chain = parse_chain(ca.chain_pem);
    if (!chain) return;
    for (const Owned<X509>& certificate : *chain)
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate.get());
}

void load(SSL_CTX* context, const Store& store, const Served& served) {
    const StoredCertificate* const ca = store.find(served.ca_id);
    if (served.mutual() && ca == nullptr) return;
    if (served.mutual()) demand_client_certificate(context, served, *ca);
    if (const auto* const stored = store.find(served.cert_id)) load(context, *stored);
    for (const CertificateId& id : served.ext_ids)
        if (const auto* const stored = store.find(id)) load(context, *stored);
}

bool fits(std::string_view domain, std::string_view name) {
    if (domain == name) return true;
    const std::size_t dot = name.find('.');
    return domain.starts_with("*.") && dot != std::string_view::npos && domain.substr(1) == name.substr(dot);
}

}  // namespace

ListenerTls::ListenerTls(const Store& store, const Listener& listener) {
    if (listener.sni)
        for (const Rule& rule : listener.rules) add_rule(store, rule.domains, rule.served);
    else
        add_rule(store, {}, listener.served);
    SSL_CTX* const first = context().native_handle();
    // What the macro SSL_CTX_set_tlsext_servername_callback does, without its C cast.
    SSL_CTX_callback_ctrl(first, SSL_CTRL_SET_TLSEXT_SERVERNAME_CB,
                          reinterpret_cast<void (*)()>(&ListenerTls::choose_rule));
    SSL_CTX_set_tlsext_servername_arg(first, this);
    ERR_clear_error();
}

void ListenerTls::add_rule(const Store& store, std::vector<std::string> domains, const Served& served) {
    rules_.push_back(std::make_unique<RuleContext>());
    rules_.back()->domains = std::move(domains);
    load(rules_.back()->context.native_handle(), store, served);
}

SSL_CTX* ListenerTls::context_for(std::string_view name) const {
    const auto found = std::ranges::find_if(rules_, [&](const auto& rule) {
        return std::ranges::any_of(rule->domains, [&](const auto& domain) { return fits(domain, name); });
    });
    return (found == rules_.end() ? rules_.front() : *found)->context.native_handle();
}

int ListenerTls::choose_rule(SSL* connection, int* /*alert*/, void* self) {
    const char* const name = SSL_get_servername(connection, TLSEXT_NAMETYPE_host_name);
    if (name == nullptr) return SSL_TLSEXT_ERR_NOACK;
    SSL_CTX* const chosen = static_cast<const ListenerTls*>(self)->context_for(name);
    SSL_set_SSL_CTX(connection, chosen);
    SSL_set_verify(connection, SSL_CTX_get_verify_mode(chosen), nullptr);
    return SSL_TLSEXT_ERR_OK;
}

}  // namespace certferry::sandbox
