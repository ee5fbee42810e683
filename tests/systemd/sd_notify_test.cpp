// SPDX-License-Identifier: MIT
#include "systemd/sd_notify.hpp"

#include "base/posix_files.hpp"

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace certferry {
namespace {

// An environment variable that is as it was afterwards.
class Variable {
public:
    Variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
    ~Variable() { ::unsetenv(name_); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    const char* name_;
};

// What systemd listens on: a datagram socket. The kernel gives it an abstract address, so no file is left.
class NotifySocket {
public:
    NotifySocket() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
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

    // The next datagram; empty when there is none.
    std::string received() {
        std::array<char, 512> datagram{};
        const ssize_t size = ::recv(socket_.get(), datagram.data(), datagram.size(), 0);
        return size < 0 ? "" : std::string(datagram.data(), static_cast<std::size_t>(size));
    }

private:
    OwnedDescriptor socket_;
    std::string name_;
};

TEST_CASE("the service manager hears of each turn of the daemon's life in one message") {
    NotifySocket socket;
    const Variable variable("NOTIFY_SOCKET", socket.name());
    SdNotify manager;

    manager.ready("12 mappings");
    CHECK(socket.received() == "READY=1\nSTATUS=12 mappings");
    manager.status("12 mappings: 12 deployed");
    CHECK(socket.received() == "STATUS=12 mappings: 12 deployed");
    manager.alive();
    CHECK(socket.received() == "WATCHDOG=1");
    manager.reloading();
    CHECK(socket.received().starts_with("RELOADING=1\nMONOTONIC_USEC="));
    manager.stopping("asked to stop");
    CHECK(socket.received() == "STOPPING=1\nSTATUS=asked to stop");
    manager.needs(std::chrono::seconds(10));
    CHECK(socket.received() == "EXTEND_TIMEOUT_USEC=10000000");
    CHECK(socket.received().empty());
}

TEST_CASE("how long the service manager waits for a sign of life is in the environment") {
    CHECK_FALSE(SdNotify().watchdog().has_value());
    const Variable patience("WATCHDOG_USEC", "1500000");
    CHECK(SdNotify().watchdog() == std::chrono::milliseconds(1500));
    const Variable meant_for_another("WATCHDOG_PID", "1");
    CHECK_FALSE(SdNotify().watchdog().has_value());
}

TEST_CASE("a status with a line break cannot say anything else") {
    NotifySocket socket;
    const Variable variable("NOTIFY_SOCKET", socket.name());
    SdNotify().stopping("www: refused\nMAINPID=1");
    CHECK(socket.received() == "STOPPING=1\nSTATUS=www: refused MAINPID=1");
}

TEST_CASE("a service manager that has gone away disturbs nobody") {
    const std::string gone = NotifySocket().name();
    const Variable variable("NOTIFY_SOCKET", gone);
    SdNotify().ready("12 mappings");
}

}  // namespace
}  // namespace certferry
