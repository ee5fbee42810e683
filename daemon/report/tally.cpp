// SPDX-License-Identifier: MIT
#include "report/tally.hpp"

namespace certferry {

using namespace std::chrono_literals;

// From a quick read to the longest that a call may take; from a rotation without obstacles to days of
// retries.
ApiTally::ApiTally() : took({50ms, 100ms, 250ms, 500ms, 1s, 2500ms, 5s, 10s, 30s}) {}
RotationTally::RotationTally() : took({1s, 3s, 10s, 30s, 1min, 2min, 5min, 15min, 1h, 6h, 24h}) {}

void Tally::note(const ApiExchange& exchange) {
    ApiTally& tally = api_[{exchange.account, exchange.action}];
    ++tally.by_class[exchange.failure ? to_text(traits(*exchange.failure).error_class) : "ok"];
    tally.took.observe(exchange.took);
}

void Tally::note(const RotationAttempt& attempt) {
    RotationTally& tally = rotations_[attempt.account];
    ++tally.by_outcome[attempt.failure ? traits(*attempt.failure).label : "done"];
    if (!attempt.failure) tally.took.observe(attempt.age);
}

}  // namespace certferry
