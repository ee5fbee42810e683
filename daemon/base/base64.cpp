// SPDX-License-Identifier: MIT
#include "base/base64.hpp"

#include <vector>

#include <openssl/evp.h>

namespace certferry {

std::string to_base64(std::span<const unsigned char> bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // OpenSSL ends it with a NUL
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                    static_cast<int>(bytes.size()));
    text.pop_back();
    return text;
}

std::optional<Secret> from_base64(std::string_view text) {
    if (text.empty() || text.size() % 4 != 0) return std::nullopt;
    std::vector<unsigned char, WipingAllocator<unsigned char>> bytes(text.size() / 4 * 3);
    const int size = EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
    if (size < 0) return std::nullopt;
    // OpenSSL counts the padding as bytes.
    const std::size_t padding = text.ends_with("==") ? 2 : (text.ends_with('=') ? 1 : 0);
    const std::string_view decoded(reinterpret_cast<const char*>(bytes.data()), bytes.size() - padding);
    return Secret(decoded);
}

}  // namespace certferry
