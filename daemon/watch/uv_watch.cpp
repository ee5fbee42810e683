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

    void follow(LineageIndex lineage, const std::vector<fs::path>& paths) {
        // Sorted, a parent is armed before what is in it is looked for: what appears meanwhile is an event.
        std::set<std::string> wanted;
        for (const fs::path& path : paths) wanted.insert(path.native());
        std::vector<Entry> joined;
        joined.reserve(wanted.size());
        for (const std::string& path : wanted) joined.push_back(join(lineage, path));
        leave_all_but(wanted, lineage);
        if (!joined.empty()) followed_[lineage] = std::move(joined);
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
    // Neither armed nor in trouble: it does not exist.
    struct Directory {
        std::shared_ptr<Followers> followers = std::make_shared<Followers>();
        std::optional<UvDirectory> armed;
        Identity identity{};
        bool suspect = false;  // it may be gone while its name, and even its inode number, are in use again
    };

    using DirectoryMap = std::map<std::string, Directory>;
    using Entry = DirectoryMap::iterator;

    Entry join(LineageIndex lineage, const std::string& path) {
        const Entry entry = directories_.try_emplace(path).first;
        Directory& directory = entry->second;
        const bool joined = directory.followers->insert(lineage).second;
        if (arm_where_needed(path, directory)) {
            hints_->add(directory.followers);
        } else if (joined && directory.armed) {
            hints_->add(lineage);
        }
        return entry;
    }

    void leave_all_but(const std::set<std::string>& wanted, LineageIndex lineage) {
        const auto before = followed_.extract(lineage);
        if (before.empty()) return;
        for (const Entry entry : before.mapped()) {
            if (wanted.contains(entry->first)) continue;
            entry->second.followers->erase(lineage);
            if (!entry->second.followers->empty()) continue;
            troubles_.over(entry->first);
            directories_.erase(entry);
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
        return UvDirectory::arm(*loop_, path, [this, &directory](UvDirectory::Change change) {
            if (change == UvDirectory::Change::itself) directory.suspect = true;
            hints_->add(directory.followers);
            hint_all_after_overflow();
        });
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
        for (const auto& [path, directory] : directories_) hints_->add(directory.followers);
    }

    std::set<LineageIndex> polled_lineages() const {
        std::set<LineageIndex> lineages;
        for (const auto& [path, directory] : directories_)
            if (troubles_.concern(path))
                lineages.insert(directory.followers->begin(), directory.followers->end());
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

    std::map<LineageIndex, std::vector<Entry>> followed_;  // what each lineage has asked for last

    // The directories close their handles with the loop, so they go first.
    std::optional<UvLoop> loop_;
    DirectoryMap directories_;  // in their order, a parent comes before what is in it
};

UvWatch::UvWatch(asio::any_io_executor executor, Log& log, Duration poll_interval)
    : directories_(std::make_shared<Directories>(std::move(executor), log, poll_interval)) {}

UvWatch::~UvWatch() {
    directories_->hints()->close();
}

void UvWatch::follow(LineageIndex lineage, const std::vector<fs::path>& directories) {
    directories_->follow(lineage, directories);
}

Awaitable<std::set<LineageIndex>> UvWatch::next() {
    return Hints::take(directories_->hints());
}

WatchHealth UvWatch::health() const {
    return directories_->health();
}

}  // namespace certferry
