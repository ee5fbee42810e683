// SPDX-License-Identifier: MIT
#pragma once

#include "base/ids.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace certferry::sandbox {

struct LoadBalancer {
    std::string id;
    std::string region;
    bool classic = false;  // the old kind, "Forward": 0
};

/// Whether a listener asks its clients for certificates, and what becomes of those without one.
enum class ClientCertificates { none, required, optional };

/// What a handshake is answered with: of a listener, or of one rule of an SNI listener.
struct Served {
    CertificateId cert_id;               // empty: nothing bound
    std::vector<CertificateId> ext_ids;  // further server certificates, of other key algorithms
    CertificateId ca_id;                 // vouches for clients
    ClientCertificates clients = ClientCertificates::none;

    bool mutual() const { return clients != ClientCertificates::none; }
    bool uses(const CertificateId& certificate) const;
};

struct Rule {
    std::vector<std::string> domains;  // "*.example.com" is one, too
    Served served;

    bool has(const std::string& domain) const;
};

/// What a listener, or its rule of `domain`, had bound from `at` on.
struct Bound {
    WallTime at;
    std::string domain;
    CertificateId cert_id;
    Fingerprint fingerprint;
    std::vector<CertificateId> ext_ids;
    CertificateId ca_id;
};

struct Listener {
    std::string load_balancer;
    std::string id;
    std::string protocol = "HTTPS";
    bool sni = false;
    Served served;            // without SNI
    std::vector<Rule> rules;  // serve something with SNI; the first also names that fit none
    std::uint16_t port = 0;
    std::vector<Bound> history;

    bool uses(const CertificateId& certificate) const;
    /// Null when there is none.
    const Rule* find_rule(const std::string& domain) const;
};

}  // namespace certferry::sandbox
