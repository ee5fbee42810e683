// SPDX-License-Identifier: MIT
#include "control/client/asio_call.hpp"

#include <chrono>
#include <optional>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

namespace certferry::client {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;
using boost::system::error_code;

Error cannot_connect(const std::filesystem::path& socket, const error_code& failed) {
    if (failed == asio::error::access_denied)
        return {Errc::not_permitted, fmt::format("{}: {}", socket.string(), failed.message())};
    return {Errc::daemon_unreachable,
            fmt::format("certferryd does not run: {}: {}", socket.string(), failed.message())};
}

}  // namespace

Result<control::Answer> call(const std::filesystem::path& path, const control::Request& request,
                             Duration patience, const std::function<void(Duration)>& tick) {
    asio::io_context loop;
    stream_protocol::socket socket(loop);
    error_code failed;
    socket.connect(stream_protocol::endpoint(path.string()), failed);
    if (failed) return cannot_connect(path, failed);
    asio::write(socket, asio::buffer(control::render(request) + '\n'), failed);

    std::string line;
    std::optional<error_code> ended;
    if (failed) ended = failed;
    asio::async_read_until(socket, asio::dynamic_buffer(line), '\n',
                           [&](const error_code& read_failed, std::size_t) { ended = read_failed; });
    const auto began = std::chrono::steady_clock::now();
    for (Duration waited{}; !ended && waited < patience;
         waited = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began)) {
        if (waited >= std::chrono::seconds(1)) tick(waited);
        loop.run_for(std::chrono::seconds(1));
    }
    if (!ended)
        return Error(Errc::daemon_silent,
                     fmt::format("certferryd has not answered within {}", to_rough_text(patience)));
    if (*ended) return Error(Errc::daemon_silent, "certferryd has hung up before it answered");
    return control::parse_answer(line);
}

}  // namespace certferry::client
