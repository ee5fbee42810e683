// SPDX-License-Identifier: MIT
#include "base/asio_names.hpp"

#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace certferry {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

using Found = boost::system::result<AsioNames::Addresses>;

Found resolve(const std::string& host, std::uint16_t port) {
    error_code failed;
    asio::io_context here;
    tcp::resolver resolver(here);
    const auto found =
        resolver.resolve(host, std::to_string(port),
                         tcp::resolver::address_configured | tcp::resolver::numeric_service, failed);
    if (failed) return failed;
    return AsioNames::Addresses(found.begin(), found.end());
}

/// On a thread of its own. The machine may have none left.
template <class Work>
error_code run_aside(Work work) {
    try {
        std::thread(std::move(work)).detach();
        return {};
    } catch (const std::system_error& failed) {
        return failed.code();
    }
}

}  // namespace

/// The way back onto the loop, for threads that may outlive it.
struct AsioNames::Door {
    std::mutex mutex;
    bool open = true;
};

/// Closes it when the loop ends: as a service that is younger than the loop's own, before that one does.
class AsioNames::Doorkeeper final : public asio::execution_context::service {
public:
    static inline asio::execution_context::id id;

    explicit Doorkeeper(asio::execution_context& loop) : service(loop) {}

    const std::shared_ptr<Door> door = std::make_shared<Door>();

private:
    void shutdown() override {
        const std::lock_guard lock(door->mutex);
        door->open = false;
    }
};

/// Of the loop's thread.
struct AsioNames::Lookup {
    explicit Lookup(const asio::any_io_executor& executor)
        : done(executor, asio::steady_timer::time_point::max()) {}

    asio::steady_timer done;
    Found found = error_code(asio::error::operation_aborted);
};

AsioNames::AsioNames(asio::any_io_executor executor)
    : executor_(std::move(executor)),
      door_(asio::use_service<Doorkeeper>(asio::query(executor_, asio::execution::context)).door) {}

Awaitable<Found> AsioNames::look_up(std::string host, std::uint16_t port) {
    error_code is_name;
    const asio::ip::address address = asio::ip::make_address(host, is_name);
    if (!is_name) co_return Addresses{tcp::endpoint(address, port)};

    const auto lookup = std::make_shared<Lookup>(executor_);
    auto work = [host = std::move(host), port, executor = executor_, door = door_,
                 weak = std::weak_ptr(lookup)] {
        Found found = resolve(host, port);
        const std::lock_guard lock(door->mutex);
        if (!door->open) return;
        asio::post(executor, [weak, found = std::move(found)]() mutable {
            const auto waited_for = weak.lock();
            if (!waited_for) return;
            waited_for->found = std::move(found);
            waited_for->done.cancel();
        });
    };
    if (const error_code failed = run_aside(std::move(work))) co_return failed;
    co_await lookup->done.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return std::move(lookup->found);
}

}  // namespace certferry
