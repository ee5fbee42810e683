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

boost::system::result<Identity> identify(const std::string& path) {
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
        Followed joined;
        // Sorted, a parent is armed before what is in it is looked for: what appears meanwhile is an event.
        for (const Step& step : steps)
            if (joined.directories.empty() || joined.directories.back()->first != step.directory)
                joined.directories.push_back(join(lineage, step.directory));
        for (const Step& step : steps)
            if (!leads_to_another(step, joined)) joined.names.push_back(await_name(lineage, step));
        const auto before = followed_.extract(lineage);
        if (!joined.directories.empty()) followed_[lineage] = std::move(joined);
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
    // The lineages that follow a name in a directory. Those on whose way it is a directory are found there:
    // all have most of their way in common.
    using Followers = std::multimap<std::string, LineageIndex, std::less<>>;

    // Neither armed nor in trouble: it does not exist.
    struct Directory {
        std::size_t lineages = 0;  // that have it on their way
        Followers followers;
        std::optional<UvDirectory> armed;
        Identity identity{};
        bool suspect = false;  // it may be gone while its name, and even its inode number, are in use again
    };

    using DirectoryMap = std::map<std::string, Directory>;
    using Entry = DirectoryMap::iterator;

    // What one lineage follows.
    struct Followed {
        std::vector<Entry> directories;                            // sorted
        std::vector<std::pair<Entry, Followers::iterator>> names;  // in them
    };

    Entry join(LineageIndex lineage, const std::string& path) {
        const Entry entry = directories_.try_emplace(path).first;
        ++entry->second.lineages;
        if (arm_where_needed(entry)) {
            hint_all_in(entry);
            hints_->add(lineage);
        } else if (entry->second.armed && !follows(lineage, entry)) {
            hints_->add(lineage);
        }
        return entry;
    }

    static bool leads_to_another(const Step& step, const Followed& followed) {
        const std::string path = child(step.directory, step.name);
        const auto found =
            std::lower_bound(followed.directories.begin(), followed.directories.end(), path,
                             [](Entry entry, const std::string& name) { return entry->first < name; });
        return found != followed.directories.end() && (*found)->first == path;
    }

    std::pair<Entry, Followers::iterator> await_name(LineageIndex lineage, const Step& step) {
        const Entry directory = directories_.find(step.directory);
        return {directory, directory->second.followers.emplace(step.name, lineage)};
    }

    bool follows(LineageIndex lineage, Entry directory) const {
        const auto followed = followed_.find(lineage);
        return followed != followed_.end() &&
               std::find(followed->second.directories.begin(), followed->second.directories.end(),
                         directory) != followed->second.directories.end();
    }

    void leave(const Followed& followed) {
        for (const auto& [directory, follower] : followed.names) directory->second.followers.erase(follower);
        for (const Entry directory : followed.directories) {
            if (--directory->second.lineages > 0) continue;
            troubles_.over(directory->first);
            directories_.erase(directory);
        }
    }

    static std::string child(const std::string& directory, std::string_view name) {
        std::string path = directory;
        if (path != "/") path += '/';
        return path.append(name);
    }

    // Everything whose way leads through that directory.
    void visit_all_in(DirectoryMap::const_iterator directory, const auto& visit) const {
        for (const auto& [name, lineage] : directory->second.followers) visit(lineage);
        const std::string below = child(directory->first, "");
        for (auto at = directories_.lower_bound(below);
             at != directories_.end() && at->first.starts_with(below); ++at)
            for (const auto& [name, lineage] : at->second.followers) visit(lineage);
    }

    void hint_all_in(DirectoryMap::const_iterator directory) {
        visit_all_in(directory, [this](LineageIndex lineage) { hints_->add(lineage); });
    }

    void hint(Entry directory, std::string_view name) {
        const Followers& followers = directory->second.followers;
        for (const std::string_view followed : {name, any_name}) {
            const auto [first, last] = followers.equal_range(followed);
            for (auto follower = first; follower != last; ++follower) hints_->add(follower->second);
            const auto there = directories_.find(child(directory->first, followed));
            if (there != directories_.end()) hint_all_in(there);
        }
    }

    /// Whether it was armed just now.
    bool arm_where_needed(Entry entry) {
        auto& [path, directory] = *entry;
        // Before arming: a directory that takes its place meanwhile is then found to be another one by the
        // next follow(), instead of never.
        const auto identity = identify(path);
        if (identity && directory.armed && !directory.suspect && directory.identity == *identity)
            return false;

        auto armed = identity ? arm(entry) : identity.error();
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

    boost::system::result<UvDirectory> arm(Entry directory) {
        if (!loop_) {
            auto loop = UvLoop::open(executor_);
            if (!loop) return loop.error();
            loop_ = std::move(*loop);
        }
        const auto on_change = [this, directory](UvDirectory::Change change, std::string_view name) {
            if (change == UvDirectory::Change::itself) directory->second.suspect = true;
            if (change == UvDirectory::Change::itself || name.empty())
                hint_all_in(directory);
            else
                hint(directory, name);
            hint_all_after_overflow();
        };
        return UvDirectory::arm(*loop_, directory->first, on_change);
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
        for (const auto& [path, directory] : directories_)
            for (const auto& [name, lineage] : directory.followers) hints_->add(lineage);
    }

    std::set<LineageIndex> polled_lineages() const {
        std::set<LineageIndex> lineages;
        for (auto at = directories_.begin(); at != directories_.end(); ++at)
            if (troubles_.concern(at->first))
                visit_all_in(at, [&](LineageIndex lineage) { lineages.insert(lineage); });
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

    std::map<LineageIndex, Followed> followed_;  // what each lineage has asked for last

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
