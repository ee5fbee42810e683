// SPDX-License-Identifier: MIT
#include "bundle/gate.hpp"

#include "bundle/names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace certferry {
namespace {

// How messages name the bundle.
std::string who(const Bundle& bundle) {
    const auto& names = bundle.leaf.names;
    if (names.empty()) return fmt::format("certificate {}", short_form(bundle.fingerprint()));
    if (names.size() == 1) return fmt::format("the certificate for {}", names.front());
    return fmt::format("the certificate for {} and {} more", names.front(), names.size() - 1);
}

Result<void> check_ca(const Bundle& bundle, config::Kind kind) {
    if (kind == config::Kind::server || bundle.is_ca) return {};
    return Error(Errc::not_a_ca,
                 fmt::format("{} may not sign client certificates: it is no CA's", who(bundle)));
}

Result<void> check_validity(const Bundle& bundle, WallTime now) {
    if (now < bundle.leaf.not_before)
        return Error(Errc::not_yet_valid, fmt::format("{} is valid only from {} on", who(bundle),
                                                      to_utc_day(bundle.leaf.not_before)));
    // OpenSSL calls it expired at this very second, too.
    if (now >= bundle.leaf.not_after)
        return Error(Errc::expired,
                     fmt::format("{} expired on {}", who(bundle), to_utc_day(bundle.leaf.not_after)));
    return {};
}

Result<void> check_remaining(const Bundle& bundle, Duration min_remaining, WallTime now) {
    const Duration remaining = bundle.leaf.not_after - now;
    if (remaining >= min_remaining) return {};
    return Error(Errc::expires_too_soon, fmt::format("{} expires on {}, in {}; min_remaining is {}",
                                                     who(bundle), to_utc_day(bundle.leaf.not_after),
                                                     to_rough_text(remaining), to_text(min_remaining)));
}

bool stands_alone(const Bundle& bundle) {
    const bool one_block = bundle.chain_pem.rfind("-----BEGIN ") == 0;
    return one_block && !bundle.reaches_root;
}

Error chain_incomplete(const Bundle& bundle) {
    return Error(Errc::chain_incomplete,
                 fmt::format("{} was issued by {}, whose certificate is missing behind it", who(bundle),
                             bundle.leaf.issuer));
}

Result<void> check_issuer(const Bundle& bundle, bool require_chain, const Trust& trust, WallTime now) {
    const bool incomplete = require_chain && stands_alone(bundle);
    if (trust.is_any()) {
        if (incomplete) return chain_incomplete(bundle);
        return {};
    }
    const TrustVerdict verdict = trust.verify(bundle.chain_pem, now);
    if (verdict.trusted) return {};
    if (verdict.issuer_missing && incomplete) return chain_incomplete(bundle);
    return Error(Errc::issuer_untrusted, fmt::format("{}, issued by {}, is not trusted: {}", who(bundle),
                                                     bundle.leaf.issuer, verdict.reason));
}

Result<void> check_names(const Bundle& bundle, const CertificateFacts& deployed) {
    const std::vector<std::string> lost = lost_names(bundle.leaf.names, deployed.names);
    if (lost.empty()) return {};
    return Error(Errc::names_lost, fmt::format("{} lacks names that the deployed one serves: {}", who(bundle),
                                               fmt::join(lost, ", ")));
}

Result<void> check_age(const Bundle& bundle, const CertificateFacts& deployed) {
    const WallTime ours = bundle.leaf.not_after;
    const WallTime theirs = deployed.not_after;
    if (ours >= theirs) return {};
    const bool same_day = to_utc_day(ours) == to_utc_day(theirs);
    const auto shown = [&](WallTime time) {
        return same_day ? "at " + to_utc(time) : "on " + to_utc_day(time);
    };
    return Error(Errc::older_than_deployed,
                 fmt::format("{} expires {}, the deployed one {}", who(bundle), shown(ours), shown(theirs)));
}

}  // namespace

Result<void> gate(const Bundle& bundle, config::Kind kind, const config::Gate& rules, const Trust& trust,
                  const std::optional<CertificateFacts>& deployed, WallTime now) {
    const bool server = kind == config::Kind::server;
    if (auto passed = check_ca(bundle, kind); !passed) return passed;
    if (auto passed = check_validity(bundle, now); !passed) return passed;
    if (auto passed = check_remaining(bundle, rules.min_remaining, now); !passed) return passed;
    if (server)
        if (auto passed = check_issuer(bundle, rules.require_chain, trust, now); !passed) return passed;
    if (!deployed) return {};
    if (server && !rules.allow_name_loss)
        if (auto passed = check_names(bundle, *deployed); !passed) return passed;
    if (rules.allow_older) return {};
    return check_age(bundle, *deployed);
}

}  // namespace certferry
