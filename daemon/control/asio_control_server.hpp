// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "control/protocol.hpp"

#include <filesystem>
#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

namespace certferry::control {

/// The daemon's end of the control socket. Whoever connects is known by SO_PEERCRED and SO_PEERGROUPS
/// (unix(7)), and heard as control/peer.hpp says. A request has a bounded length and time to arrive, and so
/// many connections are served at a time; a bad one gets an answer that says so. Commands that change
/// something are in the log, with the user who gave them.
///
/// Destroy it before what `handler` refers to. All on the thread of the executor's io_context.
class AsioControlServer {
public:
    using Handler = std::function<Awaitable<Answer>(Request)>;

    /// Listens at `path`, in the place of a socket that nobody listens at any more. A missing directory is
    /// made; its parent must be there. The socket is the group's (peer.hpp), where there is such a group, and
    /// with `all_may_ask` open to everyone. Errors: declined, which says why.
    static Result<std::unique_ptr<AsioControlServer>> listen(const boost::asio::any_io_executor& executor,
                                                             std::filesystem::path path, bool all_may_ask,
                                                             Handler handler, Log& log);
    AsioControlServer(const AsioControlServer&) = delete;
    AsioControlServer& operator=(const AsioControlServer&) = delete;
    ~AsioControlServer();

private:
    struct State;
    explicit AsioControlServer(std::shared_ptr<State> state) : state_(std::move(state)) {}
    std::shared_ptr<State> state_;
};

}  // namespace certferry::control
