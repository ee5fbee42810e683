// SPDX-License-Identifier: MIT
#include "watch/watch_troubles.hpp"

#include "support/recorded_log.hpp"

#include <cerrno>

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

constexpr const char* no_watches =
    "watch.polling directory=/a reason=no inotify watches left every=5s remedy=raise "
    "fs.inotify.max_user_watches";

TEST_CASE("a limit that concerns every directory is said once, and once that it is over") {
    tests::RecordedLog log;
    WatchTroubles troubles(log, 5s);
    for (const char* directory : {"/a", "/b", "/a", "/b"}) troubles.met(directory, ENOSPC);
    CHECK(log.lines() == Lines{no_watches});

    troubles.over("/a");
    CHECK(log.lines().size() == 1);
    CHECK(troubles.concern("/b"));
    troubles.over("/b");
    CHECK(log.lines() == Lines{no_watches, "watch.restored directory=/b"});
    CHECK(troubles.empty());
}

TEST_CASE("a missing permission is said for each directory") {
    tests::RecordedLog log;
    WatchTroubles troubles(log, 5s);
    for (const char* directory : {"/a", "/b", "/a"}) troubles.met(directory, EACCES);
    CHECK(log.count("watch.polling") == 2);
    troubles.over("/a");
    CHECK(log.lines().back() == "watch.restored directory=/a");
}

TEST_CASE("another reason for the same directory is said too") {
    tests::RecordedLog log;
    WatchTroubles troubles(log, 5s);
    troubles.met("/a", EACCES);
    troubles.met("/a", ENOSPC);
    CHECK(log.lines().back() == no_watches);
    troubles.over("/a");
    CHECK(troubles.empty());
}

TEST_CASE("a directory without trouble is not mentioned") {
    tests::RecordedLog log;
    WatchTroubles troubles(log, 5s);
    troubles.over("/a");
    CHECK(log.lines().empty());
}

}  // namespace
}  // namespace certferry
