// SPDX-License-Identifier: MIT
#include "faults.hpp"

#include <doctest/doctest.h>

namespace certferry::sandbox {
namespace {

Fault make_fault(FaultKind kind, const std::string& action) {
    Fault fault;
    fault.kind = kind;
    fault.action = action;
    fault.delay = Duration(100);
    return fault;
}

TEST_CASE("latencies add up and go with another fault") {
    Faults faults;
    faults.add(make_fault(FaultKind::latency, "*"));
    faults.add(make_fault(FaultKind::html, "ReplaceCert"));
    faults.add(make_fault(FaultKind::latency, "ReplaceCert"));
    const Strike strike = faults.strike("ReplaceCert");
    CHECK(strike.latency == Duration(200));
    REQUIRE(strike.fault);
    CHECK(strike.fault->kind == FaultKind::html);
    CHECK(faults.pending().empty());
}

TEST_CASE("a fault behind another one waits for a call of its own") {
    Faults faults;
    faults.add(make_fault(FaultKind::reset_before, "ReplaceCert"));
    faults.add(make_fault(FaultKind::reset_after, "ReplaceCert"));
    CHECK(faults.strike("ReplaceCert").fault->kind == FaultKind::reset_before);
    CHECK(faults.strike("ReplaceCert").fault->kind == FaultKind::reset_after);
    CHECK_FALSE(faults.strike("ReplaceCert").fault);
}

TEST_CASE("a fault of one action neither strikes nor counts the calls of others") {
    Faults faults;
    Fault fault = make_fault(FaultKind::html, "ReplaceCert");
    fault.after = 1;
    faults.add(fault);
    CHECK_FALSE(faults.strike("CertUpload").fault);
    CHECK_FALSE(faults.strike("ReplaceCert").fault);
    CHECK(faults.strike("ReplaceCert").fault);
}

TEST_CASE("clearing releases what was held before, not what is held after") {
    Faults faults;
    faults.add(make_fault(FaultKind::hold, "*"));
    const Strike before = faults.strike("ReplaceCert");
    CHECK(faults.holds(before));
    faults.clear();
    CHECK_FALSE(faults.holds(before));
    faults.add(make_fault(FaultKind::hold, "*"));
    CHECK(faults.holds(faults.strike("ReplaceCert")));
}

}  // namespace
}  // namespace certferry::sandbox
