// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <curl/curl.h>

namespace certferry {

/// libcurl's multi interface as a guest of the one loop: curl names descriptors and a time to be called at,
/// Asio waits for them (reference: style §4.3). One thread; lives no longer than its executor's context.
/// The process ignores SIGPIPE: with CURLOPT_NOSIGNAL libcurl no longer does.
class CurlMulti {
public:
    explicit CurlMulti(boost::asio::any_io_executor executor);
    /// Transfers that are still pending end as if cancelled.
    ~CurlMulti();
    CurlMulti(const CurlMulti&) = delete;
    CurlMulti& operator=(const CurlMulti&) = delete;

    /// Runs one transfer to its end; nothing when it was cancelled or given up before. Uses CURLOPT_PRIVATE.
    /// `easy` belongs to the caller and must stay until this returns.
    Awaitable<std::optional<CURLcode>> perform(CURL* easy);

private:
    class Transfer;
    struct Socket;

    // What libcurl calls. Nothing may be thrown through its C frames; -1 makes it give up.
    static int on_socket(CURL* easy, curl_socket_t descriptor, int what, void* self, void* assigned) noexcept;
    static int on_timeout(CURLM* multi, long milliseconds, void* self) noexcept;

    void open();
    void close();
    void follow(curl_socket_t descriptor, int what);
    void release(curl_socket_t descriptor);
    void arm(const std::shared_ptr<Socket>& socket);
    void wait(const std::shared_ptr<Socket>& socket, int direction);
    void set_timeout(long milliseconds);
    void drive(curl_socket_t descriptor, int events);
    void collect_finished();

    boost::asio::any_io_executor executor_;
    boost::asio::steady_timer timer_;
    CURLM* multi_ = nullptr;
    std::set<Transfer*> transfers_;
    std::map<curl_socket_t, std::shared_ptr<Socket>> sockets_;
    // Expires with this object: a handler that was already queued then must not touch it.
    std::shared_ptr<const char> alive_ = std::make_shared<const char>();
};

}  // namespace certferry
