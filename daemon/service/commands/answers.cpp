// SPDX-License-Identifier: MIT
#include "service/commands/answers.hpp"

#include "base/exit_codes.hpp"

namespace certferry::commands {

namespace json = boost::json;
using control::Answer;

Answer told(json::object result) {
    Answer answer;
    result["version"] = 1;
    answer.result = std::move(result);
    return answer;
}

Answer answer_of(const std::vector<Verdict>& verdicts) {
    json::array targets;
    for (const Verdict& verdict : verdicts) {
        json::object target = of_target(verdict.mapping, verdict.target);
        target["deployed_id"] = verdict.head.str();
        target["says"] = "deployed and proven";
        target["exit_code"] = 0;
        if (verdict.failure) add_failure(target, *verdict.failure);
        targets.push_back(std::move(target));
    }
    const int code = exit_code_of(targets);
    Answer answer = told({{"targets", std::move(targets)}});
    answer.exit_code = code;
    return answer;
}

json::object of_target(const MappingName& mapping, const TargetKey& target) {
    return {{"mapping", mapping.str()},
            {"account", target.account.str()},
            {"old_cert_id", target.configured_id.str()}};
}

void add_failure(json::object& object, const Error& error) {
    object["reason"] = error.label();
    object["says"] = describe(error);
    object["exit_code"] = traits(error.code()).exit_code;
}

int exit_code_of(const json::array& list) {
    std::vector<int> codes;
    codes.reserve(list.size());
    for (const json::value& object : list)
        codes.push_back(static_cast<int>(object.at("exit_code").as_int64()));
    return exit_code_of_all(codes);
}

json::array names_json(const std::vector<MappingName>& names) {
    json::array array;
    for (const MappingName& name : names) array.emplace_back(name.str());
    return array;
}

}  // namespace certferry::commands
