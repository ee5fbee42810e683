// SPDX-License-Identifier: MIT
#include "cloud/sign_api3.hpp"

#include "base/time.hpp"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace certferry {
namespace {

constexpr std::string_view algorithm = "TC3-HMAC-SHA256";
constexpr std::string_view signed_headers = "content-type;host";
constexpr std::size_t sha256_size = 32;

using Digest = std::array<unsigned char, sha256_size>;

std::string hex(const Digest& bytes) {
    return fmt::format("{:02x}", fmt::join(bytes, ""));
}

std::string hex_sha256(std::string_view text) {
    Digest digest{};
    EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    return hex(digest);
}

Digest hmac(const Secret& key, std::string_view text) {
    Digest mac{};
    const std::string_view bytes = key.reveal();
    HMAC(EVP_sha256(), bytes.data(), static_cast<int>(bytes.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), nullptr);
    return mac;
}

Secret derived(const Secret& key, std::string_view text) {
    Digest mac = hmac(key, text);
    Secret next({reinterpret_cast<const char*>(mac.data()), mac.size()});
    OPENSSL_cleanse(mac.data(), mac.size());
    return next;
}

Secret signing_key(const Secret& secret_key, std::string_view day, std::string_view service) {
    Secret key("TC3");
    key.append(secret_key.reveal());
    return derived(derived(derived(key, day), service), "tc3_request");
}

std::string canonical_request(const Api3Message& message) {
    return fmt::format("{}\n/\n{}\ncontent-type:{}\nhost:{}\n\n{}\n{}", message.method, message.query,
                       message.content_type, message.host, signed_headers, hex_sha256(message.body));
}

}  // namespace

std::string api3_authorization(const Api3Message& message, std::string_view secret_id,
                               const Secret& secret_key) {
    const std::string day = to_utc_day(message.time);
    const std::string scope = fmt::format("{}/{}/tc3_request", day, message.service);
    const std::string text = fmt::format("{}\n{}\n{}\n{}", algorithm, message.time.time_since_epoch().count(),
                                         scope, hex_sha256(canonical_request(message)));
    const Digest signature = hmac(signing_key(secret_key, day, message.service), text);
    return fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", algorithm, secret_id, scope,
                       signed_headers, hex(signature));
}

}  // namespace certferry
