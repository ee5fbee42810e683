// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "bundle/openssl_ptr.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ssl/context.hpp>
#include <openssl/ssl.h>

namespace certferry {

using TlsSessionPtr = std::unique_ptr<SSL_SESSION, OpensslFree<SSL_SESSION_free>>;

/// Roots, and the TLS sessions that they have vouched for. What two roots have vouched for is never mixed.
struct TlsRoots {
    explicit TlsRoots(std::chrono::steady_clock::time_point now) : since(now) {}

    boost::asio::ssl::context context{boost::asio::ssl::context::tls_client};
    std::map<std::string, TlsSessionPtr> sessions;  // by authority; the latest of each, to be resumed
    std::chrono::steady_clock::time_point since;
};

/// Whom a connection believes: the system's roots, and those of its ca_file. They are read once a day, since
/// a file with all of the system's takes longer than all the rest of a connection, and since a session that
/// is resumed is not verified again.
class TlsTrust {
public:
    /// For TLS 1.2 or later, always verified. Errors: tls_untrusted, for a ca_file that cannot be read.
    Result<std::shared_ptr<TlsRoots>> roots(const std::optional<std::filesystem::path>& ca_file,
                                            std::chrono::steady_clock::time_point now);

private:
    std::map<std::string, std::shared_ptr<TlsRoots>> read_;  // by the text of the ca_file
};

}  // namespace certferry
