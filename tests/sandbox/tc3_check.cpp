// SPDX-License-Identifier: MIT
#include "tc3_check.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace certferry::sandbox {
namespace {

constexpr std::string_view algorithm = "TC3-HMAC-SHA256";

std::string hex(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return text;
}

std::string sha256_hex(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
    return hex({reinterpret_cast<const char*>(digest.data()), size});
}

std::string hmac(std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size);
    return {reinterpret_cast<const char*>(mac.data()), size};
}

bool equal(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

/// The value of "Name=value" in the parts of the header; empty when it is not there.
std::string value_of(const std::vector<std::string>& parts, std::string_view name) {
    for (std::string_view part : parts) {
        part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
        if (part.starts_with(name)) return std::string(part.substr(name.size()));
    }
    return "";
}

std::string canonical_request(const HttpCall& call, const std::vector<std::string>& signed_headers,
                              const std::string& host) {
    std::string headers;
    for (const std::string& name : signed_headers)
        headers += fmt::format("{}:{}\n", name, name == "host" ? host : call.header(name));
    return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", call.method, call.path(), call.query(), headers,
                       fmt::join(signed_headers, ";"), sha256_hex(call.body.reveal()));
}

bool covers_host_and_type(const std::vector<std::string>& signed_headers) {
    return std::ranges::count(signed_headers, "host") == 1 &&
           std::ranges::count(signed_headers, "content-type") == 1;
}

std::vector<std::string> hosts_of(const HttpCall& call, const std::string& service) {
    const std::string& sent = call.header("host");
    return {sent, sent.substr(0, sent.rfind(':')), fmt::format("{}.tencentcloudapi.com", service),
            fmt::format("{}.intl.tencentcloudapi.com", service),
            fmt::format("{}.{}.tencentcloudapi.com", service, call.header("x-tc-region"))};
}

bool signed_by(const Secret& secret_key, const HttpCall& call, const Tc3Authorization& authorization,
               const std::string& service) {
    return std::ranges::any_of(hosts_of(call, service), [&](const std::string& host) {
        return equal(tc3_signature(call, authorization, host, secret_key), authorization.signature);
    });
}

std::optional<std::chrono::sys_seconds> timestamp_of(const HttpCall& call) {
    const std::string& text = call.header("x-tc-timestamp");
    // Ten digits cannot overflow what is computed from them.
    constexpr std::size_t max_digits = 10;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || text.size() > max_digits)
        return std::nullopt;
    return std::chrono::sys_seconds(std::chrono::seconds(number));
}

std::string day_of(std::chrono::sys_seconds time) {
    return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

}  // namespace

std::optional<Tc3Authorization> parse_tc3_authorization(std::string_view header) {
    if (!header.starts_with(algorithm)) return std::nullopt;
    const std::vector<std::string> parts = split(header.substr(algorithm.size()), ',');
    const std::vector<std::string> scope = split(value_of(parts, "Credential="), '/');
    if (scope.size() != 4 || scope[3] != "tc3_request") return std::nullopt;
    Tc3Authorization authorization;
    authorization.secret_id = scope[0];
    authorization.date = scope[1];
    authorization.service = scope[2];
    authorization.signed_headers = split(value_of(parts, "SignedHeaders="), ';');
    authorization.signature = value_of(parts, "Signature=");
    if (!covers_host_and_type(authorization.signed_headers)) return std::nullopt;
    return authorization;
}

std::string tc3_signature(const HttpCall& call, const Tc3Authorization& authorization,
                          const std::string& host, const Secret& secret_key) {
    const std::string scope = fmt::format("{}/{}/tc3_request", authorization.date, authorization.service);
    const std::string request = canonical_request(call, authorization.signed_headers, host);
    const std::string text =
        fmt::format("{}\n{}\n{}\n{}", algorithm, call.header("x-tc-timestamp"), scope, sha256_hex(request));
    const std::string date_key = hmac("TC3" + std::string(secret_key.reveal()), authorization.date);
    const std::string service_key = hmac(date_key, authorization.service);
    return hex(hmac(hmac(service_key, "tc3_request"), text));
}

std::optional<Api3Refusal> check_tc3(const HttpCall& call, const std::string& service, const Keys& keys,
                                     WallTime now) {
    const auto authorization = parse_tc3_authorization(call.header("authorization"));
    if (!authorization)
        return Api3Refusal{"AuthFailure.InvalidAuthorization", "The header `Authorization` is malformed."};
    const auto timestamp = timestamp_of(call);
    if (!timestamp) return missing_parameter("Timestamp");

    const Key* const key = keys.find(authorization->secret_id);
    if (key == nullptr) return Api3Refusal{"AuthFailure.SecretIdNotFound", "The SecretId is not found."};
    const bool any_service = service_of_host(call.header("host")).empty();
    const bool fits = (any_service || authorization->service == service) &&
                      authorization->date == day_of(*timestamp) &&
                      signed_by(key->secret_key, call, *authorization, service);
    if (!fits)
        return Api3Refusal{"AuthFailure.SignatureFailure",
                           "The provided credentials could not be validated. Check your signature."};
    if (!ReplayGuard::timely(*timestamp, now))
        return Api3Refusal{"AuthFailure.SignatureExpire", "The provided credentials have expired."};
    if (!key->admits(call.header("x-tc-token"), now))
        return Api3Refusal{"AuthFailure.TokenFailure", "The token is wrong or has run out."};
    return std::nullopt;
}

std::string service_of_host(std::string_view host) {
    host = host.substr(0, host.find(':'));
    if (!host.ends_with(".tencentcloudapi.com")) return "";
    return std::string(host.substr(0, host.find('.')));
}

}  // namespace certferry::sandbox
