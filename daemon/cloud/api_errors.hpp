// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/api_envelope.hpp"

#include <string_view>

namespace certferry {

/// The role by which Tencent looks where a certificate is bound before it deletes it.
inline constexpr std::string_view missing_role =
    "the account lacks the role by which Tencent looks where a certificate is bound";
inline constexpr std::string_view missing_role_remedy =
    "authorise the service role SSL_QCSLinkedRoleInReplaceLoadCertificate in the console";

/// What a reply that says no means: one row of the table for each code that is known, of both generations
/// (reference: tencent-cloud-api §1.5, §2.4 and §2.5), api_unknown for the others. The Error carries the
/// API's own words, and a remedy of its own where the code tells more than its class does. `generation` is
/// that of the call: an action that API 2.0 no longer knows has a successor, one of API 3.0 has none.
Error api_error(const ApiReply& reply, config::Api generation);

}  // namespace certferry
