// SPDX-License-Identifier: MIT
#pragma once

#include "api.hpp"
#include "http.hpp"
#include "world.hpp"

namespace certferry::sandbox {

/// Serves the calls of the API, and makes each suffer the faults that are due.
class ApiServer {
public:
    ApiServer(World& world, Api& api2) : world_(world), api2_(api2) {}

    Awaitable<HttpReply> answer(HttpCall call);

private:
    Awaitable<HttpReply> serve(Api& api, HttpCall call);
    /// The body of the answer; empty when the call was not carried out.
    Awaitable<boost::json::object> carry_out(ApiCall& call, const Strike& strike);

    World& world_;
    Api& api2_;
};

}  // namespace certferry::sandbox
