// SPDX-License-Identifier: MIT
#include "report/beast_server.hpp"

#include "support/temp_dir.hpp"

#include <thread>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>
#include <sys/stat.h>

namespace certferry {
namespace {

using namespace tests;
namespace asio = boost::asio;
using Local = asio::local::stream_protocol;

constexpr std::size_t big = 3'000'000;

Awaitable<WebReply> reply_of(WebRequest request) {
    if (request.target == "/big") co_return WebReply(200, "text/plain", std::string(big, 'x'));
    co_return WebReply(200, "text/plain",
                       request.method + " " + request.target + " at " + request.host + "\n");
}

// A server on a thread of its own.
class Serving {
public:
    explicit Serving(bool everyone = false) {
        auto server = BeastServer::listen(loop_.get_executor(), config::ListenAtSocket{path()},
                                          {{}, everyone}, reply_of);
        REQUIRE_MESSAGE(server.has_value(), server.error().message());
        server_ = std::move(*server);
        thread_ = std::thread([this] { loop_.run(); });
    }
    ~Serving() {
        loop_.stop();
        thread_.join();
    }
    Serving(const Serving&) = delete;
    Serving& operator=(const Serving&) = delete;

    std::filesystem::path path() const { return directory_.path() / "http.sock"; }

    Local::socket connect() {
        Local::socket socket(client_loop_);
        socket.connect(Local::endpoint(path().string()));
        return socket;
    }

    /// All that comes back for these bytes until the server hangs up.
    std::string send(const std::string& bytes) {
        Local::socket socket = connect();
        asio::write(socket, asio::buffer(bytes));
        std::string answer;
        boost::system::error_code ended;
        asio::read(socket, asio::dynamic_buffer(answer), ended);
        return answer;
    }

private:
    TempDir directory_;
    asio::io_context loop_{1};
    asio::io_context client_loop_;
    std::unique_ptr<BeastServer> server_;
    std::thread thread_;
};

std::string get(const std::string& target, const std::string& more = "Connection: close\r\n") {
    return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n";
}

TEST_CASE("a connection carries several requests, and every reply has its guards") {
    Serving server;
    const std::string answers = server.send(get("/a", "") + get("/b"));
    CHECK(answers.find("GET /a at localhost") != std::string::npos);
    CHECK(answers.find("GET /b at localhost") != std::string::npos);
    for (const char* guard :
         {"X-Content-Type-Options: nosniff", "X-Frame-Options: DENY", "Referrer-Policy: no-referrer",
          "Content-Security-Policy: default-src 'none'", "Cache-Control: no-cache"})
        CHECK_MESSAGE(answers.find(guard) != std::string::npos, guard);
    CHECK(answers.find("Server:") == std::string::npos);
}

TEST_CASE("HEAD tells the length and sends nothing") {
    Serving server;
    const std::string answer = server.send("HEAD /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(answer.find("Content-Length: 3000000") != std::string::npos);
    CHECK(answer.ends_with("\r\n\r\n"));
}

TEST_CASE("a big answer arrives whole") {
    Serving server;
    const std::string answer = server.send(get("/big"));
    CHECK(answer.size() > big);
    CHECK(answer.ends_with(std::string(1000, 'x')));
}

TEST_CASE("what is no request, or too much of one, gets an answer and no more") {
    Serving server;
    CHECK(server.send("nonsense\r\n\r\n").starts_with("HTTP/1.1 400"));
    CHECK(server.send(get("/", "Content-Length: 5\r\n") + "hello").starts_with("HTTP/1.1 400"));
    CHECK(server.send(get("/", "X: " + std::string(BeastServer::header_bytes_max, 'x') + "\r\n"))
              .starts_with("HTTP/1.1 431"));
    CHECK(server.send(get("/still-there")).find("GET /still-there") != std::string::npos);
}

TEST_CASE("those who only hold connections keep nobody out for longer than they hold them") {
    Serving server;
    {
        std::vector<Local::socket> idle;
        for (unsigned count = 0; count < BeastServer::connections_max; ++count) {
            idle.push_back(server.connect());
            asio::write(idle.back(), asio::buffer(get("/x", "")));
            std::array<char, 1> first{};
            asio::read(idle.back(), asio::buffer(first));
        }
        CHECK(server.send("").empty());
    }
    std::string answer;
    while (answer.empty()) answer = server.send(get("/x"));
    CHECK(answer.find("GET /x") != std::string::npos);
}

TEST_CASE("a socket in the file system is for some or for all, and a place that is taken stays so") {
    for (const bool all : {false, true}) {
        Serving server(all);
        struct stat status {};
        REQUIRE(::stat(server.path().c_str(), &status) == 0);
        CHECK((status.st_mode & 0777U) == (all ? 0666 : 0660));
        asio::io_context loop;
        const auto another =
            BeastServer::listen(loop.get_executor(), config::ListenAtSocket{server.path()}, {}, reply_of);
        CHECK(another.error().message().find("another certferryd listens there") != std::string::npos);
    }
}

TEST_CASE("an address that this machine does not have") {
    asio::io_context loop;
    const auto server =
        BeastServer::listen(loop.get_executor(), config::ListenAtAddress{"203.0.113.7", 9812}, {}, reply_of);
    REQUIRE_FALSE(server.has_value());
    CHECK(server.error().message().starts_with("203.0.113.7:9812: "));
}

}  // namespace
}  // namespace certferry
