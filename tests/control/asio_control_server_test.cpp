// SPDX-License-Identifier: MIT
#include "control/asio_control_server.hpp"

#include "control/client/asio_call.hpp"
#include "support/recorded_log.hpp"
#include "support/temp_dir.hpp"

#include <thread>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>
#include <sys/stat.h>

namespace certferry::control {
namespace {

using namespace tests;
using namespace std::chrono_literals;
namespace asio = boost::asio;

// A server on a thread of its own, which answers with what it is asked for.
class Listening {
public:
    explicit Listening(bool all_may_ask = false) {
        auto handler = [](Request request) -> Awaitable<Answer> {
            Answer answer;
            answer.exit_code = 7;
            answer.error = traits(request.command).name;
            co_return answer;
        };
        auto listening = AsioControlServer::listen(loop_.get_executor(), path(), all_may_ask, handler, log_);
        REQUIRE_MESSAGE(listening.has_value(), listening.error().message());
        server_ = std::move(*listening);
        thread_ = std::thread([this] { loop_.run(); });
    }
    ~Listening() {
        loop_.stop();
        thread_.join();
    }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;

    std::filesystem::path path() const { return directory_.path() / "run" / "control.sock"; }

    Result<std::unique_ptr<AsioControlServer>> another() {
        return AsioControlServer::listen(loop_.get_executor(), path(), false, {}, log_);
    }

    /// What comes back for these bytes, up to the end of the connection or `lines` of them.
    std::string send(const std::string& bytes, int lines) const {
        asio::io_context loop;
        asio::local::stream_protocol::socket socket(loop);
        socket.connect(asio::local::stream_protocol::endpoint(path().string()));
        asio::write(socket, asio::buffer(bytes));
        std::string buffer;
        std::string all;
        boost::system::error_code ended;
        while (lines-- > 0 && !ended) {
            const std::size_t length = asio::read_until(socket, asio::dynamic_buffer(buffer), '\n', ended);
            all += buffer.substr(0, length);
            buffer.erase(0, length);
        }
        return all;
    }

private:
    TempDir directory_;
    RecordedLog log_;
    asio::io_context loop_{1};
    std::unique_ptr<AsioControlServer> server_;
    std::thread thread_;
};

TEST_CASE("the daemon is asked and answers") {
    const Listening daemon;
    Request request;
    request.command = Command::reload;
    const auto answer = client::call(daemon.path(), request, 10s, [](Duration) {});
    REQUIRE_MESSAGE(answer.has_value(), answer.error().message());
    CHECK(answer->exit_code == 7);
    CHECK(answer->error == "reload");
}

TEST_CASE("a connection carries several requests, and survives a bad one") {
    const Listening daemon;
    CHECK(daemon.send("{\"command\":\"status\"}\nnonsense\n{\"command\":\"plan\"}\n", 3) ==
          "{\"exit_code\":7,\"error\":\"status\"}\n"
          "{\"exit_code\":2,\"error\":\"not JSON: syntax error\"}\n"
          "{\"exit_code\":7,\"error\":\"plan\"}\n");
}

TEST_CASE("a request without an end is cut off with an answer") {
    const Listening daemon;
    const std::string answers = daemon.send(std::string(request_bytes_max, 'x'), 2);
    CHECK(answers == "{\"exit_code\":2,\"error\":\"the request is too long\"}\n");
}

TEST_CASE("the socket is for some or for all, as configured") {
    for (const bool all : {false, true}) {
        const Listening daemon(all);
        struct stat status {};
        REQUIRE(::stat(daemon.path().c_str(), &status) == 0);
        CHECK((status.st_mode & 0777U) == (all ? 0666 : 0660));
    }
}

TEST_CASE("a place where a daemon listens is not taken from it") {
    Listening daemon;
    const auto another = daemon.another();
    REQUIRE_FALSE(another.has_value());
    CHECK(another.error().message().find("another certferryd listens there") != std::string::npos);
    CHECK(client::call(daemon.path(), Request(), 10s, [](Duration) {}).has_value());
}

TEST_CASE("a socket that a killed daemon left behind is replaced; where nobody listens, that is said") {
    const TempDir directory;
    const auto path = directory.path() / "control.sock";
    const auto missing = client::call(path, Request(), 1s, [](Duration) {});
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().code() == Errc::daemon_unreachable);

    asio::io_context loop;
    {
        asio::local::stream_protocol::acceptor left(loop,
                                                    asio::local::stream_protocol::endpoint(path.string()));
    }
    CHECK(client::call(path, Request(), 1s, [](Duration) {}).error().code() == Errc::daemon_unreachable);
    RecordedLog log;
    CHECK(AsioControlServer::listen(loop.get_executor(), path, false, {}, log).has_value());
    CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a place that cannot be used") {
    asio::io_context loop;
    RecordedLog log;
    const TempDir directory;
    const auto nowhere = directory.path() / "no" / "such" / "control.sock";
    CHECK(AsioControlServer::listen(loop.get_executor(), nowhere, false, {}, log).has_error());
    const auto long_one = directory.path() / std::string(200, 'x');
    CHECK(AsioControlServer::listen(loop.get_executor(), long_one, false, {}, log)
              .error()
              .message()
              .find("too long") != std::string::npos);
}

}  // namespace
}  // namespace certferry::control
