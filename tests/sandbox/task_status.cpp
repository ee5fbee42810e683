// SPDX-License-Identifier: MIT
#include "task_status.hpp"

namespace certferry::sandbox {

int load_balancer_status(TaskState state) {
    if (state == TaskState::done) return 0;
    return state == TaskState::running ? 2 : 1;
}

int deletion_status(TaskState state) {
    switch (state) {
        case TaskState::running:
            return 0;
        case TaskState::done:
            return 1;
        case TaskState::failed:
            return 2;
        case TaskState::in_use:
            return 4;
    }
    return 2;
}

}  // namespace certferry::sandbox
