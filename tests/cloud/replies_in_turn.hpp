// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/http.hpp"

#include <deque>
#include <stdexcept>
#include <utility>
#include <vector>

namespace certferry::tests {

/// Http that gives its replies in turn, whatever is asked, and keeps what was asked.
class RepliesInTurn final : public Http {
public:
    void add(int status, std::string_view body) {
        HttpResponse response;
        response.status = status;
        response.body = Secret(body);
        replies_.emplace_back(std::move(response));
    }
    void add(Error error) { replies_.emplace_back(std::move(error)); }

    Awaitable<Result<HttpResponse>> fetch(HttpRequest request) override {
        requests_.push_back(std::move(request));
        if (replies_.empty()) throw std::logic_error("nothing to reply to " + requests_.back().url);
        Result<HttpResponse> reply = std::move(replies_.front());
        replies_.pop_front();
        co_return reply;
    }

    const std::vector<HttpRequest>& requests() const { return requests_; }

private:
    std::deque<Result<HttpResponse>> replies_;
    std::vector<HttpRequest> requests_;
};

}  // namespace certferry::tests
