// SPDX-License-Identifier: MIT
#include "watch/watch_troubles.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace certferry {
namespace {

struct Meaning {
    std::string reason;
    std::string remedy;
    bool concerns_all = false;
};

// As inotify_add_watch(2) and inotify_init(2) say.
Meaning meaning_of(int error) {
    switch (error) {
        case ENOSPC:
            return {"no inotify watches left", "raise fs.inotify.max_user_watches", true};
        case EMFILE:
            return {"no inotify instances or file descriptors left",
                    "raise fs.inotify.max_user_instances, or the daemon's LimitNOFILE", true};
        case EACCES:
            return {"permission denied", "let the daemon's user read the directory and enter those above it"};
        default:
            return {std::generic_category().message(error), "check the file system and its mount"};
    }
}

}  // namespace

void WatchTroubles::met(const std::filesystem::path& directory, int error) {
    if (const auto known = errors_.find(directory); known != errors_.end() && known->second == error) return;
    errors_.erase(directory);
    const bool said = said_for_another(error);
    errors_.emplace(directory, error);
    if (said) return;
    const Meaning meaning = meaning_of(error);
    log_.write(LogLevel::warning, "watch.polling",
               {{"directory", directory.string()},
                {"reason", meaning.reason},
                {"every", to_text(poll_interval_)},
                {"remedy", meaning.remedy}});
}

void WatchTroubles::over(const std::filesystem::path& directory) {
    const auto ended = errors_.extract(directory);
    if (ended.empty() || said_for_another(ended.mapped())) return;
    log_.write(LogLevel::info, "watch.restored", {{"directory", directory.string()}});
}

bool WatchTroubles::said_for_another(int error) const {
    const auto same = [&](const auto& entry) { return entry.second == error; };
    return meaning_of(error).concerns_all && std::any_of(errors_.begin(), errors_.end(), same);
}

}  // namespace certferry
