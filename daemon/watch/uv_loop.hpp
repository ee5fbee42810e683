// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/system/result.hpp>

struct uv_loop_s;

namespace certferry {

/// libuv's loop as a guest of Asio's: Asio waits for libuv's descriptor and for its next timer, and libuv
/// runs without ever blocking. While nothing happens it is not run at all. The contract for embedding is that
/// of uv_backend_fd and uv_backend_timeout (docs.libuv.org, uv_loop_t).
///
/// Handles are closed by their owners, before the loop is destroyed; their close callbacks run then at the
/// latest. Destroy it before the io_context of its executor, on that io_context's thread, and not from a
/// callback of libuv.
class UvLoop {
public:
    /// Errors: no descriptors left (EMFILE, ENFILE), no memory (ENOMEM).
    static boost::system::result<UvLoop> open(boost::asio::any_io_executor executor);

    uv_loop_s* get() const;

    /// To be called after a handle was started or closed outside of a callback of libuv: libuv tells the
    /// kernel of it only when it runs.
    void kick() const;

    /// How often libuv was run.
    std::uint64_t runs() const;

private:
    struct Guest;
    explicit UvLoop(std::shared_ptr<Guest> guest) : guest_(std::move(guest)) {}

    std::shared_ptr<Guest> guest_;
};

}  // namespace certferry
