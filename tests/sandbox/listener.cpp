// SPDX-License-Identifier: MIT
#include "listener.hpp"

#include <algorithm>

namespace certferry::sandbox {

bool Served::uses(const CertificateId& certificate) const {
    return cert_id == certificate || ca_id == certificate ||
           std::ranges::find(ext_ids, certificate) != ext_ids.end();
}

bool Listener::uses(const CertificateId& certificate) const {
    if (!sni) return served.uses(certificate);
    return std::ranges::any_of(rules, [&](const Rule& rule) { return rule.served.uses(certificate); });
}

bool Rule::has(const std::string& domain) const {
    return std::ranges::find(domains, domain) != domains.end();
}

const Rule* Listener::find_rule(const std::string& domain) const {
    const auto found = std::ranges::find_if(rules, [&](const Rule& rule) { return rule.has(domain); });
    return found == rules.end() ? nullptr : &*found;
}

}  // namespace certferry::sandbox
