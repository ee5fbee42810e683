// SPDX-License-Identifier: MIT
#include "report/wecom.hpp"

#include "cloud/url.hpp"
#include "report/webhook.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace certferry {
namespace {

namespace json = boost::json;

constexpr std::string_view ellipsis = "…";
constexpr std::size_t errmsg_max = 200;

bool continues_character(char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

// Of the address that a robot's console shows, or of the key alone. What cannot be in a key is no key.
Result<Secret> key_in(const Secret& secret) {
    std::string_view text = secret.reveal();
    if (const std::size_t at = text.find("key="); at != std::string_view::npos) text.remove_prefix(at + 4);
    text = text.substr(0, text.find('&'));
    const bool plain =
        text.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") ==
        std::string_view::npos;
    if (!text.empty() && plain) return Secret(text);
    return Error(Errc::config_invalid, "the secret is no key of a WeCom robot")
        .with_remedy("copy the robot's address from its group, or what follows key= in it");
}

// The robot repeats what it was sent in some messages; it is bounded, and the key is not among it.
Result<void> judge(const HttpResponse& answer, std::string_view place) {
    if (answer.status != 200)
        return Error(Errc::not_delivered, fmt::format("{} answers HTTP {}", place, answer.status));
    boost::system::error_code failure;
    const json::value value = json::parse(answer.body.reveal(), failure);
    const json::value* const code =
        !failure && value.is_object() ? value.get_object().if_contains("errcode") : nullptr;
    if (code == nullptr || !code->is_int64())
        return Error(Errc::not_delivered, fmt::format("{} answers without an errcode", place));
    if (code->get_int64() == 0) return {};
    const json::value* const words = value.get_object().if_contains("errmsg");
    const std::string said =
        words != nullptr && words->is_string() ? std::string(words->get_string()) : std::string();
    return Error(Errc::not_delivered, fmt::format("{} answers errcode {}: {}", place, code->get_int64(),
                                                  shortened(said, errmsg_max)));
}

}  // namespace

std::string shortened(const std::string& text, std::size_t max_bytes) {
    if (text.size() <= max_bytes) return text;
    std::size_t end = max_bytes - ellipsis.size();
    while (end > 0 && continues_character(text[end])) --end;
    return text.substr(0, end) + std::string(ellipsis);
}

Wecom::Wecom(config::Wecom wecom, Duration timeout, Http& http, SecretSource secret)
    : wecom_(std::move(wecom)), timeout_(timeout), http_(http), secret_(std::move(secret)) {}

Awaitable<Result<void>> Wecom::deliver(const Message& message) {
    const Result<Secret> secret = secret_();
    if (!secret) co_return secret.error();
    const Result<Secret> key = key_in(*secret);
    if (!key) co_return key.error();

    const json::object body{{"msgtype", "text"},
                            {"text", {{"content", shortened(message_text(message), wecom_text_max)}}}};
    HttpRequest request = message_request(wecom_.url, body, timeout_, wecom_.ca_file);
    request.url += fmt::format("?key={}", key->reveal());
    Result<HttpResponse> answer = co_await http_.fetch(std::move(request));
    if (!answer) co_return answer.error();
    co_return judge(*answer, url_authority(wecom_.url));
}

}  // namespace certferry
