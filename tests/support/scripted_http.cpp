// SPDX-License-Identifier: MIT
#include "support/scripted_http.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

namespace certferry::tests {
namespace {

namespace json = boost::json;

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

Parameters without_common_ones(Parameters parameters) {
    for (const char* name :
         {"Action", "Region", "Timestamp", "Nonce", "SecretId", "Signature", "SignatureMethod", "Token"})
        parameters.erase(name);
    return parameters;
}

std::string value_of(const Parameters& parameters, const std::string& name) {
    const auto found = parameters.find(name);
    return found == parameters.end() ? std::string() : found->second;
}

bool is_api3(const HttpRequest& request) {
    return headers_of(request).count("X-TC-Action") == 1;
}

}  // namespace

Parameters headers_of(const HttpRequest& request) {
    Parameters headers;
    const auto add = [&](std::string_view line) {
        const auto middle = line.find(": ");
        headers[std::string(line.substr(0, middle))] = line.substr(middle + 2);
    };
    for (const std::string& line : request.headers) add(line);
    for (const Secret& line : request.secret_headers) add(line.reveal());
    return headers;
}

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

HttpResponse answer(std::string_view body) {
    HttpResponse response;
    response.status = 200;
    response.body = Secret(body);
    return response;
}

ScriptedHttp::~ScriptedHttp() {
    for (const Step& step : script_) FAIL_CHECK("expected, but not sent: " << step.action);
}

void ScriptedHttp::expect(std::string action, Parameters parameters, Result<HttpResponse> reply) {
    script_.push_back({std::move(action), std::move(parameters), "", {}, std::move(reply)});
}

void ScriptedHttp::expect3(std::string action, std::string region, json::object body,
                           Result<HttpResponse> reply) {
    script_.push_back({std::move(action), {}, std::move(region), std::move(body), std::move(reply)});
}

Awaitable<Result<HttpResponse>> ScriptedHttp::fetch(HttpRequest request) {
    requests_.push_back(std::move(request));
    if (script_.empty()) {
        FAIL_CHECK("sent, but not expected: " << action_of(requests_.back()));
        co_return Error(Errc::unreachable, "no such exchange in the script");
    }
    Step step = std::move(script_.front());
    script_.pop_front();
    check(step, requests_.back());
    co_return std::move(step.reply);
}

std::string ScriptedHttp::action_of(const HttpRequest& request) {
    if (is_api3(request)) return value_of(headers_of(request), "X-TC-Action");
    return value_of(decode_form(request.body.reveal()), "Action");
}

void ScriptedHttp::check(const Step& step, const HttpRequest& request) {
    CHECK(action_of(request) == step.action);
    if (!is_api3(request)) {
        CHECK(without_common_ones(decode_form(request.body.reveal())) == step.parameters);
        return;
    }
    CHECK(value_of(headers_of(request), "X-TC-Region") == step.region);
    CHECK(json::serialize(json::parse(request.body.reveal())) == json::serialize(step.body));
}

}  // namespace certferry::tests
