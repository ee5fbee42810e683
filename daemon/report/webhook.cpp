// SPDX-License-Identifier: MIT
#include "report/webhook.hpp"

#include "base/base64.hpp"
#include "cloud/url.hpp"

#include <array>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace certferry {
namespace {

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::size_t sha256_size = 32;
constexpr std::size_t id_bytes = 16;
constexpr Duration connect_max = std::chrono::seconds(5);
constexpr std::size_t answer_max = std::size_t{64} << 10U;

using Digest = std::array<unsigned char, sha256_size>;

Digest hmac_sha256(const Secret& key, std::string_view text) {
    Digest mac{};
    const std::string_view bytes = key.reveal();
    HMAC(EVP_sha256(), bytes.data(), static_cast<int>(bytes.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), nullptr);
    return mac;
}

std::string id_of(std::string_view body) {
    Digest digest{};
    EVP_Digest(body.data(), body.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    return fmt::format("msg_{:02x}", fmt::join(digest.begin(), digest.begin() + id_bytes, ""));
}

}  // namespace

HttpRequest message_request(const std::string& url, const boost::json::object& body, Duration timeout,
                            const std::optional<std::filesystem::path>& ca_file) {
    HttpRequest request;
    request.url = url;
    request.plain_http = url.starts_with("http://");
    request.headers = {"Content-Type: application/json; charset=utf-8",
                       fmt::format("User-Agent: certferry/{}", CERTFERRY_VERSION)};
    request.body = Secret(boost::json::serialize(body));
    request.effect = Effect::changes;
    request.answer_max = answer_max;
    request.timeout = {std::min(timeout, connect_max), timeout};
    request.ca_file = ca_file;
    return request;
}

Webhook::Webhook(config::Webhook webhook, Duration timeout, Http& http, SecretSource secret,
                 std::function<WallTime()> now)
    : webhook_(std::move(webhook)),
      timeout_(timeout),
      http_(http),
      secret_(std::move(secret)),
      now_(std::move(now)) {}

Result<void> Webhook::sign(HttpRequest& request, const std::string& id) const {
    const Result<Secret> written = secret_();
    if (!written) return written.error();
    std::string_view text = written->reveal();
    if (text.starts_with(secret_prefix)) text.remove_prefix(secret_prefix.size());
    const std::optional<Secret> key = from_base64(text);
    if (!key)
        return Error(Errc::config_invalid, "the secret is not base64")
            .with_remedy("make one with: openssl rand -base64 32");
    const auto timestamp = std::chrono::floor<std::chrono::seconds>(now_()).time_since_epoch().count();
    const Digest mac = hmac_sha256(*key, fmt::format("{}.{}.{}", id, timestamp, request.body.reveal()));
    request.headers.push_back(fmt::format("webhook-timestamp: {}", timestamp));
    request.headers.push_back(fmt::format("webhook-signature: v1,{}", to_base64(mac)));
    return {};
}

Awaitable<Result<void>> Webhook::deliver(const Message& message) {
    HttpRequest request = message_request(webhook_.url, message_json(message), timeout_, webhook_.ca_file);
    const std::string id = id_of(request.body.reveal());
    request.headers.push_back("webhook-id: " + id);
    if (secret_)
        if (const auto is_signed = sign(request, id); !is_signed) co_return is_signed.error();
    const Result<HttpResponse> answer = co_await http_.fetch(std::move(request));
    if (!answer) co_return answer.error();
    if (answer->status >= 200 && answer->status < 300) co_return Result<void>();
    co_return Error(Errc::not_delivered,
                    fmt::format("{} answers HTTP {}", url_authority(webhook_.url), answer->status));
}

}  // namespace certferry
