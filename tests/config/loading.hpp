// SPDX-License-Identifier: MIT
#pragma once

#include "config/example.hpp"
#include "config/toml_loader.hpp"
#include "support/temp_dir.hpp"

#include <string>
#include <string_view>

namespace certferry::tests {

/// What a person is shown of the configuration in `dir`, with paths relative to it; empty when it is fine.
inline std::string problems_in(const TempDir& dir) {
    const config::Loaded loaded = config::load(dir.path() / "certferry.toml");
    std::string text;
    if (const auto* problems = std::get_if<std::vector<config::Problem>>(&loaded))
        for (const config::Problem& problem : *problems) text += config::format(problem);
    const std::string prefix = dir.path().string() + "/";
    for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at))
        text.erase(at, prefix.size());
    return text;
}

/// The same of a configuration that is one file. It begins with a newline, as raw strings that are easy to
/// read do.
inline std::string problems_of(std::string_view text) {
    const TempDir dir;
    dir.write("certferry.toml", text);
    return "\n" + problems_in(dir);
}

/// The configuration of one file without mistakes.
inline config::Config loaded(std::string_view text) {
    const TempDir dir;
    const config::Loaded loaded = config::load(dir.write("certferry.toml", text));
    if (const auto* config = std::get_if<config::Config>(&loaded)) return *config;
    throw std::runtime_error(problems_in(dir));
}

/// The example with its mapping in use, as it tells people to begin.
inline std::string begun_example() {
    std::string text = config::example();
    for (const std::string_view line : {"[[mapping]]", "name = ", "certificate = ", "old_cert_id = "})
        text.erase(text.find("\n#" + std::string(line)) + 1, 1);
    return text;
}

}  // namespace certferry::tests
