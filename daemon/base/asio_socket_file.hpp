// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/local/stream_protocol.hpp>

namespace certferry {

/// Who may connect to a socket in the file system, besides root and its owner.
struct SocketAudience {
    std::optional<std::uint32_t> group;  // its members
    bool everyone = false;
};

/// Listens at `path`, in the place of a socket that nobody listens at any more. A missing directory is made;
/// its parent must be there. Whoever closes the acceptor unlinks the path. Errors: declined, which says why.
Result<boost::asio::local::stream_protocol::acceptor> listen_at(const boost::asio::any_io_executor& executor,
                                                                const std::filesystem::path& path,
                                                                const SocketAudience& audience);

}  // namespace certferry
