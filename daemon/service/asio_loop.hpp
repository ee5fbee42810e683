// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/io_context.hpp>

namespace certferry {

/// The daemon's loop. Coroutines that still wait when it is stopped refer to what was made after the loop,
/// and would be destroyed with the loop, after all that.
class AsioLoop : public boost::asio::io_context {
public:
    AsioLoop() : io_context(1) {}

    /// Destroys what still waits; nothing runs any more. To be called while all that it refers to is there.
    void abandon() { shutdown(); }
};

}  // namespace certferry
