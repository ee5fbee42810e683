// SPDX-License-Identifier: MIT
#include "temporary_keys.hpp"

#include <fmt/format.h>

namespace certferry::sandbox {

IssuedKey issue_key(Keys& keys, std::mt19937_64& chance, std::chrono::seconds lifetime, WallTime now) {
    const std::string secret_id = fmt::format("AKIDtmp{:016x}", chance());
    const std::string secret_key = fmt::format("{:016x}{:016x}", chance(), chance());
    const std::string token = fmt::format("token-{:016x}{:016x}", chance(), chance());
    IssuedKey issued;
    issued.expires = std::chrono::floor<std::chrono::seconds>(now + lifetime);
    issued.fields = {{"TmpSecretId", secret_id}, {"TmpSecretKey", secret_key}, {"Token", token}};
    Key key;
    key.secret_key = Secret(secret_key);
    key.token = Secret(token);
    key.expires = issued.expires;
    keys.set(secret_id, std::move(key));
    return issued;
}

}  // namespace certferry::sandbox
