// SPDX-License-Identifier: MIT
#include "rotate/tls_probe.hpp"

#include "rotate/tls_listener.hpp"
#include "support/test_certificates.hpp"

#include <functional>
#include <optional>
#include <string>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>

namespace certferry {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using tests::TestCertificate;
using tests::TlsListener;
using Outcome = Result<CertificateFacts>;

constexpr Duration ample = std::chrono::minutes(1);
constexpr Duration short_time = std::chrono::milliseconds(50);

// Waits for a probe, on the loop that the other side runs on too.
Outcome probe(asio::io_context& loop, const config::ProbeEndpoint& endpoint, Duration timeout = ample,
              asio::cancellation_slot slot = {}) {
    AsioNames names(loop.get_executor());
    TlsProbe prober(names, timeout);
    std::optional<Outcome> outcome;
    auto keep = [&](const std::exception_ptr&, Outcome found) {
        outcome = std::move(found);
        loop.stop();
    };
    asio::co_spawn(loop, prober.probe(endpoint, Offer::anything),
                   asio::bind_cancellation_slot(slot, std::move(keep)));
    loop.restart();
    loop.run();
    REQUIRE(outcome.has_value());
    return *outcome;
}

config::ProbeEndpoint at(const std::string& host, std::uint16_t port) {
    return {host, port, std::nullopt};
}

CertificateFacts facts_of(const TestCertificate& certificate) {
    return certificate_facts(certificate.pem(), "the test's certificate").value();
}

TestCertificate expired_and_self_signed() {
    tests::CertificateSpec spec;
    spec.not_before = tests::test_now - std::chrono::days(5000);
    spec.not_after = tests::test_now - std::chrono::days(4000);
    return TestCertificate::self_signed(spec);
}

// A server that accepts, says `greeting` and then nothing.
class PlainListener {
public:
    PlainListener(asio::io_context& loop, std::string greeting)
        : acceptor_(loop, Tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
          socket_(loop),
          greeting_(std::move(greeting)) {
        acceptor_.async_accept(socket_, [this](const boost::system::error_code& failed) {
            if (!failed) asio::write(socket_, asio::buffer(greeting_));
            after_greeting();
        });
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    void hang_up() { socket_.close(); }

    std::function<void()> after_greeting = [] {};

private:
    Tcp::acceptor acceptor_;
    Tcp::socket socket_;
    std::string greeting_;
};

TEST_CASE("the served certificate is read, whatever is wrong with it") {
    asio::io_context loop;
    const TestCertificate served = expired_and_self_signed();
    const TlsListener listener(loop, served);
    CHECK(probe(loop, at("127.0.0.1", listener.port())).value() == facts_of(served));
}

TEST_CASE("the endpoint's name is asked for, an address is not") {
    asio::io_context loop;
    const TlsListener listener(loop, expired_and_self_signed());
    CHECK(probe(loop, at("localhost", listener.port())).has_value());
    CHECK(probe(loop, at("127.0.0.1", listener.port())).has_value());
    loop.restart();
    loop.poll();
    CHECK(listener.names() == std::vector<std::string>{"localhost", ""});
}

TEST_CASE("a listener with mutual TLS shows its certificate before it refuses") {
    asio::io_context loop;
    const TestCertificate served = expired_and_self_signed();
    TlsListener listener(loop, served);
    listener.demand_client_certificate();
    SUBCASE("after the handshake, in TLS 1.3") {}
    SUBCASE("within the handshake, in TLS 1.2") {
        listener.speak_tls_1_2_at_most();
    }
    CHECK(probe(loop, at("127.0.0.1", listener.port())).value() == facts_of(served));
}

TEST_CASE("a port where nobody listens is unreachable") {
    asio::io_context loop;
    Tcp::acceptor bound(loop, Tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    const std::uint16_t port = bound.local_endpoint().port();
    bound.close();

    const Error error = probe(loop, at("127.0.0.1", port)).error();
    CHECK(error.code() == Errc::unreachable);
    CHECK(error.message() == "127.0.0.1:" + std::to_string(port) + ": connection refused");
}

TEST_CASE("a host that does not exist is unreachable, and an IPv6 address is named in brackets") {
    asio::io_context loop;
    CHECK(probe(loop, at("no-such-host.invalid", 443)).error().code() == Errc::unreachable);
    CHECK(probe(loop, at("::1", 1)).error().message().starts_with("[::1]:1: "));
}

TEST_CASE("an endpoint that accepts and stays silent costs no more than the timeout") {
    asio::io_context loop;
    const PlainListener listener(loop, "");
    const Error error = probe(loop, at("127.0.0.1", listener.port()), short_time).error();
    CHECK(error.code() == Errc::unreachable);
    CHECK(error.message() == "127.0.0.1:" + std::to_string(listener.port()) + ": timed out after 50ms");

    // The attempt that was left behind ends by itself: nothing is left for the loop to do.
    loop.restart();
    loop.run_for(ample);
    CHECK(loop.stopped());
}

TEST_CASE("an endpoint that speaks no TLS is unreachable") {
    asio::io_context loop;
    const PlainListener listener(loop, "220 smtp.example.com ESMTP\r\n");
    const Error error = probe(loop, at("127.0.0.1", listener.port())).error();
    CHECK(error.code() == Errc::unreachable);
    CHECK(error.message().find("wrong version number") != std::string::npos);
}

TEST_CASE("an endpoint that hangs up during the handshake is unreachable") {
    asio::io_context loop;
    PlainListener listener(loop, "");
    listener.after_greeting = [&] { listener.hang_up(); };
    CHECK(probe(loop, at("127.0.0.1", listener.port())).error().code() == Errc::unreachable);
}

TEST_CASE("a probe that is cancelled ends at once and says so") {
    asio::io_context loop;
    PlainListener listener(loop, "");
    asio::cancellation_signal cancel;
    listener.after_greeting = [&] { cancel.emit(asio::cancellation_type::terminal); };
    const Error error = probe(loop, at("127.0.0.1", listener.port()), ample, cancel.slot()).error();
    CHECK(error.code() == Errc::interrupted);
}

}  // namespace
}  // namespace certferry
