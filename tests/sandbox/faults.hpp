// SPDX-License-Identifier: MIT
#pragma once

#include "base/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace certferry::sandbox {

/// What can go wrong with a call. In each row: whether the call is carried out, and what the client gets.
enum class FaultKind {
    latency,       // carried out after `ms`, even when the client has gone meanwhile
    hold,          // kept waiting until the faults are cleared; carried out then, or before if `executed`
    reset_before,  // not carried out; the connection is reset
    reset_after,   // carried out; the connection is reset instead of an answer
    http_status,   // not carried out (unless `executed`); that HTTP status and a gateway's words
    error,         // not carried out (unless `executed`); the API's error of that code
    success_without_effect,  // a success is answered, nothing changes
    malformed,               // carried out (unless not `executed`); an answer that is no JSON
    html,                    // not carried out (unless `executed`); a web page with status 200
    huge,                    // carried out (unless not `executed`); an answer of `mib` MiB
    slow,                    // carried out; the answer's bytes come one by one, `ms` apart
    code_as_string,          // carried out; the code of the answer is a string
    partial,                 // a replacement changes the first listener only, and answers success
    unbind,                  // what a change would replace is unbound, and nothing bound instead; a success
};

std::string_view to_text(FaultKind kind);
std::optional<FaultKind> parse_fault_kind(std::string_view text);
/// All of them, as they are written: "latency, hold, …".
std::string fault_kinds();

struct Fault {
    FaultKind kind = FaultKind::latency;
    std::string action = "*";  // or one action's name
    unsigned after = 0;        // calls that are spared first
    unsigned times = 1;        // calls that are struck then
    bool executed = false;
    Duration delay{};  // "ms"
    unsigned status = 502;
    int code = 6000;                          // API 2.0's
    std::string code_desc = "InternalError";  // API 2.0's word, and API 3.0's code
    std::string message = "injected by the sandbox";
    unsigned mib = 8;
};

/// Whether a fault of this kind lets the call be carried out when nothing else is said.
bool executes_by_default(FaultKind kind);

/// What one call has to suffer: a delay, then at most one other fault.
struct Strike {
    Duration latency{};
    std::optional<Fault> fault;
    unsigned ordered = 0;  // which clearing of the faults it came after
};

/// The faults that were ordered and have not struck yet, in the order in which they were ordered.
class Faults {
public:
    void add(Fault fault) { pending_.push_back(std::move(fault)); }
    void clear() {
        pending_.clear();
        ++clearings_;
    }
    const std::vector<Fault>& pending() const { return pending_; }

    /// Draws what strikes this call. All latencies of the action add up; the first other fault that is due
    /// decides, and those behind it do not see the call.
    Strike strike(std::string_view action);
    /// Whether the faults have not been cleared since the call was struck.
    bool holds(const Strike& strike) const { return strike.ordered == clearings_; }

private:
    std::vector<Fault> pending_;
    unsigned clearings_ = 0;
};

}  // namespace certferry::sandbox
