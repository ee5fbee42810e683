// SPDX-License-Identifier: MIT
#include "cloud/api_task.hpp"

namespace certferry {
namespace {

bool leaves_task_unknown(Errc code) {
    return code == Errc::api_not_found || code == Errc::api_invalid || code == Errc::api_forbidden ||
           code == Errc::api_gone;
}

}  // namespace

TaskState task_state(std::string_view status) {
    if (status == "0") return TaskState::finished;
    if (status == "1") return TaskState::failed;
    if (status == "2") return TaskState::running;
    return TaskState::unknown;
}

Result<TaskReport> task_report(const Result<ApiReply>& reply,
                               TaskReport (*read)(const boost::json::object& body)) {
    if (reply) return read(reply->body);
    if (!leaves_task_unknown(reply.error().code())) return reply.error();
    TaskReport report;
    report.message = reply.error().message();
    return report;
}

}  // namespace certferry
