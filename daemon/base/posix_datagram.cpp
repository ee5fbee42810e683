// SPDX-License-Identifier: MIT
#include "base/posix_datagram.hpp"

#include "base/posix_files.hpp"

#include <algorithm>
#include <cstddef>

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

// Of an abstract name the first byte is a zero, and its length is its end.
Address address_of(const std::string& text) {
    Address address;
    address.name.sun_family = AF_UNIX;
    const std::size_t length = std::min(text.size(), sizeof(address.name.sun_path) - 1);
    std::copy_n(text.begin(), length, address.name.sun_path);
    if (text.starts_with('@')) address.name.sun_path[0] = '\0';
    address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
    return address;
}

timeval to_timeval(Duration duration) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
    return {seconds.count(), std::chrono::microseconds(duration - seconds).count()};
}

}  // namespace

bool send_datagram(const std::string& address, std::string_view text, Duration patience) {
    const OwnedDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket.valid()) return false;
    const timeval wait = to_timeval(patience);
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &longest, sizeof longest);
    const Address to = address_of(address);
    return ::sendto(socket.get(), text.data(), text.size(), MSG_NOSIGNAL,
                    reinterpret_cast<const sockaddr*>(&to.name), to.size) >= 0;
}

}  // namespace certferry
