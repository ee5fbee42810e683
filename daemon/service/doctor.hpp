// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"
#include "service/announcer.hpp"
#include "service/machine.hpp"
#include "service/supervise.hpp"

#include <string>
#include <vector>

namespace certferry {

enum class Finding { well, doubtful, ill };

/// One thing that was looked at.
struct Examination {
    std::string subject;
    Finding finding = Finding::well;
    std::string says;
};

/// Looks at what certferry needs: inotify, each mapping's files, and for each account whether it
/// answers the calls that read (which needs the endpoint, the credentials and the CAM rights). Nothing is
/// changed.
Awaitable<std::vector<Examination>> examine(Supervisor& supervisor, MachineFacts machine);

/// How each notifier fares, or how a test by each of them has ended.
std::vector<Examination> examine(const std::vector<NotifierState>& notifiers);
std::vector<Examination> examine(const NotifierTrials& trials);

}  // namespace certferry
