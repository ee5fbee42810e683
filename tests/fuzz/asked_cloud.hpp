// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/api_caller.hpp"
#include "cloud/cloud.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace certferry::tests {

using MakeCloud = std::function<std::unique_ptr<Cloud>(ApiCaller&)>;

/// Asks a cloud for everything that a rotation needs, while its server answers with one line of `answers`
/// after the other, and with the last one for ever; for each need, from the first line on. Whatever they say,
/// each need takes a bounded number of calls, ids have the form of ids, texts are fit for a log, and the
/// API's own words repeat no secret of the request.
void ask_everything(std::string_view answers, const MakeCloud& make_cloud);

}  // namespace certferry::tests
