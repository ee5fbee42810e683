// SPDX-License-Identifier: MIT
#include "support/run_in_child.hpp"
#include "watch/watching.hpp"

#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;
using tests::enter_user_namespace;
using tests::run_in_child;
using tests::TempTree;
using tests::Watching;

constexpr auto poll_interval = 5ms;
const std::string not_permitted = "user namespaces are not permitted here";

void limit(const std::string& what, int count) {
    std::ofstream file("/proc/sys/user/" + what);
    file << count << std::flush;
    if (!file) throw std::runtime_error("cannot limit " + what);
}

// Each hint of polling makes the watch try again, so many hints also show that it does not repeat itself.
bool hinted_often(Watching& watching, LineageIndex lineage) {
    for (int i = 0; i < 3; ++i)
        if (!watching.hinted(lineage)) return false;
    return true;
}

std::string said(const Watching& watching) {
    return fmt::format("{}", fmt::join(watching.log().lines(), "\n"));
}

// What a lineage goes through when the system has nothing left to watch it with, and when it has again.
std::string run_out_of(const std::string& what, int too_few, const TempTree& tree) {
    if (!enter_user_namespace()) return not_permitted;
    limit(what, too_few);
    Watching watching(tree, poll_interval);
    const auto lineage = watching.follow({"live/web/cert.pem"});
    if (!hinted_often(watching, lineage)) return "no hints while polled";
    if (watching.health().polled_lineages != 1) return "not counted as polled";

    limit(what, 100);
    if (!watching.until([&] { return watching.log().count("watch.restored") > 0; })) return "not restored";
    if (watching.health().polled_lineages != 0) return "still counted as polled";
    if (watching.health().directories != 3) return "not all directories are watched";
    if (!watching.still_for(20 * poll_interval)) return "still polled";
    tree.write("live/web/cert.pem", "2");
    if (!watching.hinted(lineage)) return "no hint by the watch";
    return said(watching);
}

void check_polling(const std::string& what, int too_few, const std::string& first, const std::string& last,
                   const std::string& why) {
    const TempTree tree;
    tree.make_directory("live/web");
    tree.write("live/web/cert.pem", "1");
    const std::string outcome = run_in_child([&] { return run_out_of(what, too_few, tree); });
    if (outcome == not_permitted) {
        MESSAGE("skipped: " << outcome);
        return;
    }
    CHECK(outcome == fmt::format("watch.polling directory={} {}\nwatch.restored directory={}",
                                 tree.path(first).string(), why, tree.path(last).string()));
}

TEST_CASE("no inotify watches are left: the lineage is polled, and watched again when there are some") {
    check_polling("max_inotify_watches", 1, "live", "live/web",
                  "reason=no inotify watches left every=5ms remedy=raise fs.inotify.max_user_watches");
}

TEST_CASE("no inotify instances are left: everything is polled, and watched again when there are some") {
    check_polling("max_inotify_instances", 0, "", "live/web",
                  "reason=no inotify instances or file descriptors left every=5ms "
                  "remedy=raise fs.inotify.max_user_instances, or the daemon's LimitNOFILE");
}

// A child without root's rights, which owns the tree.
std::string lose_and_regain_permission(const TempTree& tree) {
    using std::filesystem::perms;
    Watching watching(tree, poll_interval);
    const auto lineage = watching.follow({"web/cert.pem"});
    if (!hinted_often(watching, lineage)) return "no hints while polled";
    std::filesystem::permissions(tree.path("web"), perms::owner_all);
    if (!watching.until([&] { return watching.log().count("watch.restored") > 0; })) return "not restored";
    return said(watching);
}

TEST_CASE("a directory that the daemon may not read is polled, until it may") {
    const TempTree tree;
    tree.make_directory("web");
    std::filesystem::permissions(tree.path("web"), std::filesystem::perms::none);
    const std::string outcome = run_in_child([&] {
        constexpr uid_t nobody = 65534;
        if (::geteuid() == 0) {
            if (::chown(tree.root().c_str(), nobody, nobody) != 0)
                return std::string("cannot give the tree away");
            if (::chown(tree.path("web").c_str(), nobody, nobody) != 0)
                return std::string("cannot give web away");
            if (::setresuid(nobody, nobody, nobody) != 0) return std::string("cannot become nobody");
        }
        return lose_and_regain_permission(tree);
    });
    const std::string web = tree.path("web").string();
    CHECK(outcome ==
          fmt::format("watch.polling directory={} reason=permission denied every=5ms remedy=let the "
                      "daemon's user read the directory and enter those above it\n"
                      "watch.restored directory={}",
                      web, web));
}

}  // namespace
}  // namespace certferry
