// SPDX-License-Identifier: MIT
#include "control/protocol.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace certferry::control {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 9> members = {"command", "mapping", "lineage", "certificate", "level",
                                                     "anew",    "notify",  "wait",    "timeout"};

Error invalid(std::string why) {
    return {Errc::request_invalid, std::move(why)};
}

// Reads the members of a request one by one, and remembers the first that does not fit.
class Reading {
public:
    explicit Reading(const json::object& object) : object_(object) {}

    std::optional<std::string> text(std::string_view name) {
        const json::value* const value = object_.if_contains(name);
        if (value == nullptr) return std::nullopt;
        if (value->is_string() && !value->get_string().empty()) return std::string(value->get_string());
        refuse(name, "must be a text");
        return std::nullopt;
    }

    bool flag(std::string_view name) {
        const json::value* const value = object_.if_contains(name);
        if (value == nullptr) return false;
        if (value->is_bool()) return value->get_bool();
        refuse(name, "must be true or false");
        return false;
    }

    Duration timeout(Duration initial) {
        const auto written = text("timeout");
        if (!written) return initial;
        const auto duration = parse_duration(*written);
        if (duration && *duration > Duration::zero() && *duration <= timeout_max) return *duration;
        refuse("timeout", fmt::format("must be a duration up to {}", to_text(timeout_max)));
        return initial;
    }

    void refuse(std::string_view name, std::string_view why) {
        if (!failure_) failure_ = invalid(fmt::format("\"{}\" {}", name, why));
    }

    void refuse_strangers() {
        for (const auto& [name, value] : object_)
            if (std::find(members.begin(), members.end(), name) == members.end())
                refuse(std::string_view(name), "is not known");
    }

    const std::optional<Error>& failure() const { return failure_; }

private:
    const json::object& object_;
    std::optional<Error> failure_;
};

template <class Name>
std::optional<Name> named(std::optional<std::string> text) {
    if (!text) return std::nullopt;
    return Name(std::move(*text));
}

Command read_command(Reading& reading) {
    const auto name = reading.text("command");
    const auto command = name ? parse_command(*name) : std::nullopt;
    if (!command) reading.refuse("command", name ? "is not known to this certferryd" : "is missing");
    return command.value_or(Command::status);
}

void check_whole(Reading& reading, const Request& request) {
    if (traits(request.command).wants_mapping && !request.mapping) reading.refuse("mapping", "is missing");
    if (request.command == Command::adopt && !request.certificate)
        reading.refuse("certificate", "is missing");
    if (request.command == Command::log_level && request.level.empty()) reading.refuse("level", "is missing");
}

// Boost.JSON reads 1e999 as a number, and would write it as none.
bool is_finite(const json::value& value) {
    if (const auto* const object = value.if_object())
        return std::ranges::all_of(*object, [](const auto& pair) { return is_finite(pair.value()); });
    if (const auto* const array = value.if_array()) return std::ranges::all_of(*array, is_finite);
    return !value.is_double() || std::isfinite(value.get_double());
}

Result<json::object> parse_object(std::string_view line) {
    boost::system::error_code failure;
    json::value value = json::parse(line, failure);
    if (failure) return invalid("not JSON: " + failure.message());
    if (!is_finite(value)) return invalid("a number is out of range");
    if (!value.is_object()) return invalid("not a JSON object");
    return std::move(value.get_object());
}

}  // namespace

std::string render(const Request& request) {
    json::object object{{"command", traits(request.command).name}};
    if (request.mapping) object["mapping"] = request.mapping->str();
    if (request.lineage) object["lineage"] = request.lineage->string();
    if (request.certificate) object["certificate"] = request.certificate->str();
    if (!request.level.empty()) object["level"] = request.level;
    if (request.anew) object["anew"] = true;
    if (request.notify) object["notify"] = true;
    if (request.wait) object["wait"] = true;
    object["timeout"] = to_text(request.timeout);
    return json::serialize(object);
}

std::string render(Answer answer) {
    return fmt::format("{}", fmt::join(render_pieces(std::move(answer)), ""));
}

std::vector<std::string> render_pieces(Answer answer) {
    std::vector<std::string> pieces = std::move(answer.long_result);
    if (pieces.empty() && !answer.result.empty()) pieces.push_back(json::serialize(answer.result));
    std::string begin = fmt::format(R"({{"exit_code":{})", answer.exit_code);
    if (!answer.error.empty()) begin += R"(,"error":)" + json::serialize(answer.error);
    if (!pieces.empty()) begin += R"(,"result":)";
    pieces.insert(pieces.begin(), std::move(begin));
    pieces.emplace_back("}");
    return pieces;
}

Result<Request> parse_request(std::string_view line) {
    const Result<json::object> object = parse_object(line);
    if (!object) return object.error();

    Reading reading(*object);
    Request request;
    request.command = read_command(reading);
    request.mapping = named<MappingName>(reading.text("mapping"));
    request.lineage = named<std::filesystem::path>(reading.text("lineage"));
    request.certificate = named<CertificateId>(reading.text("certificate"));
    request.level = reading.text("level").value_or("");
    request.anew = reading.flag("anew");
    request.notify = reading.flag("notify");
    request.wait = reading.flag("wait");
    request.timeout = reading.timeout(request.timeout);
    check_whole(reading, request);
    reading.refuse_strangers();
    if (reading.failure()) return *reading.failure();
    return request;
}

Result<Answer> parse_answer(std::string_view line) {
    const Result<json::object> object = parse_object(line);
    if (!object) return object.error().as(Errc::answer_malformed);
    Answer answer;
    const json::value* const code = object->if_contains("exit_code");
    if (code == nullptr || !code->is_int64() || code->get_int64() < 0 || code->get_int64() > 255)
        return Error(Errc::answer_malformed, "the answer has no exit code");
    answer.exit_code = static_cast<int>(code->get_int64());
    if (const json::value* const error = object->if_contains("error"); error != nullptr && error->is_string())
        answer.error = error->get_string();
    if (const json::value* const result = object->if_contains("result");
        result != nullptr && result->is_object())
        answer.result = result->get_object();
    return answer;
}

Answer failed(const Error& error) {
    Answer answer;
    answer.exit_code = traits(error.code()).exit_code;
    answer.error = describe(error);
    return answer;
}

}  // namespace certferry::control
