// SPDX-License-Identifier: MIT
#pragma once

#include "base/meter.hpp"
#include "report/histogram.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace certferry {

/// The exchanges with the API of one account and action.
struct ApiTally {
    ApiTally();

    std::map<std::string_view, std::uint64_t> by_class;  // "ok", or the word of an ErrorClass
    Histogram took;
};

/// The attempts at rotations in one account.
struct RotationTally {
    RotationTally();

    std::map<std::string_view, std::uint64_t> by_outcome;  // "done", or the label of an Errc
    Histogram took;                                        // of those that were done, since they were planned
};

/// The counters, since the start. Their number is bounded by the accounts, the actions and the errors that
/// certferry knows.
class Tally final : public Meter {
public:
    using ApiKey = std::pair<AccountName, std::string>;  // account and action

    void note(const ApiExchange& exchange) override;
    void note(const RotationAttempt& attempt) override;

    const std::map<ApiKey, ApiTally>& api() const { return api_; }
    const std::map<AccountName, RotationTally>& rotations() const { return rotations_; }

private:
    std::map<ApiKey, ApiTally> api_;
    std::map<AccountName, RotationTally> rotations_;
};

}  // namespace certferry
