// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "world.hpp"

#include <cstdint>
#include <string>

#include <boost/asio/any_io_executor.hpp>

namespace certferry::sandbox {

/// The load balancers' listeners as real TLS ports on 127.0.0.1. Each handshake serves what the store says is
/// bound at that moment; a mutual listener wants a client certificate of the bound CA. Where nothing is
/// bound the handshake fails.
class TlsListeners {
public:
    /// The world must outlive this, and what runs on the executor.
    TlsListeners(boost::asio::any_io_executor executor, World& world)
        : executor_(std::move(executor)), world_(world) {}

    /// Opens a port (0: any) for a listener, and says which. Errors: unreachable.
    Result<std::uint16_t> open(const std::string& load_balancer, const std::string& listener,
                               std::uint16_t port);

private:
    boost::asio::any_io_executor executor_;
    World& world_;
};

}  // namespace certferry::sandbox
