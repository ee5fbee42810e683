// SPDX-License-Identifier: MIT
#include "bundle/chain.hpp"

#include "bundle/certificate.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace certferry {
namespace {

std::vector<X509*> views(const std::vector<X509Ptr>& certificates) {
    std::vector<X509*> all;
    all.reserve(certificates.size());
    for (const X509Ptr& certificate : certificates) all.push_back(certificate.get());
    return all;
}

std::vector<X509*> leaf_candidates(const std::vector<X509Ptr>& certificates) {
    std::vector<X509*> all = views(certificates);
    std::vector<X509*> no_ca;
    std::ranges::remove_copy_if(all, std::back_inserter(no_ca), [](X509* other) { return is_ca(*other); });
    return no_ca.empty() ? all : no_ca;
}

Error ambiguous(std::string_view place, const std::vector<X509*>& leaves) {
    std::string subjects;
    for (X509* const leaf : leaves)
        subjects += fmt::format("{}{}", subjects.empty() ? "" : "; ", subject_of(*leaf));
    return Error(Errc::leaf_ambiguous,
                 fmt::format("{}: {} certificates could be the leaf: {}", place, leaves.size(), subjects));
}

// The better issuer of two is the greater one.
auto preference(X509& issuer) {
    return std::pair(!is_self_signed(issuer), facts_of(issuer).not_after);
}

X509* find_issuer(X509& certificate, const std::vector<X509*>& others) {
    X509* best = nullptr;
    for (X509* const other : others) {
        if (!is_issued_by(certificate, *other)) continue;
        if (best == nullptr || preference(*other) > preference(*best)) best = other;
    }
    return best;
}

bool issued_another(X509& issuer, const std::vector<X509*>& certificates) {
    return std::ranges::any_of(
        certificates, [&](X509* const other) { return other != &issuer && is_issued_by(*other, issuer); });
}

}  // namespace

void drop_repeated(std::vector<X509Ptr>& certificates) {
    std::vector<X509Ptr> once;
    for (X509Ptr& certificate : certificates) {
        const auto same = [&](const X509Ptr& kept) { return X509_cmp(kept.get(), certificate.get()) == 0; };
        if (std::ranges::none_of(once, same)) once.push_back(std::move(certificate));
    }
    certificates = std::move(once);
}

Result<X509*> find_leaf(const std::vector<X509Ptr>& certificates, const EVP_PKEY& key, std::string_view place,
                        std::string_view key_place) {
    std::vector<X509*> candidates = leaf_candidates(certificates);
    if (candidates.size() > 1 && !is_ca(*candidates.front())) return ambiguous(place, candidates);

    const OpensslErrorScope errors;
    std::erase_if(candidates, [&](X509* const other) {
        const EVP_PKEY* const own = X509_get0_pubkey(other);
        return own == nullptr || EVP_PKEY_eq(own, &key) != 1;
    });
    if (candidates.empty())
        return Error(
            Errc::key_mismatch,
            fmt::format("the key in {} does not belong to the leaf in {}; a renewal may be half written",
                        key_place, place));
    if (candidates.size() > 1) return ambiguous(place, candidates);
    return candidates.front();
}

Result<X509*> find_lowest(const std::vector<X509Ptr>& certificates, std::string_view place) {
    const std::vector<X509*> all = views(certificates);
    std::vector<X509*> lowest;
    std::ranges::remove_copy_if(all, std::back_inserter(lowest),
                                [&](X509* const other) { return issued_another(*other, all); });
    // None is left only where certificates signed each other in a circle.
    if (lowest.size() != 1) return ambiguous(place, lowest.empty() ? all : lowest);
    return lowest.front();
}

std::vector<X509*> order_chain(X509& leaf, const std::vector<X509Ptr>& certificates) {
    std::vector<X509*> rest = views(certificates);
    std::vector<X509*> chain;
    for (X509* next = &leaf; next != nullptr; next = find_issuer(*next, rest)) {
        std::erase(rest, next);
        chain.push_back(next);
    }
    return chain;
}

}  // namespace certferry
