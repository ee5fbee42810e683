// SPDX-License-Identifier: MIT
#include "report/wecom.hpp"

#include "rotate/rotation_world.hpp"
#include "support/answering_http.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;
using namespace std::chrono_literals;

struct Robot {
    Robot() { http.body = R"({"errcode":0,"errmsg":"ok"})"; }

    Result<void> deliver(std::size_t failures = 1) {
        Message message;
        message.at = today;
        for (std::size_t number = 0; number < failures; ++number) {
            Notice notice;
            notice.mapping = MappingName("映射" + std::to_string(number));
            notice.reason = "reason" + std::to_string(number);
            notice.why = std::string(100, 'w');
            message.notices.push_back(notice);
        }
        Wecom wecom({}, 10s, http, [this] { return Result<Secret>(Secret(secret)); });
        return loop.run(wecom.deliver(message));
    }

    SimulatedLoop loop{today};
    AnsweringHttp http;
    std::string secret = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa";
};

TEST_CASE("a robot is sent text, by its key or by the address that its console shows") {
    Robot robot;
    CHECK(robot.deliver());
    robot.secret =
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa";
    CHECK(robot.deliver());
    for (const HttpRequest& request : robot.http.requests) {
        CHECK(request.url ==
              "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa");
        const auto json = boost::json::parse(request.body.reveal());
        CHECK(json.at("msgtype").as_string() == "text");
        CHECK(json.at("text").at("content").as_string().starts_with("certferry on : 1 failed"));
    }
}

TEST_CASE("a yes of HTTP is none of the robot's") {
    Robot robot;
    const auto fails_with = [&](const std::string& words) {
        const auto delivered = robot.deliver();
        return delivered.has_error() && delivered.error().message().find(words) != std::string::npos;
    };
    robot.http.body = R"({"errcode":93000,"errmsg":"invalid webhook url"})";
    CHECK(fails_with("errcode 93000: invalid webhook url"));
    robot.http.body = "<html>";
    CHECK(fails_with("without an errcode"));
    robot.http.status = 502;
    CHECK(fails_with("HTTP 502"));
}

TEST_CASE("what can be no key is neither sent nor shown") {
    Robot robot;
    robot.secret = "hunter2 and more";
    const auto delivered = robot.deliver();
    REQUIRE(delivered.has_error());
    CHECK(describe(delivered.error()).find("hunter2") == std::string::npos);
    CHECK(robot.http.requests.empty());
}

TEST_CASE("a long text is cut between characters, to what a robot takes") {
    Robot robot;
    CHECK(robot.deliver(100));
    const auto json = boost::json::parse(robot.http.requests.at(0).body.reveal());
    const std::string content(json.at("text").at("content").as_string());
    CHECK(content.size() <= wecom_text_max);
    CHECK(content.size() > wecom_text_max - 8);
    CHECK(content.ends_with("…"));
    CHECK(shortened("映射", 6) == "映射");
    CHECK(shortened("映射映射", 7) == "映…");
    CHECK(shortened("映射映射", 8) == "映…");
}

}  // namespace
}  // namespace certferry
