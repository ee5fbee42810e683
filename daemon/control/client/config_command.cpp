// SPDX-License-Identifier: MIT
#include "control/client/config_command.hpp"

#include "base/counted.hpp"
#include "base/exit_codes.hpp"
#include "bundle/posix_trust.hpp"
#include "config/example.hpp"
#include "config/render.hpp"
#include "config/toml_json.hpp"
#include "config/toml_loader.hpp"

#include <iostream>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace certferry::client {
namespace {

namespace json = boost::json;
using Problems = std::vector<config::Problem>;

void print(const json::object& object) {
    std::cout << json::serialize(object) << '\n';
}

json::object to_json(const config::Problem& problem) {
    json::object object;
    if (!problem.file.empty()) object["file"] = problem.file.string();
    if (problem.line > 0) {
        object["line"] = problem.line;
        object["column"] = problem.column;
    }
    object["sentence"] = problem.sentence;
    if (!problem.suggestion.empty()) object["suggestion"] = problem.suggestion;
    return object;
}

int refuse(const Problems& problems, Form form) {
    if (form == Form::table) {
        for (const config::Problem& problem : problems) std::cerr << config::format(problem);
        return exit_config;
    }
    json::array array;
    for (const config::Problem& problem : problems) array.push_back(to_json(problem));
    print({{"version", 1}, {"valid", false}, {"problems", std::move(array)}});
    return exit_config;
}

// It is in no line of the files, but in what they name.
int refuse(const Error& error, Form form) {
    if (form == Form::json) {
        config::Problem problem;
        problem.sentence = error.message();
        problem.suggestion = error.remedy();
        return refuse(Problems{problem}, form);
    }
    std::cerr << "certferry: " << error << '\n';
    return exit_config;
}

}  // namespace

int check_config(const std::filesystem::path& file, Form form) {
    const config::Loaded loaded = config::load(file);
    if (const auto* const problems = std::get_if<Problems>(&loaded)) return refuse(*problems, form);
    const auto& config = std::get<config::Config>(loaded);
    if (const auto trust = load_trust(config); !trust) return refuse(trust.error(), form);
    if (form == Form::json)
        print({{"version", 1}, {"valid", true}, {"mappings", config.mappings.size()}});
    else
        std::cout << "the configuration is valid: " << counted(config.mappings.size(), "mapping", "mappings")
                  << '\n';
    return 0;
}

int show_config(const std::filesystem::path& file, Form form) {
    const config::Loaded loaded = config::load(file);
    if (const auto* const problems = std::get_if<Problems>(&loaded)) return refuse(*problems, form);
    const auto& config = std::get<config::Config>(loaded);
    if (form == Form::json)
        print({{"version", 1}, {"configuration", config::to_json(config)}});
    else
        std::cout << config::render(config);
    return 0;
}

int show_example(Form form) {
    if (form == Form::json) {
        std::cerr << "certferry: the example is a TOML file with comments: leave -o json off\n";
        return exit_usage;
    }
    std::cout << config::example();
    return 0;
}

}  // namespace certferry::client
