// SPDX-License-Identifier: MIT
#include "bundle/private_key.hpp"

#include <fmt/format.h>
#include <openssl/pem.h>

namespace certferry {
namespace {

bool is_encrypted(const PemBlock& block) {
    return block.encrypted || block.label == PEM_STRING_PKCS8;
}

PkeyPtr decode(const Secret& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.reveal().data());
    return PkeyPtr(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.reveal().size())));
}

bool is_accepted(const EVP_PKEY& key) {
    const int type = EVP_PKEY_get_base_id(&key);
    return type == EVP_PKEY_RSA || type == EVP_PKEY_EC;
}

std::string_view type_name(const EVP_PKEY& key) {
    const char* const name = EVP_PKEY_get0_type_name(&key);
    return name == nullptr ? "foreign" : name;
}

Result<PkeyPtr> read_private_key(const PemBlock& block, std::string_view place) {
    if (is_encrypted(block))
        return Error(Errc::key_encrypted, fmt::format("{}: the private key is encrypted", place));
    PkeyPtr key = decode(block.der);
    if (key == nullptr)
        return Error(Errc::pem_invalid, fmt::format("{}: its {} cannot be read as one", place, block.label));
    if (!is_accepted(*key))
        return Error(Errc::pem_invalid,
                     fmt::format("{}: the private key is of type {}; CLB takes RSA and EC keys only", place,
                                 type_name(*key)));
    return key;
}

}  // namespace

Result<std::vector<PkeyPtr>> read_private_keys(const std::vector<PemBlock>& blocks, std::string_view place) {
    const OpensslErrorScope errors;
    std::vector<PkeyPtr> keys;
    for (const PemBlock& block : blocks) {
        if (!block.is_private_key()) continue;
        Result<PkeyPtr> key = read_private_key(block, place);
        if (!key) return key.error();
        keys.push_back(std::move(*key));
    }
    return keys;
}

Secret to_pem(EVP_PKEY& key) {
    const BioPtr memory(or_out_of_memory(BIO_new(BIO_s_secmem())));
    PEM_write_bio_PrivateKey_traditional(memory.get(), &key, nullptr, nullptr, 0, nullptr, nullptr);
    return Secret(written_pem(*memory));
}

}  // namespace certferry
