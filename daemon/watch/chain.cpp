// SPDX-License-Identifier: MIT
#include "watch/chain.hpp"

#include <deque>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace certferry {
namespace {

namespace fs = std::filesystem;

constexpr int links_max = 40;  // path_resolution(7)

// A path being resolved as the kernel does it, one component at a time.
class Walk {
public:
    Walk(const Files& files, std::set<Step>& steps) : files_(files), steps_(steps) {}

    void along(const fs::path& path) {
        links_ = 0;
        ahead_.clear();
        put_first(path);
        while (!ahead_.empty() && links_ <= links_max) {
            const fs::path component = ahead_.front();
            ahead_.pop_front();
            step(component);
        }
    }

private:
    void step(const fs::path& component) {
        if (component.empty() || component == ".") return;
        if (component == "..") {
            here_ = here_.parent_path();
            return;
        }
        steps_.insert({here_, component.native()});
        // What is missing or hidden has no target to follow: the rest of the path is looked up below it once
        // it is there.
        fs::path next = here_ / component;
        const fs::path& target = link_target(next);
        if (!target.empty()) {
            ++links_;
            put_first(target);
        } else {
            here_ = std::move(next);
        }
    }

    // The chain and the key of a lineage have most of their way in common.
    const fs::path& link_target(const fs::path& path) {
        const auto [known, is_new] = targets_.try_emplace(path.native());
        if (!is_new) return known->second;
        if (Result<fs::path> target = files_.link_target(path)) known->second = *std::move(target);
        return known->second;
    }

    void put_first(const fs::path& path) {
        if (path.is_absolute()) here_ = path.root_path();
        const fs::path relative = path.relative_path();
        ahead_.insert(ahead_.begin(), relative.begin(), relative.end());
    }

    const Files& files_;
    std::set<Step>& steps_;
    fs::path here_;  // resolved: no component of it is a link
    std::deque<fs::path> ahead_;
    int links_ = 0;
    std::unordered_map<std::string, fs::path> targets_;
};

}  // namespace

std::vector<Step> steps_of(const Files& files, const std::vector<fs::path>& paths) {
    std::set<Step> steps;
    Walk walk(files, steps);
    for (const fs::path& path : paths) walk.along(path);
    return {steps.begin(), steps.end()};
}

std::vector<fs::path> directories_of(const Files& files, const fs::path& path) {
    std::vector<fs::path> directories;
    for (Step& step : steps_of(files, {path}))
        if (directories.empty() || directories.back() != step.directory)
            directories.push_back(std::move(step.directory));
    return directories;
}

}  // namespace certferry
