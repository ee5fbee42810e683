// SPDX-License-Identifier: MIT
#include "report/log_notifier.hpp"

#include <fmt/format.h>

namespace certferry {
namespace {

void log_expiry(Log& log, const Notice& notice, WallTime at) {
    const Duration left = *notice.valid_until - at;
    const bool over = left <= Duration::zero();
    log.write(over ? LogLevel::error : LogLevel::warning, "certificate.expiring",
              {{"mapping", notice.mapping.str()},
               {"account", notice.target.account.str()},
               {"target", notice.target.configured_id.str()},
               {"deployed", notice.deployed.str()},
               {"valid_until", to_utc(*notice.valid_until)},
               {"detail", over ? std::string("the deployed certificate has expired")
                               : fmt::format("the deployed certificate has {} left", to_rough_text(left))}});
}

}  // namespace

Awaitable<Result<void>> LogNotifier::deliver(const Message& message) {
    for (const Notice& notice : message.notices)
        if (notice.kind == NoticeKind::expiring) log_expiry(log_, notice, message.at);
    co_return Result<void>();
}

}  // namespace certferry
