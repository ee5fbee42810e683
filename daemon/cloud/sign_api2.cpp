// SPDX-License-Identifier: MIT
#include "cloud/sign_api2.hpp"

#include "base/base64.hpp"

#include <array>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace certferry {
namespace {

bool unreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

void append_encoded(Secret& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : text) {
        if (unreserved(c)) {
            out.append({&c, 1});
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        const std::array escaped = {'%', digits[byte >> 4U], digits[byte & 0xfU]};
        out.append({escaped.data(), escaped.size()});
    }
}

}  // namespace

Secret api2_string_to_sign(std::string_view method, std::string_view host, std::string_view path,
                           const Api2Parameters& parameters) {
    Secret text;
    text.append(method);
    text.append(host);
    text.append(path);
    std::string_view separator = "?";
    for (const auto& [name, value] : parameters) {
        text.append(separator);
        text.append(name);
        text.append("=");
        text.append(value.reveal());
        separator = "&";
    }
    return text;
}

std::string api2_signature(config::SignatureMethod method, const Secret& secret_key,
                           std::string_view string_to_sign) {
    const EVP_MD* const hash = method == config::SignatureMethod::hmac_sha256 ? EVP_sha256() : EVP_sha1();
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned size = 0;
    const std::string_view key = secret_key.reveal();
    HMAC(hash, key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(string_to_sign.data()), string_to_sign.size(), mac.data(),
         &size);
    return to_base64({mac.data(), size});
}

Secret form_encode(const Api2Parameters& parameters) {
    Secret body;
    std::string_view separator;
    for (const auto& [name, value] : parameters) {
        body.append(separator);
        append_encoded(body, name);
        body.append("=");
        append_encoded(body, value.reveal());
        separator = "&";
    }
    return body;
}

}  // namespace certferry
