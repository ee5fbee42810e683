// SPDX-License-Identifier: MIT
#include "control/protocol.hpp"

#include <doctest/doctest.h>

namespace certferry::control {
namespace {

using namespace std::chrono_literals;

std::string refusal(std::string_view line) {
    const auto parsed = parse_request(line);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().code() == Errc::request_invalid);
    return parsed.error().message();
}

TEST_CASE("what the client asks is what the daemon reads") {
    Request request;
    request.command = Command::rotate;
    request.mapping = MappingName("www");
    request.anew = true;
    request.wait = true;
    request.timeout = 90s;
    const auto parsed = parse_request(render(request));
    REQUIRE(parsed.has_value());
    CHECK(parsed->command == Command::rotate);
    CHECK(parsed->mapping == request.mapping);
    CHECK(parsed->anew);
    CHECK(parsed->wait);
    CHECK(parsed->timeout == 90s);
    CHECK_FALSE(parsed->lineage.has_value());
}

TEST_CASE("each command has its name, and is found by it") {
    for (const CommandTraits& row : commands()) {
        CHECK(parse_command(row.name) == row.command);
        CHECK(traits(row.command).name == row.name);
    }
    CHECK_FALSE(parse_command("rotat").has_value());
}

TEST_CASE("a bad message is told what is wrong with it") {
    CHECK(refusal("{").starts_with("not JSON: "));
    CHECK(refusal(R"({"command": [1e999]})") == "a number is out of range");
    CHECK(refusal("[]") == "not a JSON object");
    CHECK(refusal("{}") == "\"command\" is missing");
    CHECK(refusal(R"({"command":"dance"})") == "\"command\" is not known to this certferryd");
    CHECK(refusal(R"({"command":7})") == "\"command\" must be a text");
    CHECK(refusal(R"({"command":"rotate"})") == "\"mapping\" is missing");
    CHECK(refusal(R"({"command":"adopt","mapping":"www"})") == "\"certificate\" is missing");
    CHECK(refusal(R"({"command":"log-level"})") == "\"level\" is missing");
    CHECK(refusal(R"({"command":"status","wait":1})") == "\"wait\" must be true or false");
    CHECK(refusal(R"({"command":"status","timeout":"2h"})") == "\"timeout\" must be a duration up to 1h");
    CHECK(refusal(R"({"command":"status","mapping":""})") == "\"mapping\" must be a text");
    CHECK(refusal(R"({"command":"status","shell":"x"})") == "\"shell\" is not known");
    CHECK(refusal(std::string(1000, '[')).starts_with("not JSON: "));
}

TEST_CASE("an answer comes back as it was given") {
    Answer answer;
    answer.exit_code = 6;
    answer.error = "expired";
    answer.result["targets"] = nullptr;
    const auto parsed = parse_answer(render(answer));
    REQUIRE(parsed.has_value());
    CHECK(parsed->exit_code == 6);
    CHECK(parsed->error == "expired");
    CHECK(parsed->result == answer.result);
    for (const std::string_view bad : {"", "{}", R"({"exit_code":"0"})", R"({"exit_code":256})"})
        CHECK_FALSE(parse_answer(bad).has_value());
}

TEST_CASE("a long answer is sent in pieces") {
    Answer answer;
    answer.long_result = {R"({"targets":[1)", ",2", "]}"};
    CHECK(render_pieces(answer) ==
          std::vector<std::string>{R"({"exit_code":0,"result":)", R"({"targets":[1)", ",2", "]}", "}"});
    CHECK(parse_answer(render(answer))->result.at("targets").as_array().size() == 2);
}

TEST_CASE("a failure is answered by its sentence and its exit code") {
    const Answer answer = failed(Error(Errc::expired, "the certificate has expired"));
    CHECK(answer.exit_code == 6);
    CHECK(answer.error == "the certificate has expired. Renew the certificate");
}

}  // namespace
}  // namespace certferry::control
