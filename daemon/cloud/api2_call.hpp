// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "cloud/credentials.hpp"
#include "cloud/http.hpp"
#include "cloud/sign_api2.hpp"

#include <string>
#include <utility>

namespace certferry {

struct Api2Answer;

enum class Api2Service {
    lb,   // load balancers: lb.api.qcloud.com
    wss,  // the certificate store: wss.api.qcloud.com
};

/// One call as its page documents it, without the common parameters.
struct Api2Call {
    Api2Call(Api2Service to, std::string name, Effect how)
        : service(to), action(std::move(name)), effect(how) {}

    void set(const std::string& name, std::string_view value) { parameters[name] = Secret(value); }

    Api2Service service;
    std::string action;
    Effect effect;
    Api2Parameters parameters;
};

/// Signs and sends the calls of one account: always a POST, so that no key is ever in a URL.
///
/// The host that is signed is the host of the endpoint in use, without its port. The official SDKs do the
/// same when they are pointed elsewhere, and a server knows itself by that name.
class Api2Caller {
public:
    Api2Caller(config::Account account, Http& http, CredentialsSource& credentials, const Clock& clock,
               Random& random);

    /// An answer that says yes; everything else is an Error that begins with the action. Two refusals that
    /// say that nothing happened are answered here, once each: a wrong clock by the server's Date, refused
    /// credentials by others, where the source has others. For a call that changes something, whatever leaves
    /// open whether it happened is answer_lost. What the API's words repeat of the call's secrets is not in
    /// them any more.
    Awaitable<Result<Api2Answer>> call(const Api2Call& call);

private:
    Awaitable<Result<Api2Answer>> call_with_care(const Api2Call& call);
    Awaitable<Result<Api2Answer>> send(const Api2Call& call, const Credentials& credentials);
    HttpRequest request_of(const Api2Call& call) const;
    Api2Parameters sign(const Api2Call& call, const Credentials& credentials, std::string_view host);
    void learn_server_time(const HttpResponse& response);

    config::Account account_;
    Http& http_;
    CredentialsSource& credentials_;
    const Clock& clock_;
    Random& random_;
    Duration clock_offset_ = Duration::zero();  // the server's time minus ours, once it has complained
};

}  // namespace certferry
