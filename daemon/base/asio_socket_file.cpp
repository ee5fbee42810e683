// SPDX-License-Identifier: MIT
#include "base/asio_socket_file.hpp"

#include <cerrno>
#include <system_error>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace certferry {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::local::stream_protocol;
using boost::system::error_code;

Error cannot_listen(const fs::path& path, const std::string& why) {
    return {Errc::declined, fmt::format("{}: {}", path.string(), why)};
}

// A socket that is left over from a daemon that was killed answers no one.
Result<void> clear_place(const fs::path& path) {
    asio::io_context probing;
    error_code failed;
    stream_protocol::socket socket(probing);
    socket.connect(stream_protocol::endpoint(path.string()), failed);
    if (!failed) return cannot_listen(path, "another certferryd listens there");
    if (failed == asio::error::connection_refused) ::unlink(path.c_str());
    return {};
}

Result<void> make_directory(const fs::path& directory) {
    if (::mkdir(directory.c_str(), 0755) == 0 || errno == EEXIST) return {};
    return cannot_listen(directory, std::system_category().message(errno));
}

// The kernel asks who may write to a socket.
void open_to(const fs::path& path, const SocketAudience& audience) {
    if (audience.group) (void)!::chown(path.c_str(), static_cast<uid_t>(-1), *audience.group);
    ::chmod(path.c_str(), audience.everyone ? 0666 : 0660);
}

}  // namespace

Result<stream_protocol::acceptor> listen_at(const asio::any_io_executor& executor, const fs::path& path,
                                            const SocketAudience& audience) {
    if (const auto made = make_directory(path.parent_path()); !made) return made.error();
    if (path.string().size() >= sizeof(sockaddr_un::sun_path))
        return cannot_listen(path, "the path is too long for a socket");
    if (const auto clear = clear_place(path); !clear) return clear.error();

    stream_protocol::acceptor acceptor(executor);
    error_code failed;
    acceptor.open({}, failed);
    if (!failed) acceptor.bind(stream_protocol::endpoint(path.string()), failed);
    if (failed) return cannot_listen(path, failed.message());
    open_to(path, audience);
    acceptor.listen(asio::socket_base::max_listen_connections, failed);
    if (failed) return cannot_listen(path, failed.message());
    return acceptor;
}

}  // namespace certferry
