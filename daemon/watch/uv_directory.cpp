// SPDX-License-Identifier: MIT
#include "watch/uv_directory.hpp"

#include <array>
#include <climits>
#include <string_view>

#include <uv.h>

namespace certferry {

struct UvDirectory::Handle {
    uv_fs_event_t uv{};
    OnChange on_change;
};

namespace {

// libuv names an event of the directory itself after the path under which its kernel watch was made first,
// which another handle may have done.
bool named_after_itself(uv_fs_event_t& handle, const char* name) {
    std::array<char, PATH_MAX> path{};
    std::size_t size = path.size();
    if (name == nullptr || uv_fs_event_getpath(&handle, path.data(), &size) != 0) return true;
    const std::string_view armed(path.data(), size);
    return armed.substr(armed.rfind('/') + 1) == name;
}

}  // namespace

boost::system::result<UvDirectory> UvDirectory::arm(const UvLoop& loop, const std::filesystem::path& path,
                                                    OnChange on_change) {
    auto handle = std::make_unique<Handle>();
    handle->on_change = std::move(on_change);
    handle->uv.data = handle.get();
    uv_fs_event_init(loop.get(), &handle->uv);
    UvDirectory directory({handle.release(), Close{&loop}});

    const auto changed = [](uv_fs_event_t* uv, const char* name, int events, int status) {
        // Of the directory itself libuv also tells a change of permissions as UV_RENAME.
        const bool itself = status != 0 || ((events & UV_RENAME) != 0 && named_after_itself(*uv, name));
        static_cast<Handle*>(uv->data)->on_change(itself ? Change::itself : Change::inside,
                                                  name == nullptr ? "" : name);
    };
    const int error = uv_fs_event_start(&directory.handle_->uv, changed, path.c_str(), 0);
    if (error != 0) return boost::system::error_code(-error, boost::system::system_category());
    loop.kick();
    return directory;
}

void UvDirectory::Close::operator()(Handle* handle) const {
    const auto free = [](uv_handle_t* uv) { delete static_cast<Handle*>(uv->data); };
    uv_close(reinterpret_cast<uv_handle_t*>(&handle->uv), free);
    loop->kick();
}

}  // namespace certferry
