// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/http.hpp"
#include "report/notifier.hpp"

#include <string>

namespace certferry {

/// Posts message_json(). With a secret it is signed as https://www.standardwebhooks.com has it, so that
/// receivers have libraries for it: webhook-id, which is the same for the same message tried again,
/// webhook-timestamp, and webhook-signature, "v1," and the base64 of HMAC-SHA256 over id, timestamp and body,
/// joined by dots. The secret is base64, after "whsec_" or without.
class Webhook final : public Notifier {
public:
    /// `secret` may be empty: unsigned.
    Webhook(config::Webhook webhook, Duration timeout, Http& http, SecretSource secret,
            std::function<WallTime()> now);

    Awaitable<Result<void>> deliver(const Message& message) override;

private:
    Result<void> sign(HttpRequest& request, const std::string& id) const;

    config::Webhook webhook_;
    Duration timeout_;
    Http& http_;
    SecretSource secret_;
    std::function<WallTime()> now_;
};

/// A request that carries a message to `url`, which is https or this machine's http.
HttpRequest message_request(const std::string& url, const boost::json::object& body, Duration timeout,
                            const std::optional<std::filesystem::path>& ca_file);

}  // namespace certferry
