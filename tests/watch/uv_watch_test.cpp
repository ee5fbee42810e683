// SPDX-License-Identifier: MIT
#include "watch/uv_watch.hpp"

#include "watch/watching.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <doctest/doctest.h>
#include <fcntl.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;
using tests::TempTree;
using tests::Watching;

TEST_CASE("certbot unlinks a link and makes it anew: a hint, each time") {
    const TempTree tree;
    tree.make_directory("live/web");
    tree.make_directory("archive/web");
    tree.write("archive/web/cert1.pem", "1");
    tree.link("live/web/cert.pem", "../../archive/web/cert1.pem");
    Watching watching(tree);
    const auto lineage = watching.follow({"live/web/cert.pem"});

    for (const std::string number : {"2", "3"}) {
        REQUIRE(watching.quiet());
        tree.write("archive/web/cert" + number + ".pem", number);
        REQUIRE(watching.settle());
        CHECK_MESSAGE(watching.hints(lineage) == 0, "nothing leads there yet");
        tree.remove("live/web/cert.pem");
        tree.link("live/web/cert.pem", "../../archive/web/cert" + number + ".pem");
        CHECK(watching.hinted(lineage));
    }
}

TEST_CASE("a file is renamed over the old one: a hint, each time") {
    const TempTree tree;
    tree.write("cert.pem", "1");
    Watching watching(tree);
    const auto lineage = watching.follow({"cert.pem"});

    for (const char* text : {"2", "3"}) {
        REQUIRE(watching.quiet());
        tree.write_over("cert.pem", text);
        CHECK(watching.hinted(lineage));
    }
}

TEST_CASE("a file is rewritten in place: a hint, each time") {
    const TempTree tree;
    tree.write("cert.pem", "1");
    Watching watching(tree);
    const auto lineage = watching.follow({"cert.pem"});

    for (const char* text : {"2", "3"}) {
        REQUIRE(watching.quiet());
        tree.write("cert.pem", text);
        CHECK(watching.hinted(lineage));
    }
}

TEST_CASE("a directory is removed and made again: changes in the new one are hints") {
    const TempTree tree;
    tree.make_directory("web");
    tree.write("web/cert.pem", "1");
    Watching watching(tree);
    const auto lineage = watching.follow({"web/cert.pem"});
    std::unique_ptr<OwnedDescriptor> held;
    REQUIRE(watching.quiet());

    SUBCASE("with time between") {
        tree.remove("web");
        CHECK(watching.hinted(lineage));
        REQUIRE(watching.quiet());
        CHECK(watching.health().directories == 1);
        tree.make_directory("web");
    }
    SUBCASE("at once, so that the inode number may be the same") {
        tree.remove("web");
        tree.make_directory("web");
    }
    SUBCASE("while a program still has the old one open, so that it does not say that it is gone") {
        held = std::make_unique<OwnedDescriptor>(::open(tree.path("web").c_str(), O_RDONLY | O_CLOEXEC));
        REQUIRE(held->valid());
        tree.remove("web");
        tree.make_directory("web");
    }
    SUBCASE("by renaming another into its place, as mod_md does") {
        tree.make_directory("next");
        tree.rename("web", "old");
        tree.rename("next", "web");
    }
    CHECK(watching.hinted(lineage));
    REQUIRE(watching.quiet());

    tree.write("web/cert.pem", "2");
    CHECK(watching.hinted(lineage));
    CHECK(watching.health().directories == 2);
}

TEST_CASE("a directory that has a file of its own name is watched like any other") {
    const TempTree tree;
    tree.make_directory("web");
    Watching watching(tree);
    const auto lineage = watching.follow({"web/web"});

    for (const char* text : {"1", "2", "3"}) {
        REQUIRE(watching.quiet());
        tree.write_over("web/web", text);
        CHECK(watching.hinted(lineage));
    }
    CHECK(watching.quiet());
}

TEST_CASE("a path that does not exist yet: a hint for each part that appears") {
    const TempTree tree;
    Watching watching(tree);
    const auto lineage = watching.follow({"live/web/cert.pem"});
    REQUIRE(watching.quiet());
    CHECK(watching.health().directories == 1);

    for (const char* directory : {"live", "live/web"}) {
        tree.make_directory(directory);
        CHECK(watching.hinted(lineage));
        REQUIRE(watching.quiet());
    }
    tree.write("live/web/cert.pem", "1");
    CHECK(watching.hinted(lineage));
    CHECK(watching.health().directories == 3);
}

TEST_CASE("a directory that appears with its files in it is looked at again once it is watched") {
    const TempTree tree;
    Watching watching(tree);
    const auto lineage = watching.follow({"web/cert.pem"});
    REQUIRE(watching.quiet());

    tree.make_directory("web");
    REQUIRE(watching.settle());
    // One for the directory in its parent, one because files may have come before the watch on it.
    CHECK(watching.hints(lineage) == 2);
}

TEST_CASE("what changes about a directory itself is a hint, also where nothing above it is watched") {
    const TempTree tree;
    Watching watching(tree);
    const auto lineage = watching.follow({"cert.pem"});
    REQUIRE(watching.quiet());
    std::filesystem::permissions(tree.root(), std::filesystem::perms::owner_all);
    CHECK(watching.hinted(lineage));
}

TEST_CASE("whichever directory appears is a hint where any may come") {
    const TempTree tree;
    tree.make_directory("issuers");
    Watching watching(tree);
    const auto lineage = watching.follow({"issuers/*/cert.pem"});
    REQUIRE(watching.quiet());
    tree.make_directory("issuers/acme.example");
    CHECK(watching.hinted(lineage));
}

TEST_CASE("a link to a directory is swapped: a hint, and then for changes behind it") {
    const TempTree tree;
    for (const std::string release : {"1", "2", "3"}) {
        tree.make_directory(release);
        tree.write(release + "/cert.pem", release);
    }
    tree.link("live", "1");
    Watching watching(tree);
    const auto lineage = watching.follow({"live/cert.pem"});

    for (const std::string release : {"2", "3"}) {
        REQUIRE(watching.quiet());
        tree.link_over("live", release);
        CHECK(watching.hinted(lineage));
        REQUIRE(watching.quiet());
        tree.write(release + "/cert.pem", "changed");
        CHECK(watching.hinted(lineage));
    }
    REQUIRE(watching.quiet());
    tree.write("1/cert.pem", "nobody follows this any more");
    REQUIRE(watching.settle());
    CHECK(watching.hints(lineage) == 0);
}

TEST_CASE("Kubernetes swaps ..data: a hint, each time") {
    const TempTree tree;
    tree.make_directory("..1");
    tree.write("..1/tls.crt", "1");
    tree.link("..data", "..1");
    tree.link("tls.crt", "..data/tls.crt");
    Watching watching(tree);
    const auto lineage = watching.follow({"tls.crt"});

    for (const auto& [before, now] : {std::pair<std::string, std::string>{"..1", "..2"}, {"..2", "..3"}}) {
        tree.make_directory(now);
        tree.write(now + "/tls.crt", now);
        REQUIRE(watching.quiet());
        tree.link_over("..data", now);
        CHECK(watching.hinted(lineage));
        REQUIRE(watching.quiet());
        CHECK(watching.health().directories == 2);
        tree.remove(before);
        REQUIRE(watching.settle());
        CHECK_MESSAGE(watching.hints(lineage) == 0, "nothing leads there any more");
    }
}

TEST_CASE("two lineages in one directory share its watch, and each gets its hints") {
    const TempTree tree;
    tree.make_directory("elsewhere");
    Watching watching(tree);
    const auto first = watching.follow({"shop.pem"});
    const auto second = watching.follow({"blog.pem"});
    const auto third = watching.follow({"elsewhere/wiki.pem"});
    REQUIRE(watching.quiet());
    CHECK(watching.health().directories == 2);

    tree.write("shop.pem", "1");
    CHECK(watching.hinted(first));
    CHECK(watching.hints(second) == 0);
    tree.write("blog.pem", "1");
    CHECK(watching.hinted(second));
    CHECK(watching.hints(first) == 0);
    tree.write("log", "what another program writes beside them");
    REQUIRE(watching.settle());
    CHECK(watching.hints(first) == 0);
    CHECK(watching.hints(second) == 0);
    REQUIRE(watching.quiet());

    tree.write("elsewhere/wiki.pem", "1");
    CHECK(watching.hinted(third));
    REQUIRE(watching.settle());
    CHECK(watching.hints(first) == 0);
    CHECK(watching.hints(second) == 0);
}

TEST_CASE("a directory is replaced: a hint for whoever is below it, however deep, and for no neighbour") {
    const TempTree tree;
    Watching watching(tree);
    std::map<std::string, LineageIndex> lineages;
    for (const std::string home : {"a", "a/b/c", "a-b", "ab", "a.b"}) {
        tree.make_directory(home);
        tree.write(home + "/cert.pem", "1");
        lineages[home] = watching.follow({home + "/cert.pem"});
    }
    const auto hinted_at = [&](std::initializer_list<const char*> homes) {
        for (const char* const home : homes) CHECK_MESSAGE(watching.hinted(lineages.at(home)), home);
        for (const char* const neighbour : {"a-b", "ab", "a.b"})
            CHECK_MESSAGE(watching.hints(lineages.at(neighbour)) == 0, neighbour);
    };

    REQUIRE(watching.quiet());
    std::filesystem::rename(tree.path("a"), tree.path("gone"));
    hinted_at({"a", "a/b/c"});
    REQUIRE(watching.quiet());
    tree.link("a", "gone");
    hinted_at({"a", "a/b/c"});
    REQUIRE(watching.quiet());
    tree.write_over("gone/b/c/cert.pem", "2");
    hinted_at({"a/b/c"});
    REQUIRE(watching.quiet());
    tree.remove("a");
    std::filesystem::rename(tree.path("gone"), tree.path("a"));
    hinted_at({"a", "a/b/c"});
    REQUIRE(watching.quiet());
    tree.write_over("a/cert.pem", "2");
    hinted_at({"a"});
}

TEST_CASE("a lineage that joins a watched directory is looked at once more, the others are not") {
    const TempTree tree;
    Watching watching(tree);
    const auto first = watching.follow({"shop.pem"});
    REQUIRE(watching.quiet());

    const auto second = watching.follow({"blog.pem"});
    REQUIRE(watching.settle());
    CHECK(watching.hints(second) == 1);
    CHECK(watching.hints(first) == 0);
}

TEST_CASE("a directory that one lineage leaves stays watched for the other") {
    const TempTree tree;
    tree.make_directory("common");
    tree.make_directory("own");
    tree.link("moving", "common");
    Watching watching(tree);
    const auto moving = watching.follow({"moving/cert.pem"});
    const auto staying = watching.follow({"common/cert.pem"});
    tree.link_over("moving", "own");
    REQUIRE(watching.hinted(moving));
    REQUIRE(watching.quiet());

    tree.write("common/cert.pem", "1");
    CHECK(watching.hinted(staying));
    REQUIRE(watching.settle());
    CHECK(watching.hints(moving) == 0);
}

TEST_CASE("while nothing changes, nothing runs") {
    const TempTree tree;
    tree.make_directory("web");
    Watching watching(tree);
    watching.follow({"web/cert.pem"});
    REQUIRE(watching.quiet());

    const auto before = watching.health().wakeups;
    CHECK(watching.still_for(200ms));
    CHECK(watching.health().wakeups == before);
}

TEST_CASE("more events than the queue holds are a hint for every lineage") {
    const TempTree tree;
    tree.make_directory("busy");
    tree.make_directory("calm");
    tree.write("busy/a", "");
    tree.write("busy/b", "");
    Watching watching(tree);
    watching.follow({"busy/cert.pem"});
    const auto calm = watching.follow({"calm/cert.pem"});
    REQUIRE(watching.quiet());

    std::size_t queue_limit = 16384;
    std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> queue_limit;
    using std::filesystem::perms;
    // In turns: equal events in a row are merged into one.
    for (std::size_t i = 0; i <= queue_limit; ++i)
        std::filesystem::permissions(tree.path(i % 2 == 0 ? "busy/a" : "busy/b"), perms::owner_read);
    tree.write("calm/cert.pem", "the event of this is lost");
    CHECK(watching.hinted(calm));
}

TEST_CASE("waiting for hints can be cancelled, and begun again") {
    const TempTree tree;
    boost::asio::io_context io(1);
    tests::RecordedLog log;
    UvWatch watch(io.get_executor(), log);
    watch.follow(7, {{tree.root(), "cert.pem"}});

    boost::asio::cancellation_signal cancel;
    std::vector<std::set<LineageIndex>> taken;
    const auto wait = [&]() -> Awaitable<void> { taken.push_back(co_await watch.next()); };
    using boost::asio::detached;
    boost::asio::co_spawn(io, wait, detached);
    REQUIRE(tests::run_until(io, [&] { return taken.size() == 1; }));
    CHECK(taken.back() == std::set<LineageIndex>{7});

    boost::asio::co_spawn(io, wait, boost::asio::bind_cancellation_slot(cancel.slot(), detached));
    REQUIRE(tests::run_ready(io));
    CHECK(taken.size() == 1);
    cancel.emit(boost::asio::cancellation_type::terminal);
    REQUIRE(tests::run_until(io, [&] { return taken.size() == 2; }));
    CHECK(taken.back().empty());

    tree.write("cert.pem", "1");
    boost::asio::co_spawn(io, wait, detached);
    REQUIRE(tests::run_until(io, [&] { return taken.size() == 3; }));
    CHECK(taken.back() == std::set<LineageIndex>{7});
}

TEST_CASE("who still waits when the watch is destroyed gets no hints") {
    boost::asio::io_context io(1);
    tests::RecordedLog log;
    auto watch = std::make_unique<UvWatch>(io.get_executor(), log);
    std::optional<std::set<LineageIndex>> taken;
    const auto wait = [&]() -> Awaitable<void> { taken = co_await watch->next(); };
    boost::asio::co_spawn(io, wait, boost::asio::detached);
    REQUIRE(tests::run_ready(io));

    watch.reset();
    REQUIRE(tests::run_until(io, [&] { return taken.has_value(); }));
    CHECK(taken->empty());
}

}  // namespace
}  // namespace certferry
