// SPDX-License-Identifier: MIT
#include "pem_parse.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

namespace certferry::sandbox {
namespace {

Owned<BIO> memory(std::string_view text) {
    return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

}  // namespace

Result<Chain> parse_chain(std::string_view text) {
    const Owned<BIO> bio = memory(text);
    Chain chain;
    while (X509* const next = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))
        chain.emplace_back(next);
    const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (!at_end || chain.empty()) return Error(Errc::pem_invalid, "the certificate cannot be parsed");
    return chain;
}

Result<Owned<EVP_PKEY>> parse_key(const Secret& text) {
    const Owned<BIO> bio = memory(text.reveal());
    bool encrypted = false;
    Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, &encrypted));
    ERR_clear_error();
    if (encrypted) return Error(Errc::key_encrypted, "the private key is encrypted");
    if (!key) return Error(Errc::pem_invalid, "the private key cannot be parsed");
    return key;
}

}  // namespace certferry::sandbox
