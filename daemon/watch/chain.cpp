// SPDX-License-Identifier: MIT
#include "watch/chain.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace certferry {
namespace {

namespace fs = std::filesystem;

constexpr int links_max = 40;  // path_resolution(7)

std::string target_of(const Files& files, const std::string& path) {
    const Result<fs::path> target = files.link_target(path);
    return target ? target->native() : std::string();
}

// A path being resolved as the kernel does it, one component at a time.
class Walk {
public:
    Walk(const Files& files, MetLinks& met, std::set<Step>& steps)
        : files_(files), met_(met), steps_(steps) {}

    void along(const fs::path& path) {
        links_ = 0;
        ahead_.clear();
        put_first(path);
        while (!ahead_.empty() && links_ <= links_max) {
            const std::string component = std::move(ahead_.back());
            ahead_.pop_back();
            step(component);
        }
    }

private:
    void step(const std::string& component) {
        if (component.empty() || component == ".") return;
        if (component == "/") {
            here_ = component;
            return;
        }
        if (component == "..") {
            here_.erase(std::max<std::size_t>(here_.rfind('/'), 1));
            return;
        }
        steps_.insert({here_, component});
        // What is missing or hidden has no target to follow: the rest of the path is looked up below it once
        // it is there.
        std::string next = here_ + (here_.size() > 1 ? "/" : "") + component;
        // Nobody else has the last one on the way.
        const std::string target = ahead_.empty() ? target_of(files_, next) : met_.target(files_, next);
        if (!target.empty()) {
            ++links_;
            put_first(target);
        } else {
            here_ = std::move(next);
        }
    }

    void put_first(const fs::path& path) {
        const std::size_t already = ahead_.size();
        for (const fs::path& component : path) ahead_.push_back(component.native());
        std::reverse(ahead_.begin() + static_cast<std::ptrdiff_t>(already), ahead_.end());
    }

    const Files& files_;
    MetLinks& met_;
    std::set<Step>& steps_;
    std::string here_ = "/";          // resolved: no component of it is a link
    std::vector<std::string> ahead_;  // the next one is the last
    int links_ = 0;
};

}  // namespace

const std::string& MetLinks::target(const Files& files, const std::string& path) {
    const auto [met, is_new] = targets_.try_emplace(path);
    if (is_new) met->second = target_of(files, path);
    return met->second;
}

std::vector<Step> steps_of(const Files& files, const std::vector<fs::path>& paths, MetLinks& met) {
    std::set<Step> steps;
    Walk walk(files, met, steps);
    for (const fs::path& path : paths) walk.along(path);
    return {steps.begin(), steps.end()};
}

}  // namespace certferry
