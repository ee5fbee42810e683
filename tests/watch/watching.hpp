// SPDX-License-Identifier: MIT
#pragma once

#include "base/posix_files.hpp"
#include "support/recorded_log.hpp"
#include "support/run_until.hpp"
#include "support/temp_tree.hpp"
#include "watch/chain.hpp"
#include "watch/uv_watch.hpp"

#include <functional>
#include <map>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace certferry::tests {

/// Watches lineages in a tree as the daemon does: for each hint it looks where the paths lead, and follows
/// that. Directories above the tree are left out, since other programs change things there.
class Watching {
public:
    explicit Watching(const TempTree& tree, Duration poll_interval = std::chrono::hours(1))
        : tree_(tree), watch_(io_.get_executor(), log_, poll_interval) {
        boost::asio::co_spawn(io_, look(), boost::asio::detached);
    }

    /// Paths are relative to the tree. Gives the new lineage's number.
    LineageIndex follow(const std::vector<std::string>& paths) {
        const LineageIndex lineage = paths_.size();
        for (const std::string& path : paths) paths_[lineage].push_back(tree_.path(path));
        look_at(lineage);
        return lineage;
    }

    /// Runs until nothing is left to do; false when that never is.
    bool settle() { return run_ready(io_); }

    /// Lets all hints so far pass; then a change has to bring the next.
    bool quiet() {
        const bool ended = settle();
        hints_.clear();
        return ended;
    }

    /// The same, and then nothing at all happens for that long: no timer, no wake-up.
    bool still_for(Duration duration) {
        int handlers = 0;
        while (io_.run_one_for(duration) > 0)
            if (++handlers > 1000) return false;
        hints_.clear();
        return true;
    }

    /// Waits for a hint since quiet() or since the last call.
    bool hinted(LineageIndex lineage) {
        const bool came = run_until(io_, [&] { return hints_[lineage] > 0; });
        hints_[lineage] = 0;
        return came;
    }

    /// What has come so far, without waiting.
    std::size_t hints(LineageIndex lineage) { return hints_[lineage]; }

    bool until(const std::function<bool()>& reached) { return run_until(io_, reached); }

    const RecordedLog& log() const { return log_; }
    WatchHealth health() const { return watch_.health(); }

private:
    Awaitable<void> look() {
        for (;;) {
            const std::set<LineageIndex> lineages = co_await watch_.next();
            if (lineages.empty()) co_return;
            for (const LineageIndex lineage : lineages) {
                ++hints_[lineage];
                look_at(lineage);
            }
        }
    }

    void look_at(LineageIndex lineage) {
        std::vector<Step> inside;
        MetLinks met;
        for (const Step& step : steps_of(files_, paths_.at(lineage), met))
            if (step.directory.starts_with(tree_.root().native())) inside.push_back(step);
        watch_.follow(lineage, inside);
    }

    const TempTree& tree_;
    PosixFiles files_;
    RecordedLog log_;
    std::map<LineageIndex, std::vector<std::filesystem::path>> paths_;
    std::map<LineageIndex, std::size_t> hints_;
    boost::asio::io_context io_{1};
    UvWatch watch_;
};

}  // namespace certferry::tests
