// SPDX-License-Identifier: MIT
// A lineage's files: certificates and a key in PEM. The input is one file that holds both or, where a form
// feed divides it, the chain file and the key file.
#include "bundle/bundle.hpp"
#include "bundle/certificate.hpp"
#include "bundle/gate.hpp"
#include "bundle/names.hpp"
#include "bundle/pem.hpp"
#include "bundle/private_key.hpp"
#include "fuzz/property.hpp"

#include <algorithm>
#include <cstring>
#include <random>

#include <openssl/pem.h>

/// libFuzzer's own way to change bytes.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

/// What libFuzzer calls to change an input (https://llvm.org/docs/LibFuzzer.html).
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed);

namespace certferry::tests {
namespace {

using namespace std::chrono_literals;

constexpr char division = '\f';
constexpr std::size_t der_max = 8192;

std::vector<X509Ptr> certificates_of(std::string_view pem) {
    auto blocks = read_pem(pem, "chain");
    demand(blocks.has_value(), "the PEM of a bundle can be read");
    auto certificates = read_certificates(*blocks, "chain");
    demand(certificates.has_value(), "the PEM of a bundle has certificates only");
    demand(certificates->size() == blocks->size(), "the PEM of a bundle has certificates only");
    return std::move(*certificates);
}

// Reference: tencent-cloud-api §5.
void check_form(std::string_view pem) {
    demand(pem.starts_with("-----BEGIN ") && pem.ends_with("-----"), "nothing stands around the blocks");
    demand(pem.find("\n\n") == std::string_view::npos, "no blank line is between the blocks");
    demand(pem.find('\r') == std::string_view::npos, "lines end with LF");
    for (std::size_t begin = 0; begin < pem.size();) {
        const std::size_t end = std::min(pem.find('\n', begin), pem.size());
        demand(end - begin <= 64, "lines have 64 columns");
        begin = end + 1;
    }
}

void check_chain(const Bundle& bundle) {
    check_form(bundle.chain_pem);
    const auto chain = certificates_of(bundle.chain_pem);
    demand(facts_of(*chain.front()) == bundle.leaf, "the first certificate is the leaf");
    for (std::size_t at = 0; at + 1 < chain.size(); ++at)
        demand(is_issued_by(*chain[at], *chain[at + 1]), "each certificate is issued by the next");
}

void check_facts(const CertificateFacts& facts) {
    demand(facts.fingerprint.str().size() == 64, "the fingerprint is a SHA-256");
    demand(std::ranges::is_sorted(facts.names), "names are sorted");
    demand(std::ranges::adjacent_find(facts.names) == facts.names.end(), "names are there once each");
    demand(lost_names(facts.names, facts.names).empty(), "a certificate covers its own names");
    for (const std::string& name : facts.names)
        demand(!name.empty() && !has_control_characters(name), "a name is a host's");
    demand(!has_control_characters(facts.issuer), "the issuer is one line");
}

void check_gate(const Bundle& bundle, config::Kind kind) {
    config::Gate rules;
    rules.require_chain = false;
    const auto passes = [&](WallTime now, const CertificateFacts& deployed) {
        return gate(bundle, kind, rules, Trust::any(), deployed, now).has_value();
    };
    const auto& leaf = bundle.leaf;
    demand(!passes(leaf.not_before - 1s, leaf), "nothing passes the gate before it is valid");
    demand(!passes(leaf.not_after, leaf), "nothing passes the gate once it has expired");
    if (leaf.not_before >= leaf.not_after || (kind == config::Kind::client && !bundle.is_ca)) return;
    demand(passes(leaf.not_before, leaf), "a certificate may follow itself");

    CertificateFacts deployed = leaf;
    deployed.not_after += 1s;
    demand(!passes(leaf.not_before, deployed), "nothing follows what expires later");
}

void check_key(const Bundle& bundle) {
    check_form(bundle.key_pem.reveal());
    const auto blocks = read_pem(bundle.key_pem.reveal(), "key");
    demand(blocks && blocks->size() == 1, "the key is one block");
    const auto keys = read_private_keys(*blocks, "key");
    demand(keys && keys->size() == 1, "the key can be read again");
    const auto chain = certificates_of(bundle.chain_pem);
    demand(EVP_PKEY_eq(X509_get0_pubkey(chain.front().get()), keys->front().get()) == 1,
           "the key is the leaf's");
}

void check_server(const Bundle& bundle) {
    check_facts(bundle.leaf);
    check_chain(bundle);
    check_key(bundle);
    check_gate(bundle, config::Kind::server);
    const auto again = make_server_bundle(bundle.chain_pem, "chain", bundle.key_pem, "key");
    demand(again && again->chain_pem == bundle.chain_pem && again->key_pem == bundle.key_pem,
           "a bundle of a bundle is the same");
}

void check_client(const Bundle& bundle) {
    check_facts(bundle.leaf);
    check_chain(bundle);
    demand(bundle.key_pem.empty(), "a client CA has no key");
    check_gate(bundle, config::Kind::client);
    const auto again = make_client_bundle(bundle.chain_pem, "chain");
    demand(again && again->chain_pem == bundle.chain_pem, "a client CA of a client CA is the same");
}

void check_message(const Error& error) {
    demand(!has_control_characters(error.message()), "what is refused is told in one line");
}

void check(std::string_view chain, std::string_view key) {
    const auto server = make_server_bundle(chain, "chain", Secret(key), "key");
    server ? check_server(*server) : check_message(server.error());
    const auto client = make_client_bundle(chain, "chain");
    client ? check_client(*client) : check_message(client.error());
}

struct Files {
    std::string_view chain;
    std::string_view key;
};

Files divide(std::string_view text) {
    const std::size_t middle = text.find(division);
    if (middle == std::string_view::npos) return {text, text};
    return {text.substr(0, middle), text.substr(middle + 1)};
}

// The DER of one block changed, and not its base64: few changes of that would be more than another byte.
std::string mutate_a_block(std::string_view text, std::minstd_rand& chance) {
    const auto blocks = read_pem(text, "input");
    if (!blocks) return {};
    const BioPtr memory(or_out_of_memory(BIO_new(BIO_s_mem())));
    const std::size_t chosen = chance() % blocks->size();
    for (std::size_t at = 0; at < blocks->size(); ++at) {
        const PemBlock& block = (*blocks)[at];
        const std::string_view der = block.der.reveal().substr(0, der_max);
        std::vector<std::uint8_t> bytes(der.begin(), der.end());
        bytes.resize(der_max);
        const std::size_t size =
            at == chosen ? LLVMFuzzerMutate(bytes.data(), der.size(), der_max) : der.size();
        PEM_write_bio(memory.get(), block.label.c_str(), "", bytes.data(), static_cast<long>(size));
    }
    return std::string(written_pem(*memory)) + '\n';
}

std::string mutate_one_file(std::string_view text, std::minstd_rand& chance) {
    const std::size_t middle = text.find(division);
    if (middle == std::string_view::npos) return mutate_a_block(text, chance);
    const auto [chain, key] = divide(text);
    if (chance() % 2 == 0) return mutate_a_block(chain, chance).append(1, division).append(key);
    return std::string(chain).append(1, division).append(mutate_a_block(key, chance));
}

}  // namespace
}  // namespace certferry::tests

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
    using namespace certferry::tests;
    std::minstd_rand chance(seed);
    if (chance() % 2 == 0) return LLVMFuzzerMutate(data, size, max_size);
    const std::string mutated = mutate_one_file(text_of(data, size), chance);
    if (mutated.empty() || mutated.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
    std::memcpy(data, mutated.data(), mutated.size());
    return mutated.size();
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace certferry::tests;
    const auto [chain, key] = divide(text_of(data, size));
    check(chain, key);
    return 0;
}
