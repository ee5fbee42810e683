// SPDX-License-Identifier: MIT
#pragma once

#include "base/ids.hpp"

#include <compare>
#include <set>
#include <string>
#include <vector>

namespace certferry {

/// A place where a certificate is bound.
struct Place {
    std::string load_balancer;
    std::string listener;
    std::string domain;  // empty when the certificate is the listener's own

    friend auto operator<=>(const Place&, const Place&) = default;
};

/// A place, and what must stay as it is when the certificate there is replaced.
struct Binding {
    Place place;
    std::string region;
    std::string ssl_mode;       // "unidirectional" | "mutual", lower case; empty where the API does not say
    std::string verify_client;  // of mutual TLS: "on" | "optional", lower case; empty where it does not say
    std::string client_ca;      // id of the CA of mutual TLS, where that is not what is bound; empty for none
    std::vector<CertificateId> beside;  // the other server certificates there (RSA beside ECC), sorted
    bool as_client_ca = false;          // what is bound is the CA of mutual TLS, not the server's certificate
    bool classic = false;               // a classic load balancer, which has calls of its own

    friend auto operator<=>(const Binding&, const Binding&) = default;
};

using BindingSet = std::set<Binding>;

}  // namespace certferry
