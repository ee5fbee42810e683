// SPDX-License-Identifier: MIT
#pragma once

#include "base/meter.hpp"

#include <vector>

namespace certferry::tests {

/// Keeps what was counted.
class RecordedMeter final : public Meter {
public:
    void note(const ApiExchange& exchange) override { exchanges.push_back(exchange); }
    void note(const RotationAttempt& attempt) override { attempts.push_back(attempt); }

    std::vector<ApiExchange> exchanges;
    std::vector<RotationAttempt> attempts;
};

}  // namespace certferry::tests
