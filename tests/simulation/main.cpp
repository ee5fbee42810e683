// SPDX-License-Identifier: MIT
// certferry_simulation: runs seeds, tells what they held, and the story of each that broke a property.
#include "simulation/property.hpp"
#include "simulation/simulation.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace certferry::simulation {
namespace {

constexpr std::string_view usage =
    "usage: certferry_simulation [--seeds N] [--first SEED] [--property NAME] [--story]\n"
    "       certferry_simulation --properties\n"
    "Runs N seeds (1000) from SEED (1) on. --story tells what happens in each, --property checks one "
    "alone.\n";

constexpr std::size_t story_end = 120;  // the lines of a failing seed's story that are shown

struct Arguments {
    std::uint64_t seeds = 1000;
    std::uint64_t first = 1;
    bool list_properties = false;
    Options options;
};

/// What all seeds together came to.
struct Sum {
    std::uint64_t passed = 0;
    std::uint64_t failed = 0;
    std::uint64_t rotations = 0;
    std::uint64_t crashes = 0;
    std::uint64_t converged = 0;
    std::uint64_t slowest_seed = 0;
    Duration slowest{};
    Duration virtual_time{};
    FaultCounts faults{};
};

bool read_number(std::string_view text, std::uint64_t& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
}

bool read_arguments(int count, char** words, Arguments& arguments) {
    for (int index = 1; index < count; ++index) {
        const std::string_view word = words[index];
        const std::string_view value = index + 1 < count ? words[index + 1] : "";
        if (word == "--story")
            arguments.options.story = true;
        else if (word == "--properties")
            arguments.list_properties = true;
        else if (word == "--seeds" && read_number(value, arguments.seeds))
            ++index;
        else if (word == "--first" && read_number(value, arguments.first))
            ++index;
        else if (word == "--property" && !make_properties(value).empty())
            arguments.options.property = words[++index];
        else
            return false;
    }
    return true;
}

void add(Sum& sum, const Outcome& outcome) {
    (outcome.failure ? sum.failed : sum.passed) += 1;
    sum.rotations += outcome.rotations;
    sum.crashes += outcome.crashes;
    sum.virtual_time += outcome.passed;
    for (std::size_t kind = 0; kind < fault_kinds; ++kind) sum.faults[kind] += outcome.faults[kind];
    if (!outcome.convergence || outcome.failure) return;
    sum.converged += 1;
    if (*outcome.convergence <= sum.slowest) return;
    sum.slowest = *outcome.convergence;
    sum.slowest_seed = outcome.seed;
}

void print_failure(const Outcome& outcome, bool all) {
    const Failure& failure = *outcome.failure;
    fmt::print("\nseed {} broke \"{}\": {}\n    promised: {}\n", outcome.seed, failure.property, failure.how,
               failure.promise);
    const std::size_t lines = outcome.story.size();
    for (std::size_t line = all ? 0 : lines - std::min(lines, story_end); line < lines; ++line)
        fmt::print("    {}\n", outcome.story[line]);
    fmt::print("    all of it: certferry_simulation --seeds 1 --first {} --story\n", outcome.seed);
    std::fflush(stdout);
}

void print_sum(const Arguments& arguments, const Sum& sum) {
    const double years = std::chrono::duration<double, std::chrono::years::period>(sum.virtual_time).count();
    fmt::print("\nseeds {} to {}: {} rotations, {} lives of the daemon cut short, {:.1f} virtual years\n",
               arguments.first, arguments.first + arguments.seeds - 1, sum.rotations, sum.crashes, years);
    fmt::print("{} times faults stopped; all converged within {} (seed {})\n", sum.converged,
               to_rough_text(sum.slowest), sum.slowest_seed);
    for (std::size_t kind = 0; kind < fault_kinds; ++kind)
        fmt::print("{:<22}{:>12}\n", to_text(static_cast<Fault>(kind)), sum.faults[kind]);
    fmt::print("\n{} passed, {} failed\n", sum.passed, sum.failed);
}

int run(const Arguments& arguments) {
    const Certificates certificates;
    Sum sum;
    for (std::uint64_t seed = arguments.first; seed < arguments.first + arguments.seeds; ++seed) {
        Outcome outcome = simulate(seed, certificates, arguments.options);
        add(sum, outcome);
        if (outcome.failure) {
            Options told = arguments.options;
            told.story = true;
            print_failure(simulate(seed, certificates, told), arguments.options.story);
        } else if (arguments.options.story) {
            for (const std::string& line : outcome.story) fmt::print("{}\n", line);
        }
    }
    print_sum(arguments, sum);
    return sum.failed == 0 ? 0 : 1;
}

int list_properties() {
    for (const auto& property : make_properties(""))
        fmt::print("{:<20} {}\n", property->name(), property->promise());
    return 0;
}

}  // namespace
}  // namespace certferry::simulation

int main(int count, char** words) {
    certferry::simulation::Arguments arguments;
    if (!certferry::simulation::read_arguments(count, words, arguments)) {
        fmt::print(stderr, "{}", certferry::simulation::usage);
        return 2;
    }
    if (arguments.list_properties) return certferry::simulation::list_properties();
    return certferry::simulation::run(arguments);
}
