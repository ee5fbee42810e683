// SPDX-License-Identifier: MIT
#pragma once

#include "base/posix_files.hpp"

#include <array>
#include <stdexcept>
#include <string>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace certferry::tests {

/// What systemd and its journal listen on. The kernel gives it an abstract address, so no file is left.
class DatagramSocket {
public:
    DatagramSocket() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        socklen_t size = sizeof(address.sun_family);
        if (::bind(socket_.get(), any, size) != 0) throw std::runtime_error("cannot bind");
        size = sizeof(address);
        ::getsockname(socket_.get(), any, &size);
        const std::size_t length = size - sizeof(address.sun_family) - 1;
        name_ = "@" + std::string(&address.sun_path[1], length);
    }

    const std::string& name() const { return name_; }
    int descriptor() const { return socket_.get(); }

    /// The next datagram; empty when there is none.
    std::string received() {
        std::array<char, 4096> datagram{};
        const ssize_t size = ::recv(socket_.get(), datagram.data(), datagram.size(), 0);
        return size < 0 ? "" : std::string(datagram.data(), static_cast<std::size_t>(size));
    }

private:
    OwnedDescriptor socket_;
    std::string name_;
};

}  // namespace certferry::tests
