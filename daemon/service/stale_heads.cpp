// SPDX-License-Identifier: MIT
#include "service/stale_heads.hpp"

namespace certferry {
namespace {

constexpr Duration interval = std::chrono::hours(1);

}  // namespace

Awaitable<void> StaleHeads::run() {
    while (!stopping_) {
        co_await clock_.sleep_until(clock_.steady_now() + interval);
        co_await mend_all();
    }
}

Awaitable<void> StaleHeads::mend_all() {
    const Charges all = roster_.all();
    for (const auto& charge : all) {
        for (Pursuit& pursuit : charge->pursuits) {
            if (stopping_ || charge->retired() || charge->on_hold) continue;
            const bool stale = co_await pursuit.head_is_stale();
            if (!stale || charge->retired() || charge->on_hold) continue;
            pursuit.hurry(true);
            if (pursuit.due()) pursue_(charge, pursuit);
        }
    }
}

}  // namespace certferry
