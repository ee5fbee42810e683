// SPDX-License-Identifier: MIT
#include "store/posix_state_dir.hpp"

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace certferry {
namespace {

namespace fs = std::filesystem;

fs::path parent_of(const fs::path& directory) {
    return directory.has_filename() ? directory.parent_path() : directory.parent_path().parent_path();
}

Result<void> make_if_missing(const fs::path& directory) {
    if (::mkdir(directory.c_str(), 0700) == 0) {
        const fs::path parent = parent_of(directory);
        return sync_directory(parent.empty() ? fs::path(".") : parent);
    }
    if (errno == EEXIST) return {};
    return state_failure(directory, errno);
}

Result<void> refuse_if_others_write(const fs::path& directory) {
    struct stat status {};
    if (::stat(directory.c_str(), &status) != 0) return state_failure(directory, errno);
    if (!S_ISDIR(status.st_mode)) return state_failure(directory, ENOTDIR);
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) == 0) return {};
    return Error(Errc::config_invalid, fmt::format("state_dir {} can be written by others (mode {:04o})",
                                                   directory.string(), status.st_mode & 07777))
        .with_remedy("run: chmod go-w " + directory.string());
}

std::string pid_in(const OwnedDescriptor& lock) {
    std::array<char, 16> text{};
    const ssize_t size = ::pread(lock.get(), text.data(), text.size(), 0);
    const std::string pid(text.data(), static_cast<std::size_t>(size > 0 ? size : 0));
    return pid.substr(0, pid.find_first_not_of("0123456789"));
}

Error held_by_another(const fs::path& directory, const OwnedDescriptor& lock) {
    const std::string pid = pid_in(lock);
    const std::string who =
        pid.empty() ? "another certferryd" : fmt::format("another certferryd (pid {})", pid);
    return {Errc::journal_locked, fmt::format("{} holds {}", who, directory.string())};
}

// A full disk may refuse the pid; the lock holds without it.
void write_pid(const OwnedDescriptor& lock) {
    const std::string pid = fmt::format("{}\n", ::getpid());
    if (::ftruncate(lock.get(), 0) == 0) (void)!::pwrite(lock.get(), pid.data(), pid.size(), 0);
}

}  // namespace

Error state_failure(const fs::path& path, int system_error) {
    return {Errc::journal_unwritable,
            fmt::format("{}: {}", path.string(), std::generic_category().message(system_error))};
}

Result<void> sync_directory(const fs::path& directory) {
    const OwnedDescriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened.valid() || ::fsync(opened.get()) != 0) return state_failure(directory, errno);
    return {};
}

Result<PosixStateDir> PosixStateDir::hold(const fs::path& directory) {
    if (const auto made = make_if_missing(directory); !made) return made.error();
    if (const auto safe = refuse_if_others_write(directory); !safe) return safe.error();

    const fs::path file = directory / "lock";
    OwnedDescriptor lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock.valid()) return state_failure(file, errno);
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? held_by_another(directory, lock) : state_failure(file, errno);
    write_pid(lock);
    return PosixStateDir(directory, std::move(lock));
}

}  // namespace certferry
