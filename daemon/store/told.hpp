// SPDX-License-Identifier: MIT
#pragma once

#include "base/ids.hpp"
#include "base/time.hpp"
#include "rotate/target.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace certferry {

/// What a notifier has last told of one target.
struct Told {
    std::string trouble;         // which failure, as report/condition.hpp names it; empty: none
    WallTime since;              // when it was told first
    WallTime at;                 // and last
    std::int64_t rotation = 0;   // the last one that was known to be done
    CertificateId expiring;      // the certificate whose nearing end was told; empty: none
    unsigned expiring_step = 0;  // and how near

    friend bool operator==(const Told&, const Told&) = default;
};

using ToldByTarget = std::map<TargetKey, Told>;

}  // namespace certferry
