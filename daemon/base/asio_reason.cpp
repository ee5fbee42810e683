// SPDX-License-Identifier: MIT
#include "base/asio_reason.hpp"

#include <cctype>

namespace certferry {

std::string reason_of(const boost::system::error_code& error) {
    std::string text = error.message();
    if (!text.empty())
        text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
    return text;
}

}  // namespace certferry
