// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <set>
#include <string>

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
    std::string ssl_mode;   // "unidirectional" | "mutual", lower case; empty where the API does not say
    std::string client_ca;  // id of the CA of mutual TLS; empty for none

    friend auto operator<=>(const Binding&, const Binding&) = default;
};

using BindingSet = std::set<Binding>;

}  // namespace certferry
