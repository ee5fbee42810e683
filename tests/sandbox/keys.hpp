// SPDX-License-Identifier: MIT
#pragma once

#include "base/secret.hpp"
#include "base/time.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

namespace certferry::sandbox {

struct Key {
    Secret secret_key;
    Secret token;  // of a temporary one, to be sent along
    std::optional<WallTime> expires;

    bool admits(std::string_view sent_token, WallTime now) const {
        return token.reveal() == sent_token && (!expires || now < *expires);
    }
};

/// The API keys of the one account that there is.
class Keys {
public:
    void set(const std::string& secret_id, Key key) { keys_[secret_id] = std::move(key); }
    void disable(const std::string& secret_id) { keys_.erase(secret_id); }
    /// Null when it is unknown or disabled.
    const Key* find(const std::string& secret_id) const {
        const auto found = keys_.find(secret_id);
        return found == keys_.end() ? nullptr : &found->second;
    }

private:
    std::map<std::string, Key> keys_;
};

/// Remembers which signed requests came, for as long as their timestamps are good.
class ReplayGuard {
public:
    /// How far a timestamp may be from the server's clock (cloud.tencent.com/document/api/239/1757).
    static constexpr std::chrono::minutes tolerance{5};

    static bool timely(std::chrono::sys_seconds stamp, WallTime now) {
        return stamp >= now - tolerance && stamp <= now + tolerance;
    }

    /// False when the very same came before. Timestamp and Nonce together make a request unique.
    bool remember(const std::string& secret_id, std::chrono::sys_seconds stamp, const std::string& nonce,
                  WallTime now) {
        std::erase_if(seen_, [&](const Seen& seen) { return !timely(std::get<0>(seen), now); });
        return seen_.emplace(stamp, nonce, secret_id).second;
    }

private:
    using Seen = std::tuple<std::chrono::sys_seconds, std::string, std::string>;
    std::set<Seen> seen_;
};

}  // namespace certferry::sandbox
