// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/meter.hpp"
#include "base/result.hpp"
#include "bundle/bundle.hpp"
#include "bundle/gate.hpp"
#include "cloud/cloud.hpp"
#include "rotate/prober.hpp"
#include "rotate/rotation.hpp"
#include "rotate/target.hpp"
#include "rotate/turns.hpp"
#include "store/journal.hpp"

namespace certferry {

/// What a rotation needs of the world.
struct RotationPorts {
    RotationPorts(Cloud& cloud_, Journal& journal_, Prober& prober_, Clock& clock_, Log& log_, Meter& meter_,
                  Turns& turns_, const bool& stopping_)
        : cloud(cloud_),
          journal(journal_),
          prober(prober_),
          clock(clock_),
          log(log_),
          meter(meter_),
          turns(turns_),
          stopping(stopping_) {}

    Cloud& cloud;
    Journal& journal;
    Prober& prober;
    Clock& clock;
    Log& log;
    Meter& meter;
    Turns& turns;          // at what targets of an account share: an upload, a listener; one for all
    const bool& stopping;  // set when the daemon shuts down: go no further than the next durable stage
};

/// Brings `target` to `bundle`, the one that `rotation` is to, from whatever stage that stands at, and keeps
/// `rotation` and the journal in step. Safe to call again after any failure or crash: every stage either
/// finds its work done or does it, and a stage whose outcome is unknown reads back first.
///
/// Returns when the rotation is done. Errors: the first step that failed, with its class; the rotation then
/// stands where the journal says. Retrying is the caller's business.
Awaitable<Result<void>> rotate(RotationPorts& ports, const Target& target, const Bundle& bundle,
                               const Trust& trust, Rotation& rotation);

}  // namespace certferry
