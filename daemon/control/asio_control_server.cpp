// SPDX-License-Identifier: MIT
#include "control/asio_control_server.hpp"

#include "base/asio_socket_file.hpp"
#include "base/expect_no_exception.hpp"
#include "base/posix_machine.hpp"
#include "control/peer.hpp"

#include <chrono>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <sys/socket.h>
#include <unistd.h>

namespace certferry::control {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::local::stream_protocol;
using boost::system::error_code;

constexpr unsigned connections_max = 32;
constexpr auto silence_max = std::chrono::seconds(10);  // until a request comes, or a piece is taken
constexpr auto nothing_thrown = asio::as_tuple(asio::use_awaitable);

std::vector<std::uint32_t> groups_of(int socket) {
    socklen_t bytes = 0;
    ::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, nullptr, &bytes);  // fails with the length that it needs
    std::vector<std::uint32_t> groups(bytes / sizeof(std::uint32_t));
    if (groups.empty() || ::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &bytes) != 0)
        return {};
    return groups;
}

std::optional<Peer> peer_of(int socket) {
    ucred credentials{};
    socklen_t bytes = sizeof credentials;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &bytes) != 0) return std::nullopt;
    Peer peer;
    peer.user = credentials.uid;
    peer.groups = groups_of(socket);
    peer.groups.push_back(credentials.gid);
    return peer;
}

}  // namespace

// Connections hold it: what they await may end after the server has gone.
struct AsioControlServer::State {
    State(stream_protocol::acceptor listening, fs::path path_, Access access_, Handler handler_, Log& log_)
        : acceptor(std::move(listening)),
          path(std::move(path_)),
          access(access_),
          handler(std::move(handler_)),
          log(log_) {}

    stream_protocol::acceptor acceptor;
    fs::path path;
    Access access;
    Handler handler;
    Log& log;
    unsigned connections = 0;

    static Awaitable<void> accept(std::shared_ptr<State> state);
    static Awaitable<void> serve(std::shared_ptr<State> state, stream_protocol::socket socket);
    Awaitable<Answer> answer(Peer peer, std::string line);
    void note(const Peer& peer, const Request& request);
};

namespace {

// What keeps connections from being taken, as a lack of descriptors, takes time to pass.
Awaitable<void> breathe(asio::any_io_executor executor) {
    asio::steady_timer timer(executor, std::chrono::seconds(1));
    co_await timer.async_wait(nothing_thrown);
}

}  // namespace

Awaitable<void> AsioControlServer::State::accept(std::shared_ptr<State> state) {
    for (;;) {
        auto [failed, socket] = co_await state->acceptor.async_accept(nothing_thrown);
        if (failed == asio::error::operation_aborted || failed == asio::error::bad_descriptor) co_return;
        if (failed) co_await breathe(state->acceptor.get_executor());
        if (failed || state->connections == connections_max) continue;
        ++state->connections;
        asio::co_spawn(state->acceptor.get_executor(), serve(state, std::move(socket)),
                       [state](const std::exception_ptr& thrown) {
                           expect_no_exception(thrown);
                           --state->connections;
                       });
    }
}

namespace {

using namespace asio::experimental::awaitable_operators;

// A request's line; nothing at the end of the connection, or when it does not come.
Awaitable<std::optional<std::string>> read_line(stream_protocol::socket& socket, std::string& buffer) {
    asio::steady_timer timer(socket.get_executor(), silence_max);
    auto reading =
        asio::async_read_until(socket, asio::dynamic_buffer(buffer, request_bytes_max), '\n', nothing_thrown);
    auto done = co_await (std::move(reading) || timer.async_wait(nothing_thrown));
    if (done.index() != 0) co_return std::nullopt;
    const auto& [failed, bytes] = std::get<0>(done);
    if (failed == asio::error::not_found) co_return buffer;  // too long: nobody can read it
    if (failed) co_return std::nullopt;
    std::string line = buffer.substr(0, bytes - 1);
    buffer.erase(0, bytes);
    co_return line;
}

Awaitable<bool> write(stream_protocol::socket& socket, std::string_view bytes) {
    asio::steady_timer timer(socket.get_executor(), silence_max);
    auto writing = asio::async_write(socket, asio::buffer(bytes), nothing_thrown);
    auto done = co_await (std::move(writing) || timer.async_wait(nothing_thrown));
    co_return done.index() == 0 && !std::get<0>(std::get<0>(done));
}

Awaitable<bool> write_line(stream_protocol::socket& socket, Answer answer) {
    std::vector<std::string> pieces = render_pieces(std::move(answer));
    for (std::string& next : pieces) {
        const std::string piece = std::move(next);  // a long answer is given back by and by, too
        const bool taken = co_await write(socket, piece);
        if (!taken) co_return false;
    }
    co_return co_await write(socket, "\n");
}

}  // namespace

Awaitable<void> AsioControlServer::State::serve(std::shared_ptr<State> state,
                                                stream_protocol::socket socket) {
    const std::optional<Peer> peer = peer_of(socket.native_handle());
    if (!peer) co_return;
    std::string buffer;
    for (;;) {
        std::optional<std::string> line = co_await read_line(socket, buffer);
        if (!line) co_return;
        const bool whole = line->size() < request_bytes_max;
        Answer answer = co_await state->answer(*peer, std::move(*line));
        const bool taken = co_await write_line(socket, std::move(answer));
        if (!taken || !whole) co_return;
    }
}

Awaitable<Answer> AsioControlServer::State::answer(Peer peer, std::string line) {
    if (line.size() >= request_bytes_max)
        co_return failed(Error(Errc::request_invalid, "the request is too long"));
    const Result<Request> request = parse_request(line);
    if (!request) co_return failed(request.error());
    const Result<void> permitted = check_permitted(access, peer, request->command);
    if (!permitted) co_return failed(permitted.error());
    note(peer, *request);
    co_return co_await handler(*request);
}

void AsioControlServer::State::note(const Peer& peer, const Request& request) {
    if (traits(request.command).only_tells) return;
    log.write(LogLevel::info, "control.command",
              {{"command", std::string(traits(request.command).name)},
               {"mapping", request.mapping ? request.mapping->str() : ""},
               {"user", std::to_string(peer.user)}});
}

Result<std::unique_ptr<AsioControlServer>> AsioControlServer::listen(const asio::any_io_executor& executor,
                                                                     fs::path path, bool all_may_ask,
                                                                     Handler handler, Log& log) {
    const Access access{::geteuid(), group_named(commanding_group), all_may_ask};
    auto listening = listen_at(executor, path, {access.group, access.all_may_ask});
    if (!listening)
        return listening.error().with_remedy(
            "let the daemon's user make the socket, or set daemon.control_socket to another place");

    auto state =
        std::make_shared<State>(std::move(*listening), std::move(path), access, std::move(handler), log);
    asio::co_spawn(executor, State::accept(state), expect_no_exception);
    return std::unique_ptr<AsioControlServer>(new AsioControlServer(std::move(state)));
}

AsioControlServer::~AsioControlServer() {
    error_code ignored;
    state_->acceptor.close(ignored);
    ::unlink(state_->path.c_str());
}

}  // namespace certferry::control
