// SPDX-License-Identifier: MIT
#include "signature_check.hpp"

#include "cloud/sign_api2.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/crypto.h>

namespace certferry::sandbox {
namespace {

bool equal(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool signed_by(const Secret& key, const HttpCall& call, Parameters parameters) {
    const std::string signature = text_of(parameters, "Signature");
    const auto method = text_of(parameters, "SignatureMethod") == "HmacSHA256"
                            ? config::SignatureMethod::hmac_sha256
                            : config::SignatureMethod::hmac_sha1;
    parameters.erase("Signature");
    const std::string& sent = call.header("host");
    const std::array<std::string, 4> hosts = {sent.substr(0, sent.rfind(':')), sent, "lb.api.qcloud.com",
                                              "wss.api.qcloud.com"};
    return std::ranges::any_of(hosts, [&](const std::string& host) {
        const Secret text = api2_string_to_sign(call.method, host, call.path(), parameters);
        return equal(api2_signature(method, key, text.reveal()), signature);
    });
}

}  // namespace

Refusal missing(std::string_view name) {
    return {4000, fmt::format("parameter {} is missing", name)};
}

std::optional<Refusal> check_signature(const HttpCall& call, const Parameters& parameters, const Keys& keys,
                                       ReplayGuard& replays, WallTime now) {
    for (const char* const name : {"SecretId", "Timestamp", "Nonce", "Signature"})
        if (text_of(parameters, name).empty()) return missing(name);
    const auto timestamp = number_of(parameters, "Timestamp");
    const auto nonce = number_of(parameters, "Nonce");
    if (!timestamp || !nonce) return Refusal{4000, "Timestamp and Nonce must be whole numbers"};

    const std::string secret_id = text_of(parameters, "SecretId");
    const Key* const key = keys.find(secret_id);
    if (key == nullptr) return Refusal{4104, "SecretId is unknown or disabled"};
    if (!signed_by(key->secret_key, call, parameters)) return Refusal{4100, "the signature is wrong"};

    const std::chrono::sys_seconds stamp{std::chrono::seconds(*timestamp)};
    if (!ReplayGuard::timely(stamp, now)) return Refusal{4500, "Timestamp is more than 5 minutes off"};
    if (!key->admits(text_of(parameters, "Token"), now))
        return Refusal{4105, "the token is wrong or has run out"};
    if (!replays.remember(secret_id, stamp, text_of(parameters, "Nonce"), now))
        return Refusal{4500, "Nonce was used before"};
    return std::nullopt;
}

}  // namespace certferry::sandbox
