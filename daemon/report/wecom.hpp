// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/http.hpp"
#include "report/notifier.hpp"

#include <string>
#include <string_view>

namespace certferry {

/// The longest text that a robot takes, in bytes of UTF-8
/// (https://developer.work.weixin.qq.com/document/path/91770).
inline constexpr std::size_t wecom_text_max = 2048;

/// Speaks through the robot of a WeCom group, as text. The robot's key is in its address; what its console
/// shows serves for a secret, whole or only the key. Success is an errcode of 0.
class Wecom final : public Notifier {
public:
    Wecom(config::Wecom wecom, Duration timeout, Http& http, SecretSource secret);

    Awaitable<Result<void>> deliver(const Message& message) override;

private:
    config::Wecom wecom_;
    Duration timeout_;
    Http& http_;
    SecretSource secret_;
};

/// At most `max_bytes` of a text, cut between characters, and with "…" where it was cut.
std::string shortened(const std::string& text, std::size_t max_bytes);

}  // namespace certferry
