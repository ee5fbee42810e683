// SPDX-License-Identifier: MIT
#include "cloud/beast_connection.hpp"

#include "cloud/beast_pool.hpp"
#include "support/loopback_server.hpp"
#include "support/run.hpp"

#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using tests::LoopbackServer;
using tests::TestCertificate;
using Clock = std::chrono::steady_clock;

const tcp::endpoint any_port(asio::ip::address_v4::loopback(), 0);

struct Network {
    tcp::endpoint at_nobody() {
        tcp::acceptor gone(loop, any_port);
        return gone.local_endpoint();
    }

    std::unique_ptr<BeastConnection> connect(const AsioNames::Addresses& addresses) {
        auto connection = std::make_unique<BeastConnection>(loop.get_executor(), nullptr);
        failed = tests::run(loop, connection->connect(addresses, Clock::now() + limit));
        return connection;
    }

    asio::io_context loop;
    tcp::acceptor server{loop, any_port};
    Clock::duration limit = 40s;
    error_code failed;
};

// Its queue is full: the kernel drops what knocks.
struct BlackHole {
    explicit BlackHole(asio::io_context& loop) : acceptor(loop, tcp::v4()), in_the_queue(loop) {
        acceptor.bind(any_port);
        acceptor.listen(0);
        in_the_queue.connect(acceptor.local_endpoint());
    }

    tcp::acceptor acceptor;
    tcp::socket in_the_queue;
};

TEST_CASE_FIXTURE(Network, "the next address is tried where one refuses") {
    const auto connection = connect({at_nobody(), server.local_endpoint()});
    CHECK(!failed);
    CHECK(connection->idle());
}

TEST_CASE_FIXTURE(Network, "an address that swallows everything leaves the others their time") {
    const BlackHole hole(loop);
    limit = 2s;
    const auto connection = connect({hole.acceptor.local_endpoint(), server.local_endpoint()});
    CHECK(!failed);
    CHECK(connection->idle());
}

TEST_CASE_FIXTURE(Network, "where no address accepts, the last one's reason is told") {
    connect({at_nobody(), at_nobody()});
    CHECK(failed == asio::error::connection_refused);
}

TEST_CASE_FIXTURE(Network, "who closes does not go on to the next address") {
    const BlackHole hole(loop);
    BeastConnection connection(loop.get_executor(), nullptr);
    asio::co_spawn(
        loop,
        connection.connect({hole.acceptor.local_endpoint(), server.local_endpoint()}, Clock::now() + 1h),
        [&](const std::exception_ptr&, error_code ended) { failed = ended; });
    loop.poll();
    connection.close();
    loop.run();
    CHECK(failed);
    CHECK(!connection.idle());
}

struct Name {
    const char* in_the_certificate;
    const char* in_the_url;
    const char* asked_for;
    bool good;
};

TEST_CASE("the certificate must be for the name that is called, which it is asked for") {
    const std::vector<Name> names = {
        {"lb.test", "lb.test", "lb.test", true},       {"lb.test", "other.test", "other.test", false},
        {"*.lb.test", "a.lb.test", "a.lb.test", true}, {"a*.lb.test", "ab.lb.test", "ab.lb.test", false},
        {"lb.test", "lb.test.", "lb.test", true},      {"IP:127.0.0.1", "127.0.0.1", "", true},
        {"IP:127.0.0.1", "127.0.0.2", "", false},      {"IP:::1", "[::1]", "", true},
        {"lb.test", "127.0.0.1", "", false},           {"lb.test", "", "", false},
    };
    for (const Name& name : names) {
        CAPTURE(name.in_the_url);
        asio::io_context loop;
        const TestCertificate ca = tests::loopback_ca();
        LoopbackServer server(loop, tests::loopback_identity(name.in_the_certificate, ca), {});
        const auto roots = std::make_shared<TlsRoots>(Clock::now());
        roots->context.set_verify_mode(asio::ssl::verify_peer);
        roots->context.add_certificate_authority(asio::buffer(ca.pem()));

        BeastConnection connection(loop.get_executor(), roots);
        const tcp::endpoint address(asio::ip::address_v4::loopback(), server.port());
        REQUIRE(!tests::run(loop, connection.connect({address}, Clock::now() + 40s)));
        const std::string url = fmt::format("https://{}:{}/", name.in_the_url, server.port());
        const Result<void> shaken = tests::run(loop, connection.shake_hands(url));
        CHECK(shaken.has_value() == name.good);
        if (!name.good) CHECK(shaken.error().code() == Errc::tls_untrusted);
        if (!name.good) continue;
        connection.close();
        loop.restart();
        while (server.connections() == 0) loop.run_one();
        CHECK(server.asked_for() == name.asked_for);
    }
}

TEST_CASE_FIXTURE(Network,
                  "connections are kept for half a minute, for five in all, and for their own place") {
    const Clock::time_point start = Clock::now();
    const ConnectionPlace place("one.test", nullptr);
    const ConnectionPlace elsewhere("two.test", nullptr);
    BeastPool pool;

    pool.put(place, connect({server.local_endpoint()}), start);
    CHECK(pool.take(elsewhere, start) == nullptr);
    CHECK(pool.take(place, start + 30s) != nullptr);
    CHECK(pool.take(place, start + 30s) == nullptr);

    pool.put(place, connect({server.local_endpoint()}), start);
    CHECK(pool.take(place, start + 31s) == nullptr);

    pool.put(place, connect({server.local_endpoint()}), start + 301s);
    CHECK(pool.take(place, start + 302s) == nullptr);
}

TEST_CASE_FIXTURE(Network,
                  "a connection that the other side has closed, or speaks on unasked, is not used again") {
    const ConnectionPlace place("one.test", nullptr);
    BeastPool pool;
    for (const bool speaks : {false, true}) {
        auto connection = connect({server.local_endpoint()});
        tcp::socket other_side = server.accept();
        CHECK(connection->idle());
        if (speaks) asio::write(other_side, asio::buffer("?", 1));
        if (!speaks) other_side.close();
        pool.put(place, std::move(connection), Clock::now());
        CHECK(pool.take(place, Clock::now()) == nullptr);
    }
}

}  // namespace
}  // namespace certferry
