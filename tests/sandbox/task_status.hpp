// SPDX-License-Identifier: MIT
#pragma once

#include "change.hpp"

namespace certferry::sandbox {

/// The number that both generations of the load balancers' API have for it: 0 done, 1 failed, 2 running
/// (cloud.tencent.com/document/product/214/4007; reference: tencent-cloud-api §2.3).
int load_balancer_status(TaskState state);

/// DescribeDeleteCertificatesTaskResult's: 0 running, 1 done, 2 failed, 4 still bound (reference §2.4).
int deletion_status(TaskState state);

}  // namespace certferry::sandbox
