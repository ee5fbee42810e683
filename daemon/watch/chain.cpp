// SPDX-License-Identifier: MIT
#include "watch/chain.hpp"

#include <deque>
#include <set>

namespace certferry {
namespace {

namespace fs = std::filesystem;

constexpr int links_max = 40;  // path_resolution(7)

// A path being resolved as the kernel does it, one component at a time.
class Walk {
public:
    Walk(const Files& files, std::set<fs::path>& directories) : files_(files), directories_(directories) {}

    void along(const fs::path& path) {
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
        directories_.insert(here_);
        // What is missing or hidden has no target to follow: the rest of the path is looked up below it once
        // it is there.
        const Result<fs::path> target = files_.link_target(here_ / component);
        if (target && !target->empty()) {
            ++links_;
            put_first(*target);
        } else {
            here_ /= component;
        }
    }

    void put_first(const fs::path& path) {
        if (path.is_absolute()) here_ = path.root_path();
        const fs::path relative = path.relative_path();
        ahead_.insert(ahead_.begin(), relative.begin(), relative.end());
    }

    const Files& files_;
    std::set<fs::path>& directories_;
    fs::path here_;  // resolved: no component of it is a link
    std::deque<fs::path> ahead_;
    int links_ = 0;
};

}  // namespace

std::vector<fs::path> directories_of(const Files& files, const fs::path& path) {
    return directories_of(files, std::vector{path});
}

std::vector<fs::path> directories_of(const Files& files, const std::vector<fs::path>& paths) {
    std::set<fs::path> directories;
    for (const fs::path& path : paths) Walk(files, directories).along(path);
    return {directories.begin(), directories.end()};
}

}  // namespace certferry
