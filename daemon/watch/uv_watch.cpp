// SPDX-License-Identifier: MIT
#include "watch/uv_watch.hpp"

#include "watch/hints.hpp"
#include "watch/uv_directory.hpp"
#include "watch/uv_loop.hpp"
#include "watch/watch_troubles.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <map>
#include <optional>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <sys/stat.h>

namespace certferry {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

// What a path names at a moment: another directory of the same name is another one.
struct Identity {
    dev_t device;
    ino_t inode;

    friend bool operator==(const Identity&, const Identity&) = default;
};

boost::system::error_code system_error(int error) {
    return {error, boost::system::system_category()};
}

boost::system::result<Identity> identify(const fs::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return system_error(errno);
    if (!S_ISDIR(status.st_mode)) return system_error(ENOTDIR);
    return Identity{status.st_dev, status.st_ino};
}

bool is_absence(boost::system::error_code error) {
    return error.value() == ENOENT || error.value() == ENOTDIR;
}

// inotify(7); its default where /proc does not tell.
std::size_t max_queued_events() {
    std::size_t events = 16384;
    std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> events;
    return events;
}

}  // namespace

// The directories that lineages follow, and their hints. Asio's timer holds it weakly.
class UvWatch::Directories : public std::enable_shared_from_this<Directories> {
public:
    Directories(asio::any_io_executor executor, Log& log, Duration poll_interval)
        : executor_(executor),
          hints_(std::make_shared<Hints>(executor)),
          troubles_(log, poll_interval),
          poll_interval_(poll_interval),
          poll_timer_(executor) {}

    const std::shared_ptr<Hints>& hints() const { return hints_; }

    void follow(LineageIndex lineage, const std::vector<Step>& steps) {
        std::vector<Following> joined;
        joined.reserve(steps.size());
        // Sorted, a parent is armed before what is in it is looked for: what appears meanwhile is an event.
        for (const Step& step : steps) {
            const bool same = !joined.empty() && joined.back().directory->first == step.directory;
            const Entry directory = same ? joined.back().directory : join(lineage, step.directory);
            joined.push_back({directory, directory->second.followers.emplace(step.name, lineage)});
        }
        const auto before = followed_.extract(lineage);
        if (!joined.empty()) followed_[lineage] = std::move(joined);
        if (before) leave(before.mapped());
        poll_while_troubled();
    }

    WatchHealth health() const {
        WatchHealth health;
        for (const auto& [path, directory] : directories_)
            if (directory.armed) ++health.directories;
        health.polled_lineages = polled_lineages().size();
        health.wakeups = loop_ ? loop_->runs() : 0;
        health.overflows = overflows_;
        return health;
    }

private:
    // The lineages that one directory concerns, by the name that they look up there.
    using Followers = std::multimap<std::string, LineageIndex, std::less<>>;

    // Neither armed nor in trouble: it does not exist.
    struct Directory {
        Followers followers;
        std::optional<UvDirectory> armed;
        Identity identity{};
        bool suspect = false;  // it may be gone while its name, and even its inode number, are in use again
    };

    using DirectoryMap = std::map<std::string, Directory>;
    using Entry = DirectoryMap::iterator;
    struct Following {
        Entry directory;
        Followers::iterator follower;
    };

    Entry join(LineageIndex lineage, const std::string& path) {
        const Entry entry = directories_.try_emplace(path).first;
        Directory& directory = entry->second;
        if (arm_where_needed(path, directory)) {
            hint(directory.followers);
            hints_->add(lineage);
        } else if (directory.armed && !follows(lineage, entry)) {
            hints_->add(lineage);
        }
        return entry;
    }

    bool follows(LineageIndex lineage, Entry directory) const {
        const auto followed = followed_.find(lineage);
        return followed != followed_.end() &&
               std::any_of(followed->second.begin(), followed->second.end(),
                           [&](const Following& following) { return following.directory == directory; });
    }

    void leave(const std::vector<Following>& followed) {
        for (const Following& following : followed) {
            Followers& followers = following.directory->second.followers;
            followers.erase(following.follower);
            if (!followers.empty()) continue;
            troubles_.over(following.directory->first);
            directories_.erase(following.directory);
        }
    }

    void hint(const Followers& followers) {
        for (const auto& [name, lineage] : followers) hints_->add(lineage);
    }

    void hint(const Followers& followers, std::string_view name) {
        for (const std::string_view followed : {name, any_name}) {
            const auto [first, last] = followers.equal_range(followed);
            for (auto follower = first; follower != last; ++follower) hints_->add(follower->second);
        }
    }

    /// Whether it was armed just now.
    bool arm_where_needed(const fs::path& path, Directory& directory) {
        // Before arming: a directory that takes its place meanwhile is then found to be another one by the
        // next follow(), instead of never.
        const auto identity = identify(path);
        if (identity && directory.armed && !directory.suspect && directory.identity == *identity)
            return false;

        auto armed = identity ? arm(path, directory) : identity.error();
        directory.suspect = false;
        if (!armed) {
            directory.armed.reset();
            if (is_absence(armed.error()))
                troubles_.over(path);
            else
                troubles_.met(path, armed.error().value());
            return false;
        }
        directory.armed = std::move(*armed);
        directory.identity = *identity;
        troubles_.over(path);
        return true;
    }

    boost::system::result<UvDirectory> arm(const fs::path& path, Directory& directory) {
        if (!loop_) {
            auto loop = UvLoop::open(executor_);
            if (!loop) return loop.error();
            loop_ = std::move(*loop);
        }
        const auto on_change = [this, &directory](UvDirectory::Change change, std::string_view name) {
            if (change == UvDirectory::Change::itself) directory.suspect = true;
            if (change == UvDirectory::Change::itself || name.empty())
                hint(directory.followers);
            else
                hint(directory.followers, name);
            hint_all_after_overflow();
        };
        return UvDirectory::arm(*loop_, path, on_change);
    }

    // A full queue loses events of any directory, and libuv does not say so: so many in one run that the
    // queue must have been full.
    void hint_all_after_overflow() {
        if (counted_run_ != loop_->runs()) {
            counted_run_ = loop_->runs();
            events_in_run_ = 0;
        }
        if (++events_in_run_ != queue_limit_) return;
        ++overflows_;
        for (const auto& [path, directory] : directories_) hint(directory.followers);
    }

    std::set<LineageIndex> polled_lineages() const {
        std::set<LineageIndex> lineages;
        for (const auto& [path, directory] : directories_)
            if (troubles_.concern(path))
                for (const auto& [name, lineage] : directory.followers) lineages.insert(lineage);
        return lineages;
    }

    void poll_while_troubled() {
        if (polling_ || troubles_.empty()) return;
        polling_ = true;
        poll_timer_.expires_after(poll_interval_);
        poll_timer_.async_wait([weak = weak_from_this()](boost::system::error_code) {
            const auto self = weak.lock();
            if (!self) return;
            self->polling_ = false;
            self->hints_->add(self->polled_lineages());
            self->poll_while_troubled();
        });
    }

    asio::any_io_executor executor_;
    std::shared_ptr<Hints> hints_;
    WatchTroubles troubles_;

    Duration poll_interval_;
    asio::steady_timer poll_timer_;
    bool polling_ = false;

    const std::size_t queue_limit_ = max_queued_events();
    std::uint64_t counted_run_ = 0;
    std::size_t events_in_run_ = 0;
    std::uint64_t overflows_ = 0;

    std::map<LineageIndex, std::vector<Following>> followed_;  // what each lineage has asked for last

    // The directories close their handles with the loop, so they go first.
    std::optional<UvLoop> loop_;
    DirectoryMap directories_;  // in their order, a parent comes before what is in it
};

UvWatch::UvWatch(asio::any_io_executor executor, Log& log, Duration poll_interval)
    : directories_(std::make_shared<Directories>(std::move(executor), log, poll_interval)) {}

UvWatch::~UvWatch() {
    directories_->hints()->close();
}

void UvWatch::follow(LineageIndex lineage, const std::vector<Step>& steps) {
    directories_->follow(lineage, steps);
}

Awaitable<std::set<LineageIndex>> UvWatch::next() {
    return Hints::take(directories_->hints());
}

WatchHealth UvWatch::health() const {
    return directories_->health();
}

}  // namespace certferry
