// SPDX-License-Identifier: MIT
#pragma once

#include "base/asio_socket_file.hpp"
#include "config/model.hpp"
#include "report/web.hpp"

#include <cstddef>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

namespace certferry {

/// The daemon's HTTP server: HTTP/1.1 in plain text, for requests without a body. So many connections are
/// served at a time; a request's header has a bounded length and time to arrive, a reply a bounded time to be
/// taken, and a connection a bounded number of requests.
///
/// Destroy it before what `handler` refers to. All on the thread of the executor's io_context.
class BeastServer {
public:
    static constexpr unsigned connections_max = 64;
    static constexpr std::size_t header_bytes_max = 8192;
    static constexpr unsigned requests_max = 1000;  // of one connection

    /// Listens where `listen` says, which is somewhere; at a socket in the file system for `audience`.
    /// Errors: declined, which says why.
    static Result<std::unique_ptr<BeastServer>> listen(const boost::asio::any_io_executor& executor,
                                                       const config::Listen& listen,
                                                       const SocketAudience& audience, WebHandler handler);
    BeastServer(const BeastServer&) = delete;
    BeastServer& operator=(const BeastServer&) = delete;
    ~BeastServer();

private:
    struct State;
    explicit BeastServer(std::shared_ptr<State> state) : state_(std::move(state)) {}
    std::shared_ptr<State> state_;
};

}  // namespace certferry
