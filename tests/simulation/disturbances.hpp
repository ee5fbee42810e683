// SPDX-License-Identifier: MIT
#pragma once

#include "simulation/daemon.hpp"
#include "simulation/world.hpp"

#include <functional>

namespace certferry::simulation {

/// What people, machines and providers do beside the daemon, some time apart: edits at the console, outages,
/// expired keys, a full disk, a wall clock that is set, reloads and commands.
class Disturbances {
public:
    struct Ports {
        World& world;
        std::function<Daemon*()> daemon;  // null while none runs
        /// Does something with the daemon that may be its death.
        std::function<void(const std::function<void()>&)> guarded;
        /// Stops the daemon as a service manager does, and starts it again.
        std::function<void()> restart;
    };

    explicit Disturbances(Ports ports) : ports_(std::move(ports)) {}

    void begin();

    /// Everything is well again: the clock is right, the disk has room, keys serve, nobody holds anything.
    void end();

private:
    void some_time_later();
    void something_happens();

    void set_clock();
    void stop_answering();
    void expire_keys();
    void fill_disk();
    void reload();
    void change_configuration();
    void command();

    void edit_at_console();
    void edit(Account& account, Seat& seat);
    void take_place(Account& account, Seat& seat);
    void bind_earlier_id(Account& account, Seat& seat);
    void bind_by_hand(Account& account, Seat& seat);
    void add_listener(Account& account, const Seat& seat);
    void delete_unbound(Account& account);
    void delete_listener(Account& account, const Seat& seat);

    Ports ports_;
    unsigned foreign_ = 0;
    unsigned added_ = 0;
};

}  // namespace certferry::simulation
