// SPDX-License-Identifier: MIT
#pragma once

#include "api.hpp"
#include "http.hpp"
#include "world.hpp"

namespace certferry::sandbox {

/// Serves the calls of both generations of the API, and makes each suffer the faults that are due.
class ApiServer {
public:
    ApiServer(World& world, Api& api2, Api& api3) : world_(world), api2_(api2), api3_(api3) {}

    Awaitable<HttpReply> answer(HttpCall call);

private:
    /// Null when nothing is at that path.
    Api* find_api(std::string_view path);
    Awaitable<HttpReply> serve(Api& api, HttpCall call);
    /// The body of the answer; empty when the call was not carried out.
    Awaitable<boost::json::object> carry_out(ApiCall& call, const Strike& strike);

    World& world_;
    Api& api2_;
    Api& api3_;
};

}  // namespace certferry::sandbox
