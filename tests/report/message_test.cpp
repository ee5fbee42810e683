// SPDX-License-Identifier: MIT
#include "report/message.hpp"

#include "rotate/rotation_world.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;
using namespace std::chrono_literals;

Notice notice(NoticeKind kind, const std::string& mapping) {
    Notice notice;
    notice.kind = kind;
    notice.mapping = MappingName(mapping);
    notice.target = {AccountName("default"), CertificateId("4b9fc92b")};
    notice.deployed = CertificateId("e2b6d555");
    notice.valid_until = today + 10 * 24h;
    return notice;
}

Notice failure(const std::string& mapping) {
    Notice failed = notice(NoticeKind::failed, mapping);
    failed.reason = "names_lost";
    failed.why = "it lacks shop.example.com";
    failed.next = "it is looked at again";
    return failed;
}

Message message(std::vector<Notice> notices) {
    return {today, "admin-1", std::move(notices)};
}

TEST_CASE("people are told which mapping, why, what happens next, and until when the deployed one is valid") {
    CHECK(message_text(message({failure("www")})) ==
          "certferry on admin-1: 1 failed\n\n"
          "failed: www (default, 4b9fc92b): it lacks shop.example.com (names_lost). What happens next: it is "
          "looked at again. Deployed is e2b6d555, valid until 2026-12-04 (10d left).");
}

TEST_CASE("what fails for one reason is told together, the one that ends first as the example") {
    std::vector<Notice> notices;
    for (int number = 0; number < 50; ++number) notices.push_back(failure("site" + std::to_string(number)));
    notices[33].valid_until = today + 24h;
    const std::string text = message_text(message(notices));
    CHECK(text.starts_with(
        "certferry on admin-1: 50 failed\n\nfailed (50): site33 (default, 4b9fc92b), site0 "));
    CHECK(text.find(" and 30 more. The first of them: it lacks") != std::string::npos);
    CHECK(text.find("(1d left)") != std::string::npos);
    CHECK(text.size() < 2000);
}

TEST_CASE("machines are told each event") {
    Notice rotated = notice(NoticeKind::rotated, "shop");
    rotated.replaced = CertificateId("4b9fc92b");
    const boost::json::object json = message_json(message({failure("www"), rotated}));
    CHECK(json.at("version").as_int64() == 1);
    CHECK(json.at("sender").as_string() == "admin-1");
    CHECK(json.at("summary").as_string() == "certferry on admin-1: 1 failed, 1 rotated");
    const auto& events = json.at("events").as_array();
    REQUIRE(events.size() == 2);
    CHECK(events[0].at("event").as_string() == "failed");
    CHECK(events[0].at("reason").as_string() == "names_lost");
    CHECK(events[0].at("valid_until").as_string() == "2026-12-04T00:00:00Z");
    CHECK(events[1].at("event").as_string() == "rotated");
    CHECK(events[1].at("replaced_id").as_string() == "4b9fc92b");
    CHECK_FALSE(events[1].as_object().contains("reason"));
}

}  // namespace
}  // namespace certferry
