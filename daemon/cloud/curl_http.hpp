// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/http.hpp"

#include <chrono>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

namespace certferry {

class CurlMulti;
class CurlTrust;

/// Http through libcurl, on the loop of `executor`; lives no longer than that loop's context.
///
/// TLS 1.2 or later, always verified against the system's roots and the request's ca_file; a session that was
/// is resumed for a day. HTTP/1.1 over https and nothing else, unless a request says plain_http: no redirect,
/// no proxy of the environment, no cookies, no .netrc. A body is bounded at 1 MiB, the headers at 64 KiB.
/// Cancelling the awaiting coroutine removes the transfer: the Error is then `interrupted`, or answer_lost
/// for a change that was sent.
class CurlHttp final : public Http {
public:
    explicit CurlHttp(boost::asio::any_io_executor executor);
    /// Fetches that are pending end as if cancelled.
    ~CurlHttp() override;
    CurlHttp(const CurlHttp&) = delete;
    CurlHttp& operator=(const CurlHttp&) = delete;

    Awaitable<Result<HttpResponse>> fetch(HttpRequest request) override;

private:
    std::shared_ptr<void> tls_sessions();

    std::unique_ptr<CurlTrust> trust_;
    std::shared_ptr<void> tls_sessions_;  // a CURLSH; each exchange holds it as well
    std::chrono::steady_clock::time_point sessions_since_ = std::chrono::steady_clock::now();
    std::unique_ptr<CurlMulti> multi_;
};

}  // namespace certferry
