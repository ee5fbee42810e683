// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/result.hpp>

namespace certferry {

/// Looks up the addresses of hosts, each on a thread of its own: getaddrinfo(3) cannot be interrupted, and a
/// name whose servers are silent may hold up neither the loop, nor other names, nor the end of the daemon.
class AsioNames {
public:
    using Addresses = std::vector<boost::asio::ip::tcp::endpoint>;

    /// For coroutines on the loop of `executor`; lives no longer than that loop's context.
    explicit AsioNames(boost::asio::any_io_executor executor);

    /// In the order in which they are to be tried (RFC 6724); at once where `host` is an address. It ends
    /// when the resolver does: who cannot wait for that leaves. What is still looked up when the loop ends is
    /// not heard any more.
    Awaitable<boost::system::result<Addresses>> look_up(std::string host, std::uint16_t port);

private:
    struct Lookup;
    struct Door;
    class Doorkeeper;

    boost::asio::any_io_executor executor_;
    std::shared_ptr<Door> door_;
};

}  // namespace certferry
