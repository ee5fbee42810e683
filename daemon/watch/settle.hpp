// SPDX-License-Identifier: MIT
#pragma once

#include "base/time.hpp"
#include "config/model.hpp"

#include <optional>

namespace certferry {

/// When to look at a lineage after it was hinted at: after a quiet time, since a renewal is many changes; at
/// the latest some time after the first, since a directory may never be quiet.
class Settle {
public:
    explicit Settle(const config::Settle& times) : times_(times) {}

    void hint(SteadyTime now);
    /// When to look; nothing when there was no hint since the last look.
    std::optional<SteadyTime> due() const;
    void looked() { changes_.reset(); }

private:
    struct Changes {
        SteadyTime first;
        SteadyTime last;
    };

    config::Settle times_;
    std::optional<Changes> changes_;
};

}  // namespace certferry
