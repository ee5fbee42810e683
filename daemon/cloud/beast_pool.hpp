// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/beast_connection.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace certferry {

/// Where a connection leads, and who vouches for it. One that only an account's ca_file vouches for is never
/// used for another account.
using ConnectionPlace = std::pair<std::string, std::shared_ptr<TlsRoots>>;

/// Connections that wait for the next request which only reads.
class BeastPool {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// The one used last that is still good; null where there is none.
    std::unique_ptr<BeastConnection> take(const ConnectionPlace& place, TimePoint now);
    void put(const ConnectionPlace& place, std::unique_ptr<BeastConnection> connection, TimePoint now);

private:
    struct Kept {
        std::unique_ptr<BeastConnection> connection;
        TimePoint since;
    };

    void drop_old(TimePoint now);

    std::map<ConnectionPlace, std::vector<Kept>> kept_;
};

}  // namespace certferry
