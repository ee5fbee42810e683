// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/api_envelope.hpp"
#include "cloud/cloud.hpp"

namespace certferry {

/// What a Status says: 0 is done, 1 failed, 2 running, with both generations (reference: tencent-cloud-api
/// §1.6 and §2.3).
TaskState task_state(std::string_view status);

/// What the reply to a question for a task tells. A task is only a hint, so one that the API does not know,
/// or does not want to tell of, is `unknown`, and no reason to stop.
Result<TaskReport> task_report(const Result<ApiReply>& reply,
                               TaskReport (*read)(const boost::json::object& body));

}  // namespace certferry
