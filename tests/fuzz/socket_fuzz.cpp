// SPDX-License-Identifier: MIT
// What is sent to the control socket: bytes that are requests, or not, in lines, or not.
#include "control/asio_control_server.hpp"
#include "fuzz/property.hpp"
#include "support/run.hpp"
#include "support/temp_dir.hpp"

#include <algorithm>

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace certferry::tests {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;
using namespace control;

class Silence final : public Log {
public:
    void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

class Server {
public:
    /// All that the server writes to who sends `bytes` and then nothing more.
    std::string answers_to(std::string_view bytes) { return run(loop_, converse(bytes)); }

private:
    static Awaitable<Answer> say_yes(Request /*request*/) { co_return Answer(); }

    Awaitable<std::string> converse(std::string_view bytes) {
        constexpr auto nothing_thrown = asio::as_tuple(asio::use_awaitable);
        stream_protocol::socket socket(loop_);
        socket.connect(stream_protocol::endpoint(path_.string()));
        co_await asio::async_write(socket, asio::buffer(bytes), nothing_thrown);
        boost::system::error_code hung_up;
        socket.shutdown(stream_protocol::socket::shutdown_send, hung_up);
        std::string answers;
        co_await asio::async_read(socket, asio::dynamic_buffer(answers), nothing_thrown);
        co_return answers;
    }

    TempDir dir_;
    std::filesystem::path path_ = dir_.path() / "control.sock";
    asio::io_context loop_;
    Silence log_;
    std::unique_ptr<AsioControlServer> server_ =
        AsioControlServer::listen(loop_.get_executor(), path_, false, say_yes, log_).value();
};

// The lines up to the first that is too long, which is answered as well, and ends the conversation.
std::size_t lines_heard(std::string_view bytes) {
    std::size_t lines = 0;
    for (std::size_t begin = 0; begin < bytes.size(); ++lines) {
        const std::size_t end = bytes.find('\n', begin);
        const bool whole = end != std::string_view::npos;
        if (std::min(end, bytes.size()) - begin >= request_bytes_max) return lines + 1;
        if (!whole) return lines;
        begin = end + 1;
    }
    return lines;
}

void check(std::string_view bytes, std::string_view answers) {
    std::size_t count = 0;
    for (; !answers.empty(); ++count) {
        const std::size_t end = answers.find('\n');
        demand(end != std::string_view::npos, "an answer is a whole line");
        demand(parse_answer(answers.substr(0, end)).has_value(), "what comes back is an answer");
        answers.remove_prefix(end + 1);
    }
    demand(count == lines_heard(bytes), "each line that is heard has its answer");
}

}  // namespace
}  // namespace certferry::tests

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace certferry::tests;
    static Server server;
    const std::string_view bytes = text_of(data, size);
    check(bytes, server.answers_to(bytes));
    return 0;
}
