// SPDX-License-Identifier: MIT
// A configuration in TOML: one file.
#include "config/render.hpp"
#include "config/toml_loader.hpp"
#include "fuzz/memory_file.hpp"
#include "fuzz/property.hpp"

#include <algorithm>

namespace certferry::tests {
namespace {

using namespace config;

Loaded load_text(std::string_view text) {
    const MemoryFile file(text);
    return load(file.path());
}

void check_in_force(const Config& config) {
    const std::string rendered = render(config);
    const Loaded again = load_text(rendered);
    demand(std::holds_alternative<Config>(again), "what is shown of a configuration is one");
    demand(std::get<Config>(again) == config, "what is shown of a configuration is the same one");
    demand(render(std::get<Config>(again)) == rendered, "it is shown the same way");
}

void check_refused(const std::vector<Problem>& problems, std::string_view text) {
    demand(!problems.empty(), "what is refused has a reason");
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    for (const Problem& problem : problems) {
        demand(!problem.sentence.empty(), "a problem has a sentence");
        demand(problem.line <= lines, "a problem is somewhere in the file");
        std::string shown = format(problem);
        std::erase(shown, '\n');
        demand(!has_control_characters(shown), "what a terminal is shown has no control characters");
    }
}

}  // namespace
}  // namespace certferry::tests

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace certferry::tests;
    const std::string_view text = text_of(data, size);
    const auto loaded = load_text(text);
    if (const auto* const config = std::get_if<certferry::config::Config>(&loaded))
        check_in_force(*config);
    else
        check_refused(std::get<1>(loaded), text);
    const MemoryFile file(text);
    demand(!certferry::config::control_socket_in(file.path()).empty(), "the daemon has a place");
    return 0;
}
