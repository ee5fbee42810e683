// SPDX-License-Identifier: MIT
#pragma once

#include "watch/uv_loop.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

namespace certferry {

/// One directory that libuv (inotify) watches, until destroyed. Not what lies deeper in it.
///
/// It watches the directory that `path` named when it was armed, for good: when that is removed, renamed or
/// replaced, libuv goes on watching nothing, without an error.
class UvDirectory {
public:
    enum class Change {
        inside,  // the name in the directory, or what is behind it
        itself,  // the directory was removed or renamed, or has a child of its own name: arm it again
    };
    /// With the name, where the system tells it; empty otherwise. Must not throw, nor destroy
    /// any UvDirectory.
    using OnChange = std::function<void(Change, std::string_view name)>;

    /// Errors as of inotify_init(2) and inotify_add_watch(2). `loop` outlives what it returns.
    static boost::system::result<UvDirectory> arm(const UvLoop& loop, const std::filesystem::path& path,
                                                  OnChange on_change);

private:
    struct Handle;
    struct Close {
        const UvLoop* loop;
        void operator()(Handle* handle) const;
    };
    explicit UvDirectory(std::unique_ptr<Handle, Close> handle) : handle_(std::move(handle)) {}

    std::unique_ptr<Handle, Close> handle_;
};

}  // namespace certferry
