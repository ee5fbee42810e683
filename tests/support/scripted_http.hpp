// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/http.hpp"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace certferry::tests {

using Parameters = std::map<std::string, std::string>;

/// The names and values of an application/x-www-form-urlencoded body.
Parameters decode_form(std::string_view body);

/// HTTP 200 with this body.
HttpResponse answer(std::string body);

/// Http by a script, played in order: each request must be the one that is expected next. A test fails when a
/// request comes that was not expected, or when one that was did not come.
class ScriptedHttp final : public Http {
public:
    ScriptedHttp() = default;
    ~ScriptedHttp() override;
    ScriptedHttp(const ScriptedHttp&) = delete;
    ScriptedHttp& operator=(const ScriptedHttp&) = delete;

    /// An API 2.0 call of `action`, with exactly `parameters` beside the common ones.
    void expect(std::string action, Parameters parameters, Result<HttpResponse> reply);

    Awaitable<Result<HttpResponse>> fetch(HttpRequest request) override;

    /// All that came, as it came.
    const std::vector<HttpRequest>& requests() const { return requests_; }

private:
    struct Step {
        std::string action;
        Parameters parameters;
        Result<HttpResponse> reply;
    };

    std::deque<Step> script_;
    std::vector<HttpRequest> requests_;
};

}  // namespace certferry::tests
