// SPDX-License-Identifier: MIT
#include "systemd/sd_notify.hpp"

#include "support/datagram_socket.hpp"

#include <cstdlib>
#include <string>

#include <doctest/doctest.h>

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

TEST_CASE("the service manager hears of each turn of the daemon's life in one message") {
    tests::DatagramSocket socket;
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

TEST_CASE("what is no number in the environment is no watchdog") {
    for (const char* nonsense : {"", "0", "soon", "15s", "-1"}) {
        const Variable patience("WATCHDOG_USEC", nonsense);
        CHECK_FALSE(SdNotify().watchdog().has_value());
    }
}

TEST_CASE("a status with a line break cannot say anything else") {
    tests::DatagramSocket socket;
    const Variable variable("NOTIFY_SOCKET", socket.name());
    SdNotify().stopping("www: refused\nMAINPID=1");
    CHECK(socket.received() == "STOPPING=1\nSTATUS=www: refused MAINPID=1");
}

TEST_CASE("a service manager that has gone away disturbs nobody") {
    const std::string gone = tests::DatagramSocket().name();
    const Variable variable("NOTIFY_SOCKET", gone);
    SdNotify().ready("12 mappings");
}

}  // namespace
}  // namespace certferry
