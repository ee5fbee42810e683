// SPDX-License-Identifier: MIT
#pragma once

#include "base/random.hpp"
#include "cloud/credentials.hpp"
#include "cloud/http.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace certferry {

/// What a call becomes a request with.
struct Signing {
    const config::Account& account;
    const Credentials& credentials;
    std::chrono::sys_seconds time;
    Random& random;
};

struct SignedRequest {
    SignedRequest() = default;  // not an aggregate, see Awaitable

    HttpRequest http;
    std::vector<Secret> secrets;  // what of it must not come back in anybody's words
};

/// One call as its page documents it, without what every call has in common. The generations of the API
/// differ in how it becomes a request, and in the shape of a yes.
class ApiCall {
public:
    virtual ~ApiCall() = default;

    const std::string& action() const { return action_; }
    Effect effect() const { return effect_; }
    config::Api generation() const { return generation_; }

    /// Of an answer that may be larger than usual_answer_max.
    void allow_answer(std::size_t bytes) { answer_max_ = bytes; }

    /// The host that is signed is the host of the endpoint in use, without its port. The official SDKs do the
    /// same when they are pointed elsewhere, and a server knows itself by that name.
    virtual SignedRequest request(const Signing& signing) const = 0;

protected:
    ApiCall(config::Api generation, std::string action, Effect effect)
        : generation_(generation), action_(std::move(action)), effect_(effect) {}
    ApiCall(const ApiCall&) = default;
    ApiCall(ApiCall&&) = default;
    ApiCall& operator=(const ApiCall&) = default;
    ApiCall& operator=(ApiCall&&) = default;

    /// A POST to `url`, so that no key is ever in a URL; without headers and body.
    HttpRequest post(const config::Account& account, std::string url) const {
        HttpRequest request;
        request.url = std::move(url);
        request.effect = effect_;
        request.answer_max = answer_max_;
        request.timeout = account.timeout;
        request.ca_file = account.ca_file;
        return request;
    }

private:
    config::Api generation_;
    std::string action_;
    Effect effect_;
    std::size_t answer_max_ = usual_answer_max;
};

}  // namespace certferry
