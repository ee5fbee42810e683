// SPDX-License-Identifier: MIT
#include "bundle/trust.hpp"

#include "bundle/certificate.hpp"

#include <algorithm>
#include <deque>

#include <fmt/format.h>
#include <openssl/x509_vfy.h>

namespace certferry {
namespace {

// A chain that was found to be trusted is so as long as all of its certificates are valid.
struct TrustedChain {
    std::string pem;
    WallTime from;
    WallTime until;
};

// An attempt asks more than once, and so does every target of a bundle; to parse the chain and to check its
// signatures is most of what an attempt computes.
class TrustedChains {
public:
    bool know(std::string_view pem, WallTime now) const {
        return std::any_of(chains_.begin(), chains_.end(), [&](const TrustedChain& chain) {
            return chain.from <= now && now < chain.until && chain.pem == pem;
        });
    }

    void remember(TrustedChain chain) {
        chains_.push_back(std::move(chain));
        if (chains_.size() > remembered_max) chains_.pop_front();
    }

private:
    static constexpr std::size_t remembered_max = 16;
    std::deque<TrustedChain> chains_;
};

}  // namespace

struct Trust::Store {
    X509StorePtr anchors{or_out_of_memory(X509_STORE_new())};
    TrustedChains trusted;
};

namespace {

// A view for OpenSSL, which owns none of the certificates in it.
using StackPtr =
    std::unique_ptr<STACK_OF(X509), decltype([](STACK_OF(X509) * stack) { sk_X509_free(stack); })>;

StackPtr stack_of(const std::vector<X509Ptr>& certificates) {
    StackPtr stack(or_out_of_memory(sk_X509_new_null()));
    for (const X509Ptr& certificate : certificates) sk_X509_push(stack.get(), certificate.get());
    return stack;
}

bool means_missing_issuer(int error) {
    return error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
           error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
           error == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE;
}

TrustVerdict failure(X509_STORE_CTX& context) {
    const int error = X509_STORE_CTX_get_error(&context);
    TrustVerdict verdict;
    verdict.issuer_missing = means_missing_issuer(error);
    verdict.reason = X509_verify_cert_error_string(error);
    if (X509* const at = X509_STORE_CTX_get_current_cert(&context))
        verdict.reason +=
            fmt::format(", for the certificate of {} issued by {}", subject_of(*at), issuer_of(*at));
    return verdict;
}

TrustedChain trusted_chain(std::string_view pem, X509_STORE_CTX& context) {
    TrustedChain chain{std::string(pem), WallTime::min(), WallTime::max()};
    const STACK_OF(X509)* const certificates = X509_STORE_CTX_get0_chain(&context);
    for (int index = 0; index < sk_X509_num(certificates); ++index) {
        const CertificateFacts facts = facts_of(*sk_X509_value(certificates, index));
        chain.from = std::max(chain.from, WallTime(facts.not_before));
        chain.until = std::min(chain.until, WallTime(facts.not_after));
    }
    return chain;
}

}  // namespace

Trust Trust::system() {
    const OpensslErrorScope errors;
    auto store = std::make_shared<Store>();
    X509_STORE_set_default_paths(store->anchors.get());
    return Trust(std::move(store));
}

Result<Trust> Trust::roots(std::string_view pem, std::string_view place) {
    const Result<std::vector<PemBlock>> blocks = read_pem(pem, place);
    if (!blocks) return blocks.error();
    const Result<std::vector<X509Ptr>> anchors = read_certificates(*blocks, place);
    if (!anchors) return anchors.error();
    auto store = std::make_shared<Store>();
    for (const X509Ptr& anchor : *anchors) X509_STORE_add_cert(store->anchors.get(), anchor.get());
    return Trust(std::move(store));
}

Trust Trust::any() {
    return Trust(nullptr);
}

TrustVerdict Trust::verify(std::string_view chain_pem, WallTime now) const {
    if (is_any() || store_->trusted.know(chain_pem, now)) return {true, false, {}};
    const Result<std::vector<PemBlock>> blocks = read_pem(chain_pem, "the chain");
    if (!blocks) return {false, false, blocks.error().message()};
    const Result<std::vector<X509Ptr>> chain = read_certificates(*blocks, "the chain");
    if (!chain) return {false, false, chain.error().message()};

    const OpensslErrorScope errors;
    const StackPtr untrusted = stack_of(*chain);
    const X509StoreContextPtr context(or_out_of_memory(X509_STORE_CTX_new()));
    X509_STORE_CTX_init(context.get(), store_->anchors.get(), chain->front().get(), untrusted.get());
    X509_STORE_CTX_set_default(context.get(), "ssl_server");
    // Without this flag an anchor must be self-signed.
    X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_PARTIAL_CHAIN);
    X509_STORE_CTX_set_time(context.get(), 0, to_time_t(now));
    if (X509_verify_cert(context.get()) != 1) return failure(*context);
    store_->trusted.remember(trusted_chain(chain_pem, *context));
    return {true, false, {}};
}

}  // namespace certferry
