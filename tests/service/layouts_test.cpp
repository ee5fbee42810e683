// SPDX-License-Identifier: MIT
// Every ACME client's way of leaving its certificates, as recorded from the real ones, under the eyes of a
// lookout with the real watch and real files. Only the time is made up.
#include "base/posix_files.hpp"
#include "bundle/gate.hpp"
#include "service/lookout.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_journal.hpp"
#include "support/recorded_log.hpp"
#include "support/replay.hpp"
#include "support/run_until.hpp"
#include "support/temp_tree.hpp"
#include "watch/places.hpp"
#include "watch/uv_watch.hpp"

#include <random>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <doctest/doctest.h>

namespace certferry {
namespace {

using config::AcmeClient;
using tests::Replay;
using tests::TempTree;

namespace fs = std::filesystem;

// A pair of a recording, played below a directory of the tree, and how a configuration names it.
struct Layout {
    std::string recording;
    std::string pair;
    fs::path root;
    config::Lineage lineage;
};

config::Lineage files_of(const Replay::Pair& pair, const fs::path& root) {
    return config::CertificateFiles{root / pair.certificate, root / pair.key};
}

config::Lineage named(AcmeClient client, const std::string& name, const fs::path& dir) {
    return config::ClientLineage{client, name, dir};
}

std::vector<Layout> layouts(const TempTree& tree) {
    const fs::path& root = tree.root();
    const fs::path issuer = root / "certificates" / "ca.example-directory" / "web.test.example";
    const std::string web = "web.test.example";
    std::vector<Layout> layouts = {
        {"certbot", "fullchain", root, named(AcmeClient::certbot, web, root)},
        {"certbot-rsa", "fullchain", root, named(AcmeClient::certbot, web, root)},
        {"acme.sh-home", "home", root, named(AcmeClient::acme_sh, web, root)},
        {"lego", "crt", root, named(AcmeClient::lego, web, root)},
        {"lego-rsa-reuse", "crt", root, named(AcmeClient::lego, web, root)},
        {"dehydrated", "fullchain", root, named(AcmeClient::dehydrated, web, root)},
        {"caddy", "web", root, named(AcmeClient::caddy, web, root)},
        {"caddy", "www", root, named(AcmeClient::caddy, "www.test.example", root)},
        {"caddy-atomic", "crt", issuer, named(AcmeClient::caddy, web, root)},
        {"k8s-secret", "tls", root, named(AcmeClient::kubernetes, root, {})},
        {"k8s-secret-old", "tls", root, named(AcmeClient::kubernetes, root, {})},
    };
    for (const std::string& recording : Replay::recordings())
        for (const Replay::Pair& pair : Replay(recording, root).pairs())
            layouts.push_back({recording, pair.name, root, files_of(pair, root)});
    return layouts;
}

std::size_t certificates_in(std::string_view pem) {
    constexpr std::string_view begin = "-----BEGIN CERTIFICATE-----";
    std::size_t count = 0;
    for (auto at = pem.find(begin); at != std::string_view::npos; at = pem.find(begin, at + 1)) ++count;
    return count;
}

bool is_of(const Bundle& bundle, const Replay::State& state) {
    return state.match && bundle.fingerprint().str().starts_with(state.leaf) &&
           certificates_in(bundle.chain_pem) == state.certificates;
}

// What other programs do above the tree is none of a test's business.
class WatchInside final : public Watch {
public:
    WatchInside(Watch& watch, const TempTree& tree) : watch_(watch), root_(tree.root()) {}

    void follow(LineageIndex lineage, const std::vector<Step>& steps) override {
        std::vector<Step> inside;
        for (const Step& step : steps)
            if (step.directory.starts_with(root_.native())) inside.push_back(step);
        watch_.follow(lineage, inside);
    }
    Awaitable<std::set<LineageIndex>> next() override { return watch_.next(); }

private:
    Watch& watch_;
    fs::path root_;
};

// A lookout whose time passes when the test says so. Every look must find what is on disk at that moment, or
// nothing while it does not fit together. Where some of the events are lost it also looks at regular times,
// as the daemon does.
class WatchedReplay {
public:
    WatchedReplay(const TempTree& tree, const Layout& layout, double lost_events = 0)
        : layout_(layout),
          lost_events_(lost_events),
          replay_(layout.recording, layout.root),
          watch_(io_.get_executor(), log_, std::chrono::hours(24)),
          watch_inside_(watch_, tree) {
        mapping_.lineage = layout.lineage;
        boost::asio::co_spawn(io_, take_hints(), boost::asio::detached);
        look();
    }

    Replay& replay() { return replay_; }

    void play(std::size_t line) {
        replay_.play(line);
        possible_ = {replay_.state(line, layout_.pair)};
    }

    /// The disk holds some of a write only; its next play() makes it whole.
    void play_part(std::size_t line, std::size_t bytes) {
        replay_.play(line, bytes);
        possible_ = {replay_.state(line - 1, layout_.pair), replay_.state(line, layout_.pair)};
    }

    void pass(Duration duration) {
        const SteadyTime end = clock_.steady_now() + duration;
        for (;;) {
            REQUIRE(tests::run_ready(io_));
            const SteadyTime next = next_look();
            if (next > end) break;
            clock_.advance(std::max(next - clock_.steady_now(), Duration::zero()));
            look();
        }
        clock_.advance(end - clock_.steady_now());
    }

    /// Without any further change what is on disk has been found.
    void pass_until_at_rest() {
        pass(std::chrono::hours(1));
        if (possible_.size() > 1) return;
        if (possible_.front().match) {
            REQUIRE(found_.has_value());
            CHECK(is_of(**found_, possible_.front()));
        } else {
            CHECK_FALSE(found_.has_value());
            CHECK(lookout_.trouble().has_value());
        }
    }

private:
    Awaitable<void> take_hints() {
        for (;;) {
            const std::set<LineageIndex> lineages = co_await watch_inside_.next();
            if (lineages.empty()) co_return;
            if (!std::bernoulli_distribution(lost_events_)(random_)) lookout_.hint(clock_.steady_now());
        }
    }

    SteadyTime next_look() const { return std::min(lookout_.due().value_or(rescan_), rescan_); }

    void look() {
        if (lost_events_ > 0) rescan_ = clock_.steady_now() + config::Daemon{}.rescan;
        MetLinks met;
        const LookoutPorts ports(files_, watch_inside_, clock_, log_, memory_);
        const auto before = std::exchange(seen_, lookout_.look(ports, met).bundle);
        if (!seen_)
            found_ = *lookout_.trouble();
        else if (seen_ != before)
            found_ = seen_->contents();
        if (found_ && passes_gate(**found_))
            CHECK(std::any_of(possible_.begin(), possible_.end(),
                              [&](const auto& state) { return is_of(**found_, state); }));
        else if (possible_.size() == 1)
            CHECK_FALSE(possible_.front().match);
    }

    // cert.pem alone is a whole certificate to a configuration that asks for no chain.
    bool passes_gate(const Bundle& bundle) const {
        config::Gate rules;
        rules.require_chain = possible_.back().certificates > 1;
        return gate(bundle, config::Kind::server, rules, Trust::any(), std::nullopt, bundle.leaf.not_before)
            .has_value();
    }

    const Layout& layout_;
    double lost_events_;
    std::mt19937 random_{1};
    SteadyTime rescan_ = SteadyTime::max();
    Replay replay_;
    std::vector<Replay::State> possible_{Replay::State{}};  // more than one in the middle of a write
    PosixFiles files_;
    tests::RecordedLog log_;
    tests::MemoryJournal journal_;
    BundleMemory memory_{journal_};
    tests::ManualClock clock_{WallTime(std::chrono::hours(1))};
    boost::asio::io_context io_{1};
    UvWatch watch_;
    WatchInside watch_inside_;
    config::Mapping mapping_;
    Lookout lookout_{0, mapping_, config::Settle{}};
    std::shared_ptr<const FoundBundle> seen_;
    Result<std::shared_ptr<const Bundle>> found_{std::make_shared<const Bundle>()};
};

template <class Play>
void with_each_layout(Play play) {
    const std::size_t count = layouts(TempTree()).size();
    for (std::size_t number = 0; number < count; ++number) {
        const TempTree tree;
        const Layout layout = layouts(tree).at(number);
        fs::create_directories(layout.root);
        CAPTURE(layout.recording);
        CAPTURE(layout.pair);
        CAPTURE(layout.lineage.index());
        play(tree, layout);
    }
}

TEST_CASE("after each operation of a real ACME client the right answer is read, or none") {
    with_each_layout([](const TempTree&, const Layout& layout) {
        const PosixFiles files;
        Replay replay(layout.recording, layout.root);
        for (std::size_t line = 1; line < replay.end(); ++line) {
            CAPTURE(line);
            replay.play(line);
            const Replay::State state = replay.state(line, layout.pair);
            const auto reading = read_latest(files, places_of(files, layout.lineage), config::Kind::server);
            REQUIRE(reading.has_value() == state.match);
            if (reading) CHECK(is_of(reading->bundle, state));
        }
    });
}

void play_at_speed(WatchedReplay& watched, double slowness) {
    Replay& replay = watched.replay();
    for (std::size_t line = 1; line < replay.end(); ++line) {
        CAPTURE(line);
        if (line > 1 && replay.phase(line) == replay.phase(line - 1))
            watched.pass(
                std::chrono::duration_cast<Duration>(slowness * (replay.time(line) - replay.time(line - 1))));
        else
            watched.pass_until_at_rest();
        watched.play(line);
    }
    watched.pass_until_at_rest();
}

TEST_CASE(
    "at the speed of the real client, faster and slower: each renewal is found, and nothing half done") {
    for (const double slowness : {0.1, 1.0, 30.0}) {
        CAPTURE(slowness);
        with_each_layout([&](const TempTree& tree, const Layout& layout) {
            WatchedReplay watched(tree, layout);
            play_at_speed(watched, slowness);
        });
    }
}

TEST_CASE(
    "cut off after any operation for as long as anyone waits, and going on: what is whole is found, and no "
    "more") {
    with_each_layout([](const TempTree& tree, const Layout& layout) {
        WatchedReplay watched(tree, layout);
        for (std::size_t line = 1; line < watched.replay().end(); ++line) {
            CAPTURE(line);
            watched.play(line);
            watched.pass_until_at_rest();
        }
    });
}

// A client that pauses anywhere, for any time, also in the middle of a write, and one that stops there for
// good as far as anyone can tell.
void play_erratically(WatchedReplay& watched, std::mt19937& random) {
    const auto up_to = [&](std::size_t most) {
        return std::uniform_int_distribution<std::size_t>(0, most)(random);
    };
    const auto pause = [&] {
        const std::size_t kind = up_to(15);
        if (kind < 4) watched.pass(std::chrono::milliseconds(up_to(50)));
        if (kind == 4) watched.pass(std::chrono::milliseconds(up_to(2000)));
        if (kind == 5) watched.pass(std::chrono::milliseconds(up_to(40'000)));
        if (kind == 6) watched.pass_until_at_rest();
    };
    Replay& replay = watched.replay();
    for (std::size_t line = 1; line < replay.end(); ++line) {
        CAPTURE(line);
        if (const std::size_t bytes = replay.written_bytes(line); bytes > 0 && up_to(2) == 0) {
            watched.play_part(line, up_to(bytes));
            pause();
        }
        watched.play(line);
        pause();
    }
    watched.pass_until_at_rest();
}

TEST_CASE("with pauses and cut-offs anywhere: each renewal is found, and nothing half done") {
    for (const unsigned seed : {1U, 2U, 3U, 4U, 5U}) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        with_each_layout([&](const TempTree& tree, const Layout& layout) {
            WatchedReplay watched(tree, layout);
            play_erratically(watched, random);
        });
    }
}

TEST_CASE("with some events lost, and with all of them: each renewal is found, and nothing half done") {
    for (const double lost : {0.5, 1.0}) {
        CAPTURE(lost);
        std::mt19937 random(1);
        with_each_layout([&](const TempTree& tree, const Layout& layout) {
            WatchedReplay watched(tree, layout, lost);
            play_erratically(watched, random);
        });
    }
}

}  // namespace
}  // namespace certferry
