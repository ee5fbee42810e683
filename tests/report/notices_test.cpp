// SPDX-License-Identifier: MIT
#include "report/notices.hpp"

#include "rotate/rotation_world.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;
using namespace std::chrono_literals;
using Kinds = std::vector<std::string>;

const TargetKey www{AccountName("default"), CertificateId("4b9fc92b")};

TargetCondition well(std::int64_t done = 0) {
    TargetCondition target;
    target.mapping = MappingName("www");
    target.target = www;
    target.condition = Condition::well;
    target.deployed = CertificateId("e2b6d555");
    target.replaced = CertificateId("4b9fc92b");
    target.done = done;
    return target;
}

TargetCondition failing(const std::string& trouble) {
    TargetCondition target = well();
    target.condition = Condition::failing;
    target.trouble = target.reason = trouble;
    return target;
}

TargetCondition undecided() {
    TargetCondition target = well();
    target.condition = Condition::undecided;
    return target;
}

// A notifier that is always told, and never fails.
struct Listener {
    Kinds hears(const TargetCondition& condition, WallTime now = today) {
        const bool differs = certferry::differs(condition, told, now);
        const ToldByTarget met = first_acquaintance({condition}, told, since);
        told.insert(met.begin(), met.end());
        Decision decision = decide({condition}, told, now, 100);
        CHECK(differs == (!met.empty() || !decision.notices.empty() || !decision.told.empty()));
        for (const auto& [target, what] : decision.told) told[target] = what;
        Kinds kinds;
        for (const Notice& notice : decision.notices) kinds.emplace_back(to_text(notice.kind));
        return kinds;
    }

    WallTime since = today;
    ToldByTarget told;
};

TEST_CASE("a failure is told once, and its end") {
    Listener listener;
    CHECK(listener.hears(failing("held names_lost")) == Kinds{"failed"});
    CHECK(listener.hears(failing("held names_lost"), today + 1h).empty());
    CHECK(listener.hears(undecided(), today + 2h).empty());
    CHECK(listener.hears(failing("held names_lost"), today + 3h).empty());
    CHECK(listener.hears(well(), today + 4h) == Kinds{"recovered"});
    CHECK(listener.hears(well(), today + 5h).empty());
}

TEST_CASE("another failure is news, and one that lasts is told every day") {
    Listener listener;
    CHECK(listener.hears(failing("waiting")) == Kinds{"failed"});
    CHECK(listener.hears(failing("rejected api_invalid"), today + 1h) == Kinds{"failed"});
    CHECK(listener.hears(failing("rejected api_invalid"), today + 24h).empty());
    CHECK(listener.hears(failing("rejected api_invalid"), today + 25h) == Kinds{"still_failing"});
    CHECK(listener.hears(failing("rejected api_invalid"), today + 26h).empty());
    CHECK(listener.hears(failing("rejected api_invalid"), today + 49h) == Kinds{"still_failing"});
}

TEST_CASE(
    "what was rotated before the notifier or the mapping came is no news, all later rotations are, once "
    "each") {
    TargetCondition target = well(3);
    target.done_at = today + 1h;
    CHECK(Listener().hears(target) == Kinds{"rotated"});
    target.told_since = today + 2h;
    CHECK(Listener().hears(target).empty());
    Listener met_on_its_way;
    CHECK(met_on_its_way.hears(undecided()).empty());
    CHECK(met_on_its_way.hears(target, today + 3h) == Kinds{"rotated"});

    Listener listener;
    CHECK(listener.hears(well(3)).empty());
    CHECK(listener.hears(well(3), today + 1h).empty());
    CHECK(listener.hears(undecided(), today + 2h).empty());
    CHECK(listener.hears(well(4), today + 3h) == Kinds{"rotated"});
    CHECK(listener.hears(well(4), today + 4h).empty());

    TargetCondition proven_anew = well(5);
    proven_anew.replaced = proven_anew.deployed;
    CHECK(listener.hears(proven_anew).empty());
}

TEST_CASE("a rotation that ends a failure is told as its end") {
    Listener listener;
    CHECK(listener.hears(failing("waiting")) == Kinds{"failed"});
    CHECK(listener.hears(well(1)) == Kinds{"recovered"});
    CHECK(listener.hears(well(1)).empty());
}

TEST_CASE("a nearing end is told at each step once, whatever the certificate's life") {
    for (const Duration life : {Duration(6 * 24h), Duration(90 * 24h)}) {
        Listener listener;
        TargetCondition target = well();
        CertificateFacts certificate;
        certificate.not_before = std::chrono::floor<std::chrono::seconds>(today);
        certificate.not_after =
            certificate.not_before + std::chrono::duration_cast<std::chrono::seconds>(life);
        target.certificate = certificate;
        std::vector<int> told_at;
        for (int percent = 0; percent <= 105; ++percent)
            if (!listener.hears(target, today + life / 100 * percent).empty()) told_at.push_back(percent);
        CHECK(told_at == std::vector<int>{80, 90, 95, 100});

        target.deployed = CertificateId("0a0a0a0a");
        target.certificate->not_after += std::chrono::duration_cast<std::chrono::seconds>(2 * life);
        CHECK(listener.hears(target, today + life).empty());
    }
}

TEST_CASE("more than a message holds is news the next time") {
    ToldByTarget told;
    std::vector<TargetCondition> targets;
    for (int number = 0; number < 5; ++number) {
        TargetCondition target = failing("held names_lost");
        target.target.configured_id = CertificateId("id" + std::to_string(number));
        targets.push_back(target);
    }
    told = first_acquaintance(targets, told, today);
    std::vector<std::size_t> sizes;
    for (int message = 0; message < 4; ++message) {
        Decision decision = decide(targets, told, today, 2);
        sizes.push_back(decision.notices.size());
        for (const auto& [target, what] : decision.told) told[target] = what;
    }
    CHECK(sizes == std::vector<std::size_t>{2, 2, 1, 0});
}

}  // namespace
}  // namespace certferry
