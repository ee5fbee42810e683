// SPDX-License-Identifier: MIT
#include "bundle/bundle.hpp"

#include "bundle/certificate.hpp"
#include "bundle/chain.hpp"
#include "bundle/pem.hpp"
#include "bundle/private_key.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry {
namespace {

Result<std::vector<X509Ptr>> read_distinct_certificates(const std::vector<PemBlock>& blocks,
                                                        std::string_view place) {
    Result<std::vector<X509Ptr>> certificates = read_certificates(blocks, place);
    if (certificates) drop_repeated(*certificates);
    return certificates;
}

Result<PkeyPtr> read_only_key(const Secret& text, std::string_view place) {
    const Result<std::vector<PemBlock>> blocks = read_pem(text.reveal(), place);
    if (!blocks) return blocks.error();
    Result<std::vector<PkeyPtr>> keys = read_private_keys(*blocks, place);
    if (!keys) return keys.error();
    if (keys->empty()) return Error(Errc::key_missing, fmt::format("{}: no private key in it", place));
    if (keys->size() > 1)
        return Error(Errc::pem_invalid,
                     fmt::format("{}: {} private keys in it, instead of one", place, keys->size()));
    return std::move(keys->front());
}

// A chain file may hold the key as well, but then it must be the same.
Result<void> check_no_other_key(const std::vector<PemBlock>& chain, std::string_view chain_name,
                                const EVP_PKEY& key, std::string_view key_name) {
    const Result<std::vector<PkeyPtr>> keys = read_private_keys(chain, chain_name);
    if (!keys) return keys.error();
    const auto same = [&](const PkeyPtr& other) { return EVP_PKEY_eq(other.get(), &key) == 1; };
    if (std::ranges::all_of(*keys, same)) return {};
    return Error(Errc::key_mismatch,
                 fmt::format("{}: it holds another private key than {}", chain_name, key_name));
}

std::string join_pem(const std::vector<X509*>& chain) {
    std::string text;
    for (X509* const certificate : chain) {
        if (!text.empty()) text += '\n';
        text += to_pem(*certificate);
    }
    return text;
}

enum class Root { kept, dropped };

Bundle make_bundle(std::vector<X509*> chain, Root root) {
    Bundle bundle;
    bundle.leaf = facts_of(*chain.front());
    bundle.is_ca = is_ca(*chain.front());
    bundle.reaches_root = is_self_signed(*chain.back());
    if (root == Root::dropped && bundle.reaches_root && chain.size() > 1) chain.pop_back();
    bundle.chain_pem = join_pem(chain);
    return bundle;
}

}  // namespace

Result<Bundle> make_server_bundle(std::string_view chain, std::string_view chain_name, const Secret& key,
                                  std::string_view key_name) {
    const Result<std::vector<PemBlock>> blocks = read_pem(chain, chain_name);
    if (!blocks) return blocks.error();
    const Result<std::vector<X509Ptr>> certificates = read_distinct_certificates(*blocks, chain_name);
    if (!certificates) return certificates.error();
    const Result<PkeyPtr> private_key = read_only_key(key, key_name);
    if (!private_key) return private_key.error();
    const Result<void> checked = check_no_other_key(*blocks, chain_name, **private_key, key_name);
    if (!checked) return checked.error();
    const Result<X509*> leaf = find_leaf(*certificates, **private_key, chain_name, key_name);
    if (!leaf) return leaf.error();

    Bundle bundle = make_bundle(order_chain(**leaf, *certificates), Root::dropped);
    bundle.key_pem = to_pem(**private_key);
    return bundle;
}

Result<Bundle> make_client_bundle(std::string_view chain, std::string_view chain_name) {
    const Result<std::vector<PemBlock>> blocks = read_pem(chain, chain_name);
    if (!blocks) return blocks.error();
    const Result<std::vector<X509Ptr>> certificates = read_distinct_certificates(*blocks, chain_name);
    if (!certificates) return certificates.error();
    const Result<X509*> leaf = find_lowest(*certificates, chain_name);
    if (!leaf) return leaf.error();
    return make_bundle(order_chain(**leaf, *certificates), Root::kept);
}

Result<CertificateFacts> certificate_facts(std::string_view pem, std::string_view place) {
    const Result<std::vector<PemBlock>> blocks = read_pem(pem, place);
    if (!blocks) return blocks.error();
    const Result<std::vector<X509Ptr>> certificates = read_certificates(*blocks, place);
    if (!certificates) return certificates.error();
    return facts_of(*certificates->front());
}

}  // namespace certferry
