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

#include <curl/curl.h>

namespace certferry {

/// Whom a transfer believes: the system's roots, and those of its ca_file. Parsing the system's takes longer
/// than all the rest of a connection, so they are parsed once a day rather than for each.
class CurlTrust {
public:
    using Roots = std::shared_ptr<X509_STORE>;

    /// What of it `easy` needs until its transfer has ended. Errors: tls_untrusted, for a ca_file that cannot
    /// be read.
    Result<Roots> set(CURL* easy, const std::optional<std::filesystem::path>& ca_file);

private:
    struct Parsed {
        Roots roots;
        std::chrono::steady_clock::time_point at;
    };

    Result<Roots> roots_with(const std::string& extra, const std::filesystem::path& ca_file);

    std::map<std::string, Parsed> parsed_;  // by the text of the ca_file
};

}  // namespace certferry
