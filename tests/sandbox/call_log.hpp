// SPDX-License-Identifier: MIT
#pragma once

#include "base/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace certferry::sandbox {

/// One call of the API, as it is shown to people: no secret is in it.
struct LoggedCall {
    std::uint64_t number = 0;                          // growing from 1
    std::chrono::steady_clock::time_point first_byte;  // of the request
    WallTime arrived;
    std::string action;
    std::map<std::string, std::string> parameters;  // secret values are replaced by their length
    std::string code;                               // of the API's answer; empty where none was made
    std::string fault;                              // that struck it; empty for none
    bool answered = false;                          // false while it is still being served
};

/// The last calls in the order of their arrival, and how all of them ended.
class CallLog {
public:
    /// A call is in the log from its arrival on, so that a test can act while it is being served.
    std::uint64_t arrived(LoggedCall call);
    /// The call's outcome is `fault` where there was one, `code` otherwise.
    void answered(std::uint64_t number, const std::string& code, const std::string& fault);

    const std::deque<LoggedCall>& calls() const { return calls_; }
    /// How many calls of an action had an outcome.
    const std::map<std::string, std::map<std::string, unsigned>>& counters() const { return counters_; }

private:
    static constexpr std::size_t kept = 1000;

    std::uint64_t last_number_ = 0;
    std::deque<LoggedCall> calls_;
    std::map<std::string, std::map<std::string, unsigned>> counters_;
};

}  // namespace certferry::sandbox
