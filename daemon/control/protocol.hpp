// SPDX-License-Identifier: MIT
#pragma once

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "control/command.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

/// What goes over the control socket: a request is a JSON object on a line, and so is its answer. A
/// connection may carry several, one after the other.
///
///     {"command":"rotate","mapping":"www","wait":true,"timeout":"2m"}
///     {"exit_code":0,"result":{"version":1,"targets":[…]}}
///     {"exit_code":4,"error":"no mapping is named \"ww\". Did you mean \"www\"?"}
namespace certferry::control {

/// The longest request.
inline constexpr std::size_t request_bytes_max = 16UL * 1024;

struct Request {
    Command command = Command::status;
    std::optional<MappingName> mapping;            // none: all of them
    std::optional<std::filesystem::path> lineage;  // of notify: the directory that was renewed
    std::optional<CertificateId> certificate;      // of adopt
    std::string level;                             // of log-level
    bool anew = false;                             // of rotate: prove also what is deployed already
    bool notify = false;                           // of doctor: send a test by each notifier
    bool wait = false;                             // of rotate and notify: answer when it is over
    Duration timeout = std::chrono::minutes(5);    // of that
};

/// The longest `timeout`.
inline constexpr Duration timeout_max = std::chrono::hours(1);

struct Answer {
    int exit_code = 0;           // a row of base/exit_codes.hpp
    std::string error;           // why it is not 0, for people; may be empty where the result says it
    boost::json::object result;  // of the command; empty where there is none
    std::vector<std::string> long_result;  // instead of it, its text in pieces, where it may be large
};

std::string render(const Request& request);  // without the line break
std::string render(Answer answer);
/// The same in pieces, which a large answer is sent in.
std::vector<std::string> render_pieces(Answer answer);

/// Errors: request_invalid, which says what is wrong with it.
Result<Request> parse_request(std::string_view line);
/// Errors: answer_malformed.
Result<Answer> parse_answer(std::string_view line);

/// The answer that something failed.
Answer failed(const Error& error);

}  // namespace certferry::control
