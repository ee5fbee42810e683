// SPDX-License-Identifier: MIT
#pragma once

#include "http.hpp"
#include "world.hpp"

namespace certferry::sandbox {

/// The metadata service that a machine of the cloud finds at http://metadata.tencentyun.com: the temporary
/// keys of its role, new ones at each question. 404 when it has none (reference: tencent-cloud-api §3). The
/// questions are in the log of calls, as "metadata".
HttpReply answer_metadata(World& world, const HttpCall& call);

}  // namespace certferry::sandbox
