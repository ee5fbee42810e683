// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/meter.hpp"
#include "cloud/api_call.hpp"
#include "cloud/api_envelope.hpp"
#include "cloud/pace.hpp"

#include <set>
#include <string>

namespace certferry {

/// What speaking to the API needs of the world.
struct ApiPorts {
    ApiPorts(Http& http_, CredentialsSource& credentials_, Pace& pace_, const Clock& clock_, Random& random_,
             Log& log_, Meter& meter_)
        : http(http_),
          credentials(credentials_),
          pace(pace_),
          clock(clock_),
          random(random_),
          log(log_),
          meter(meter_) {}

    Http& http;
    CredentialsSource& credentials;
    Pace& pace;
    const Clock& clock;
    Random& random;
    Log& log;
    Meter& meter;
};

/// Signs and sends the calls of one account, of either generation, and judges what comes back.
class ApiCaller {
public:
    ApiCaller(config::Account account, ApiPorts ports);

    /// A reply that says yes; everything else is an Error that begins with the action. Two refusals that
    /// say that nothing happened are answered here, once each: a wrong clock by the server's Date, refused
    /// credentials by others, where the source has others. For a call that changes something, whatever leaves
    /// open whether it happened is answer_lost. What the API's words repeat of the call's secrets is not in
    /// them any more. An action that the API calls deprecated is logged, once.
    /// Calls queue by `served_until`: those for the certificate that expires first go first.
    Awaitable<Result<ApiReply>> call(const ApiCall& call, WallTime served_until);

    /// As Pace has it.
    bool crowded(WallTime served_until) const { return ports_.pace.crowded(served_until); }
    Awaitable<void> room(WallTime served_until) { return ports_.pace.room(served_until); }

private:
    Awaitable<Result<ApiReply>> call_with_care(const ApiCall& call, WallTime served_until);
    Awaitable<Result<ApiReply>> send(const ApiCall& call, const Credentials& credentials,
                                     WallTime served_until);
    Awaitable<Result<ApiReply>> exchange(const ApiCall& call, const Credentials& credentials,
                                         Pace::Pass& pass);
    void learn_server_time(const HttpResponse& response);
    void heed_warning(const ApiCall& call, const ApiReply& reply);

    config::Account account_;
    ApiPorts ports_;
    Duration clock_offset_ = Duration::zero();  // the server's time minus ours, once it has complained
    std::set<std::string> deprecated_;          // actions that were logged as such
};

}  // namespace certferry
