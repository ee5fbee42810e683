// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/http.hpp"

#include <deque>
#include <map>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

namespace certferry::tests {

using Parameters = std::map<std::string, std::string>;

/// The names and values of an application/x-www-form-urlencoded body.
Parameters decode_form(std::string_view body);

/// The names and values of "Name: value" lines, the secret ones too.
Parameters headers_of(const HttpRequest& request);

/// HTTP 200 with this body.
HttpResponse answer(std::string_view body);

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

    /// An API 3.0 call of `action` in `region`, which is empty for none, with exactly this body.
    void expect3(std::string action, std::string region, boost::json::object body,
                 Result<HttpResponse> reply);

    Awaitable<Result<HttpResponse>> fetch(HttpRequest request) override;

    /// All that came, as it came.
    const std::vector<HttpRequest>& requests() const { return requests_; }

private:
    struct Step {
        std::string action;
        Parameters parameters;     // of API 2.0
        std::string region;        // of API 3.0
        boost::json::object body;  // of API 3.0
        Result<HttpResponse> reply;
    };

    static std::string action_of(const HttpRequest& request);
    static void check(const Step& step, const HttpRequest& request);

    std::deque<Step> script_;
    std::vector<HttpRequest> requests_;
};

}  // namespace certferry::tests
