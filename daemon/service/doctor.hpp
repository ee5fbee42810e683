// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"
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

}  // namespace certferry
