// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"
#include "report/notifier.hpp"

namespace certferry {

/// The log, as one who is told what no rotation logs: that a deployed certificate nears its end.
class LogNotifier final : public Notifier {
public:
    explicit LogNotifier(Log& log) : log_(log) {}

    Awaitable<Result<void>> deliver(const Message& message) override;

private:
    Log& log_;
};

}  // namespace certferry
