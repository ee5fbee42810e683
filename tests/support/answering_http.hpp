// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/http.hpp"

#include <vector>

namespace certferry::tests {

/// Http that gives every request the same answer, and keeps what came.
class AnsweringHttp final : public Http {
public:
    Awaitable<Result<HttpResponse>> fetch(HttpRequest request) override {
        requests.push_back(std::move(request));
        HttpResponse response;
        response.status = status;
        response.body = Secret(body);
        co_return response;
    }

    int status = 200;
    std::string body;
    std::vector<HttpRequest> requests;
};

}  // namespace certferry::tests
