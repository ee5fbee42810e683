// SPDX-License-Identifier: MIT
#include "base/posix_datagram.hpp"

#include "base/posix_files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <optional>

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

namespace certferry {
namespace {

constexpr int longest = 8 << 20;  // bytes, where the kernel allows it

struct Address {
    sockaddr_un name{};
    socklen_t size = 0;
};

// Of an abstract name the first byte is a zero, and its length is its end. Nothing for one that is too long.
std::optional<Address> address_of(const std::string& text) {
    Address address;
    address.name.sun_family = AF_UNIX;
    if (text.size() >= sizeof(address.name.sun_path)) return std::nullopt;
    std::copy(text.begin(), text.end(), address.name.sun_path);
    if (text.starts_with('@')) address.name.sun_path[0] = '\0';
    address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + text.size());
    return address;
}

timeval to_timeval(Duration duration) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
    return {seconds.count(), std::chrono::microseconds(duration - seconds).count()};
}

}  // namespace

bool send_datagram(const std::string& address, std::string_view text, Duration patience) {
    const OwnedDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const std::optional<Address> to = address_of(address);
    if (!socket.valid() || !to) return false;
    // A time of zero would mean for ever.
    const int flags = MSG_NOSIGNAL | (patience > Duration::zero() ? 0 : MSG_DONTWAIT);
    const timeval wait = to_timeval(patience);
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &longest, sizeof longest);
    ssize_t sent = 0;
    do
        sent = ::sendto(socket.get(), text.data(), text.size(), flags,
                        reinterpret_cast<const sockaddr*>(&to->name), to->size);
    while (sent < 0 && errno == EINTR);
    return sent >= 0;
}

}  // namespace certferry
