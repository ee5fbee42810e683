// SPDX-License-Identifier: MIT
#include "support/replay.hpp"

#include "watch/watching.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using tests::Replay;
using tests::TempTree;
using tests::Watching;

// After each operation everything that it brings about is run, so that a hint can be told to have come at it.
// What a watcher must never do is hint for the last time before the pair has its last state.
void check_hints_after_the_last_change(const std::string& recording) {
    CAPTURE(recording);
    const TempTree tree;
    Replay replay(recording, tree.root());
    Watching watching(tree);
    for (const Replay::Pair& pair : replay.pairs()) watching.follow({pair.certificate, pair.key});
    REQUIRE(watching.quiet());

    const std::size_t pairs = replay.pairs().size();
    std::map<std::string, std::vector<std::size_t>> last_hints;
    for (std::size_t line = 1; line < replay.end(); ++line) {
        replay.play(line);
        REQUIRE(watching.settle());
        auto& last_hint = last_hints[replay.phase(line)];
        last_hint.resize(pairs);
        for (LineageIndex pair = 0; pair < pairs; ++pair)
            if (watching.hints(pair) > 0) last_hint[pair] = line;
        REQUIRE(watching.quiet());
    }

    for (const std::string& phase : replay.phases()) {
        for (LineageIndex pair = 0; pair < pairs; ++pair) {
            const std::string name = replay.pairs()[pair].name;
            CAPTURE(phase);
            CAPTURE(name);
            REQUIRE(replay.last_change(phase, name) > 0);
            CHECK(last_hints[phase][pair] >= replay.last_change(phase, name));
        }
    }
}

TEST_CASE("real ACME clients issue and renew: a hint comes at or after the last change of each pair") {
    for (const std::string& recording : Replay::recordings()) check_hints_after_the_last_change(recording);
}

}  // namespace
}  // namespace certferry
