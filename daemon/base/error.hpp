// SPDX-License-Identifier: MIT
#pragma once

#include "base/ids.hpp"

#include <array>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace certferry {

/// What a failure means for the one layer that retries.
enum class ErrorClass {
    transient,    // try again, later and later
    throttled,    // the API asks for fewer requests
    busy,         // the load balancer is at work on another change: a short retry of its own
    clock_skew,   // sign again with the server's time, once
    credentials,  // read the credentials again, once; then wait for better ones
    permanent,    // nothing here changes by waiting
    ambiguous,    // it may have happened: read back before anything is repeated
    refused,      // certferry itself refuses: the bundle did not pass
};

/// For metrics: stable.
constexpr std::string_view to_text(ErrorClass error_class) {
    constexpr std::array<std::string_view, 8> words = {"transient",   "throttled", "busy",      "clock_skew",
                                                       "credentials", "permanent", "ambiguous", "refused"};
    return words.at(static_cast<std::size_t>(error_class));
}

/// Every failure that certferry knows. One row each in the table of error.cpp.
enum class Errc {
    // files
    file_missing,
    file_unreadable,
    file_unfit,
    // bundle
    pem_invalid,
    key_encrypted,
    key_missing,
    key_mismatch,
    leaf_ambiguous,
    bundle_changing,
    // gate
    not_yet_valid,
    expired,
    expires_too_soon,
    chain_incomplete,
    issuer_untrusted,
    names_lost,
    older_than_deployed,
    not_a_ca,
    // transport
    unreachable,
    tls_untrusted,
    read_failed,
    answer_lost,
    answer_malformed,
    // cloud
    api_throttled,
    api_busy,
    api_clock_skew,
    api_credentials,
    api_forbidden,
    api_not_found,
    api_invalid,
    api_gone,
    api_internal,
    api_partial,
    api_unsupported,
    api_in_use,
    api_unknown,
    // rotation
    upload_gone,
    unbound,
    head_stale,
    split,
    binding_lost,
    not_proven,
    binding_altered,
    served_other,
    rolled_back,
    // journal
    journal_locked,
    journal_unwritable,
    journal_corrupt,
    journal_newer,
    journal_conflict,
    // service
    config_invalid,
    credentials_missing,
    not_delivered,
    paused,
    under_way,
    interrupted,
    // commands
    daemon_unreachable,
    daemon_silent,
    not_permitted,
    request_invalid,
    declined,
};

/// One row of the table.
struct ErrorTraits {
    Errc code;
    std::string_view label;  // for logs, metrics, JSON and the journal: stable
    ErrorClass error_class;
    int exit_code;            // of the commands: a row of base/exit_codes.hpp
    std::string_view remedy;  // what a person can do, in the imperative; empty where waiting is all
};

const ErrorTraits& traits(Errc code);

/// The API's own words, never lost and never trusted: as they came, bounded in length.
struct ApiAnswer {
    std::string code;
    std::string message;
    RequestId request_id;
};

/// A failure as a value: which one, and a sentence that names the place and the reason.
/// A class rather than an aggregate: GCC 12 destroys braced aggregate temporaries twice beside a co_await.
class Error {
public:
    /// No failure: what Result's error() gives when there is none.
    Error() = default;
    Error(Errc code, std::string message) : code_(code), message_(std::move(message)) {}

    Errc code() const { return code_; }
    ErrorClass error_class() const { return traits(code_).error_class; }
    std::string_view label() const { return traits(code_).label; }
    const std::string& message() const { return message_; }
    /// Null where the API said nothing.
    const ApiAnswer* api() const { return api_.get(); }
    /// What a person can do: this failure's own remedy, or else its row's.
    std::string_view remedy() const { return remedy_.empty() ? traits(code_).remedy : remedy_; }

    /// Adds where it happened, outermost first: "upload: ssl.tencentcloudapi.com: connection refused".
    Error within(std::string_view place) const;
    Error with_api(ApiAnswer answer) const;
    /// A remedy that knows more than the table's row, and takes its place.
    Error with_remedy(std::string remedy) const;
    /// The same failure, known to be another one where it happened: a lost answer to a call that changes
    /// something is ambiguous, to a read it is not.
    Error as(Errc code) const;

private:
    Errc code_ = Errc::interrupted;
    std::string message_;
    std::string remedy_;  // empty where the row's serves
    // Apart: every target has room for an error, few ever have one, and fewer one of the API.
    std::shared_ptr<const ApiAnswer> api_;
};

/// What a person is shown: message, the API's own code and RequestId, and the remedy as a sentence of its
/// own: "/etc/x.pem: Permission denied. Let the daemon's user read the file …".
std::string describe(const Error& error);
std::ostream& operator<<(std::ostream& out, const Error& error);

}  // namespace certferry
