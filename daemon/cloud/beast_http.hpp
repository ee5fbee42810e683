// SPDX-License-Identifier: MIT
#pragma once

#include "base/asio_names.hpp"
#include "cloud/http.hpp"

#include <memory>

#include <boost/asio/any_io_executor.hpp>

namespace certferry {

/// Http on the loop of `executor`; lives no longer than that loop's context.
///
/// TLS 1.2 or later, always verified against the system's roots and the request's ca_file; a session that was
/// is resumed for a day. HTTP/1.1 over https and nothing else, unless a request says plain_http: no redirect,
/// no proxy of the environment, no cookies. A body is bounded by its request, the headers at 64 KiB.
/// Cancelling the awaiting coroutine closes the connection: the Error is then `interrupted`, or answer_lost
/// for a change that was sent.
class BeastHttp final : public Http {
public:
    BeastHttp(boost::asio::any_io_executor executor, AsioNames& names);
    /// Fetches that are pending end as if cancelled.
    ~BeastHttp() override;
    BeastHttp(const BeastHttp&) = delete;
    BeastHttp& operator=(const BeastHttp&) = delete;

    Awaitable<Result<HttpResponse>> fetch(HttpRequest request) override;

private:
    struct State;

    std::shared_ptr<State> state_;
};

}  // namespace certferry
