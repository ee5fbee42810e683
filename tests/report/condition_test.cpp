// SPDX-License-Identifier: MIT
#include "report/condition.hpp"

#include "rotate/rotation_world.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;
using namespace std::chrono_literals;

struct Stand {
    Stand() {
        mapping.mapping = MappingName("www");
        target.target = {AccountName("default"), CertificateId("4b9fc92b")};
        target.deployed.id = CertificateId("4b9fc92b");
        rotation.number = 7;
        rotation.mapping = mapping.mapping;
        rotation.began = today;
        rotation.old_id = CertificateId("4b9fc92b");
    }

    TargetCondition judged(WallTime now = today) {
        target.latest = rotation;
        return condition_of(mapping, target, now);
    }

    void pause(PauseKind kind, const char* reason) {
        Pause why;
        why.kind = kind;
        why.reason = reason;
        why.detail = "it says why";
        rotation.pause = why;
    }

    MappingState mapping;
    TargetState target;
    Rotation rotation;
};

TEST_CASE("what is held or rejected fails at once, what waits only when that lasts") {
    Stand stand;
    stand.pause(PauseKind::held, "names_lost");
    CHECK(stand.judged().trouble == "held names_lost");
    stand.pause(PauseKind::rejected, "api_invalid");
    const TargetCondition rejected = stand.judged();
    CHECK(rejected.condition == Condition::failing);
    CHECK(rejected.why == "it says why");
    CHECK(rejected.next.find("certferry rotate www") != std::string::npos);

    stand.pause(PauseKind::waiting, "unreachable");
    CHECK(stand.judged(today + 29min).condition == Condition::undecided);
    const TargetCondition failing = stand.judged(today + 30min);
    CHECK(failing.condition == Condition::failing);
    stand.pause(PauseKind::waiting, "read_failed");
    CHECK_MESSAGE(stand.judged(today + 40min).trouble == failing.trouble,
                  "what fails in one way or another from attempt to attempt is one failure");
}

TEST_CASE("a listener without a certificate is told at once") {
    Stand stand;
    stand.pause(PauseKind::waiting, "binding_lost");
    CHECK(stand.judged().condition == Condition::failing);
}

TEST_CASE("what is on its way is neither well nor failing, what is done is well") {
    Stand stand;
    stand.rotation.stage = Stage::verifying;
    CHECK(stand.judged().condition == Condition::undecided);
    stand.rotation.stage = Stage::done;
    CHECK(stand.judged().condition == Condition::well);
    CHECK(stand.judged().done == 7);
}

TEST_CASE("files that do not fit together are a failure once that has lasted") {
    Stand stand;
    stand.rotation.stage = Stage::done;
    stand.mapping.trouble = Error(Errc::key_mismatch, "the key is another's");
    CHECK(stand.judged().condition == Condition::undecided);
    stand.mapping.trouble_lasts = true;
    CHECK(stand.judged().trouble == "unusable key_mismatch");
}

TEST_CASE("what is done is not well before its files were looked at, what is rejected fails already") {
    Stand stand;
    stand.rotation.stage = Stage::done;
    stand.mapping.unlooked = true;
    CHECK(stand.judged().condition == Condition::undecided);
    stand.pause(PauseKind::rejected, "api_invalid");
    CHECK(stand.judged().condition == Condition::failing);
}

TEST_CASE("what a person holds fails for nobody") {
    Stand stand;
    stand.pause(PauseKind::held, "names_lost");
    stand.mapping.on_hold = today;
    CHECK(stand.judged().condition == Condition::undecided);
}

}  // namespace
}  // namespace certferry
