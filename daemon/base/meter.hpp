// SPDX-License-Identifier: MIT
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

#include <optional>
#include <string>

namespace certferry {

/// One exchange with the cloud's API that has ended.
struct ApiExchange {
    AccountName account;
    std::string action;
    std::optional<Errc> failure;  // none: the API said yes
    Duration took{};              // from the sending to the answer
};

/// One attempt at a rotation that has ended.
struct RotationAttempt {
    AccountName account;
    std::optional<Errc> failure;  // none: done, and proven
    Duration age{};  // of the rotation: since it was planned, earlier attempts and waits included
};

/// Port: what is counted as it happens. What can be read off the state of things is not counted.
class Meter {
public:
    virtual ~Meter() = default;

    virtual void note(const ApiExchange& exchange) = 0;
    virtual void note(const RotationAttempt& attempt) = 0;
};

}  // namespace certferry
