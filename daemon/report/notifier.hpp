// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "report/message.hpp"

#include <functional>

namespace certferry {

/// Port: a way to tell people. A message may come twice, when it is not known whether it came.
class Notifier {
public:
    virtual ~Notifier() = default;

    /// Delivers a message, in bounded time. Errors: not_delivered, which says what the receiver did; those of
    /// Http and of the secret. None holds a secret.
    virtual Awaitable<Result<void>> deliver(const Message& message) = 0;
};

/// Reads a notifier's secret, anew each time. Without white space at its end.
using SecretSource = std::function<Result<Secret>()>;

}  // namespace certferry
