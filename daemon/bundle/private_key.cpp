// SPDX-License-Identifier: MIT
#include "bundle/private_key.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>
#include <openssl/decoder.h>
#include <openssl/pem.h>

namespace certferry {
namespace {

bool is_encrypted(const PemBlock& block) {
    return block.encrypted || block.label == PEM_STRING_PKCS8;
}

// OpenSSL 3.0 takes ten times as long to gather what may decode a key than to decode one, so that is done
// once for each form. One thread.
class Decoder {
public:
    Decoder(const char* structure, const char* type)
        : context_(or_out_of_memory(OSSL_DECODER_CTX_new_for_pkey(&key_, "DER", structure, type,
                                                                  EVP_PKEY_KEYPAIR, nullptr, nullptr))) {}
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    /// Null for what is no such key.
    PkeyPtr decode(const Secret& der) {
        const auto* at = reinterpret_cast<const unsigned char*>(der.reveal().data());
        std::size_t size = der.reveal().size();
        const bool decoded = OSSL_DECODER_from_data(context_.get(), &at, &size) == 1;
        PkeyPtr key(std::exchange(key_, nullptr));
        return decoded ? std::move(key) : nullptr;
    }

private:
    EVP_PKEY* key_ = nullptr;  // where the context puts what it decodes
    std::unique_ptr<OSSL_DECODER_CTX, OpensslFree<OSSL_DECODER_CTX_free>> context_;
};

PkeyPtr decode_as_labelled(const PemBlock& block) {
    static Decoder rsa("type-specific", "RSA");
    static Decoder ec("type-specific", "EC");
    static Decoder wrapped("PrivateKeyInfo", nullptr);
    if (block.label == PEM_STRING_RSA) return rsa.decode(block.der);
    if (block.label == PEM_STRING_ECPRIVATEKEY) return ec.decode(block.der);
    if (block.label == PEM_STRING_PKCS8INF) return wrapped.decode(block.der);
    return nullptr;
}

// The label is right almost always; where it is not, the contents tell.
PkeyPtr decode(const PemBlock& block) {
    if (PkeyPtr key = decode_as_labelled(block)) return key;
    const auto* at = reinterpret_cast<const unsigned char*>(block.der.reveal().data());
    return PkeyPtr(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(block.der.reveal().size())));
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
    PkeyPtr key = decode(block);
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
