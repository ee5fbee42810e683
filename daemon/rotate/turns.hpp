// SPDX-License-Identifier: MIT
#pragma once

#include "base/ids.hpp"
#include "base/wakeup.hpp"

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace certferry {

/// Lets one coroutine at a time deal with a thing, by name; the others wait in the order in which they came.
/// Targets that want one bundle in one account take turns at uploading it: the first uploads, and tells those
/// behind it the id. Whoever comes when nobody has the turn has to find out anew.
class Turns {
    // A turn that is taken: those who wait for it, and what is known by now.
    struct Queue {
        std::list<std::shared_ptr<Wakeup>> waiting;
        std::optional<CertificateId> known;
    };
    struct State;

public:
    explicit Turns(boost::asio::any_io_executor executor);

    /// The turn; it passes on when it is destroyed. It may outlive Turns.
    class Turn {
    public:
        Turn(Turn&& other) noexcept = default;
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        Turn& operator=(Turn&&) = delete;
        ~Turn();

        /// The id that somebody before has told.
        std::optional<CertificateId> known() const;
        void tell(const CertificateId& id);

    private:
        friend class Turns;
        Turn(const std::shared_ptr<State>& state, std::string name) : state_(state), name_(std::move(name)) {}

        std::weak_ptr<State> state_;
        std::string name_;
    };

    Awaitable<Turn> take(std::string name);

private:
    std::shared_ptr<State> state_;
};

}  // namespace certferry
