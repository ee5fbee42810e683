// SPDX-License-Identifier: MIT
#include "watch/uv_loop.hpp"

#include <chrono>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <uv.h>

namespace certferry {

namespace asio = boost::asio;

// Asio's handlers may still be queued when the UvLoop is destroyed, so they hold this weakly.
struct UvLoop::Guest : std::enable_shared_from_this<Guest> {
    explicit Guest(asio::any_io_executor executor) : descriptor(executor), timer(executor) {}
    Guest(const Guest&) = delete;
    Guest& operator=(const Guest&) = delete;
    ~Guest() {
        if (is_open) close();
    }

    boost::system::error_code open() {
        if (const int error = uv_loop_init(&loop); error != 0)
            return {-error, boost::system::system_category()};
        is_open = true;
        descriptor.assign(uv_backend_fd(&loop));
        return {};
    }

    void close() {
        // The descriptor is libuv's: Asio has to let go of it before either closes it.
        descriptor.release();
        const auto close_stray = [](uv_handle_t* handle, void*) {
            if (uv_is_closing(handle) == 0) uv_close(handle, nullptr);
        };
        uv_walk(&loop, close_stray, nullptr);
        uv_run(&loop, UV_RUN_DEFAULT);
        uv_loop_close(&loop);
    }

    void kick() {
        if (std::exchange(kicked, true)) return;
        asio::post(descriptor.get_executor(), [weak = weak_from_this()] {
            if (const auto guest = weak.lock()) guest->run();
        });
    }

    void run() {
        kicked = false;
        descriptor.cancel();
        timer.cancel();
        ++runs;
        uv_run(&loop, UV_RUN_NOWAIT);
        wait();
    }

    void wait() {
        if (uv_loop_alive(&loop) == 0) return;  // its timeout would be 0, for ever
        const int timeout_ms = uv_backend_timeout(&loop);
        if (timeout_ms == 0) return kick();

        const auto run_again = [weak = weak_from_this()](boost::system::error_code error) {
            if (error) return;
            if (const auto guest = weak.lock()) guest->run();
        };
        descriptor.async_wait(asio::posix::descriptor_base::wait_read, run_again);
        if (timeout_ms < 0) return;
        timer.expires_after(std::chrono::milliseconds(timeout_ms));
        timer.async_wait(run_again);
    }

    uv_loop_t loop{};
    bool is_open = false;
    bool kicked = false;
    std::uint64_t runs = 0;
    asio::posix::stream_descriptor descriptor;
    asio::steady_timer timer;
};

boost::system::result<UvLoop> UvLoop::open(asio::any_io_executor executor) {
    auto guest = std::make_shared<Guest>(std::move(executor));
    if (const auto error = guest->open()) return error;
    return UvLoop(std::move(guest));
}

uv_loop_t* UvLoop::get() const {
    return &guest_->loop;
}

void UvLoop::kick() const {
    guest_->kick();
}

std::uint64_t UvLoop::runs() const {
    return guest_->runs;
}

}  // namespace certferry
