// SPDX-License-Identifier: MIT
#include "support/scripted_http.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <doctest/doctest.h>

namespace certferry::tests {
namespace {

std::string decode(std::string_view text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            plain += text[at];
            continue;
        }
        unsigned byte = 0;
        const auto digits = text.substr(at + 1, 2);
        std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        plain += static_cast<char>(byte);
        at += 2;
    }
    return plain;
}

std::string take(Parameters& parameters, const std::string& name) {
    auto node = parameters.extract(name);
    return node ? node.mapped() : std::string();
}

Parameters without_common_ones(Parameters parameters) {
    for (const char* name :
         {"Region", "Timestamp", "Nonce", "SecretId", "Signature", "SignatureMethod", "Token"})
        parameters.erase(name);
    return parameters;
}

}  // namespace

Parameters decode_form(std::string_view body) {
    Parameters parameters;
    while (!body.empty()) {
        const std::string_view pair = body.substr(0, body.find('&'));
        body.remove_prefix(std::min(pair.size() + 1, body.size()));
        const auto middle = pair.find('=');
        parameters[decode(pair.substr(0, middle))] = decode(pair.substr(middle + 1));
    }
    return parameters;
}

HttpResponse answer(std::string body) {
    HttpResponse response;
    response.status = 200;
    response.body = std::move(body);
    return response;
}

ScriptedHttp::~ScriptedHttp() {
    for (const Step& step : script_) FAIL_CHECK("expected, but not sent: " << step.action);
}

void ScriptedHttp::expect(std::string action, Parameters parameters, Result<HttpResponse> reply) {
    script_.push_back({std::move(action), std::move(parameters), std::move(reply)});
}

Awaitable<Result<HttpResponse>> ScriptedHttp::fetch(HttpRequest request) {
    Parameters sent = decode_form(request.body.reveal());
    requests_.push_back(std::move(request));
    const std::string action = take(sent, "Action");
    if (script_.empty()) {
        FAIL_CHECK("sent, but not expected: " << action);
        co_return Error(Errc::unreachable, "no such exchange in the script");
    }
    Step step = std::move(script_.front());
    script_.pop_front();
    CHECK(action == step.action);
    CHECK(without_common_ones(std::move(sent)) == step.parameters);
    co_return std::move(step.reply);
}

}  // namespace certferry::tests
