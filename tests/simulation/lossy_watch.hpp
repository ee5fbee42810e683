// SPDX-License-Identifier: MIT
#pragma once

#include "base/wakeup.hpp"
#include "watch/watch.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace certferry::simulation {

/// Tells of a change on disk; whoever changes it decides whether it is lost.
class LossyWatch final : public Watch {
public:
    explicit LossyWatch(const boost::asio::any_io_executor& executor) : wakeup_(executor) {}

    void follow(LineageIndex lineage, const std::vector<Step>& steps) override { followed_[lineage] = steps; }
    Awaitable<std::set<LineageIndex>> next() override {
        while (hints_.empty()) co_await wakeup_.wait();
        co_return std::exchange(hints_, {});
    }

    void changed(const std::filesystem::path& directory) {
        for (const auto& [lineage, steps] : followed_)
            if (std::any_of(steps.begin(), steps.end(),
                            [&](const Step& step) { return step.directory == directory; }))
                hints_.insert(lineage);
        wakeup_.notify();
    }

private:
    Wakeup wakeup_;
    std::map<LineageIndex, std::vector<Step>> followed_;
    std::set<LineageIndex> hints_;
};

}  // namespace certferry::simulation
