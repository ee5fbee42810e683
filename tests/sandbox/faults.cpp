// SPDX-License-Identifier: MIT
#include "faults.hpp"

#include <algorithm>
#include <array>

namespace certferry::sandbox {
namespace {

struct KindRow {
    FaultKind kind;
    std::string_view text;
    bool executes;
};

constexpr std::array kinds = {
    KindRow{FaultKind::latency, "latency", true},
    KindRow{FaultKind::hold, "hold", false},
    KindRow{FaultKind::reset_before, "reset_before", false},
    KindRow{FaultKind::reset_after, "reset_after", true},
    KindRow{FaultKind::http_status, "http_status", false},
    KindRow{FaultKind::error, "error", false},
    KindRow{FaultKind::success_without_effect, "success_without_effect", true},
    KindRow{FaultKind::malformed, "malformed", true},
    KindRow{FaultKind::html, "html", false},
    KindRow{FaultKind::huge, "huge", true},
    KindRow{FaultKind::slow, "slow", true},
    KindRow{FaultKind::code_as_string, "code_as_string", true},
    KindRow{FaultKind::partial, "partial", true},
    KindRow{FaultKind::unbind, "unbind", true},
};

/// Counts this call against the fault; whether it is struck.
bool due(Fault& fault) {
    if (fault.after > 0) {
        --fault.after;
        return false;
    }
    --fault.times;
    return true;
}

}  // namespace

std::string_view to_text(FaultKind kind) {
    return std::ranges::find(kinds, kind, &KindRow::kind)->text;
}

std::optional<FaultKind> parse_fault_kind(std::string_view text) {
    const auto* const row = std::ranges::find(kinds, text, &KindRow::text);
    if (row == kinds.end()) return std::nullopt;
    return row->kind;
}

std::string fault_kinds() {
    std::string list;
    for (const KindRow& row : kinds) list += (list.empty() ? "" : ", ") + std::string(row.text);
    return list;
}

bool executes_by_default(FaultKind kind) {
    return std::ranges::find(kinds, kind, &KindRow::kind)->executes;
}

Strike Faults::strike(std::string_view action) {
    Strike strike;
    strike.ordered = clearings_;
    for (Fault& fault : pending_) {
        if (fault.action != "*" && fault.action != action) continue;
        const bool delays = fault.kind == FaultKind::latency;
        if (!delays && strike.fault) continue;
        if (!due(fault)) continue;
        if (delays)
            strike.latency += fault.delay;
        else
            strike.fault = fault;
    }
    std::erase_if(pending_, [](const Fault& fault) { return fault.times == 0; });
    return strike;
}

}  // namespace certferry::sandbox
