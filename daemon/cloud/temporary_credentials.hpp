// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/credentials.hpp"

#include <boost/json/object.hpp>

namespace certferry {

/// The keys that a service of Tencent's lends: TmpSecretId, TmpSecretKey and Token of `keys`, and ExpiredTime
/// of `life` in seconds since 1970 (reference: tencent-cloud-api §3; the metadata service has both in one
/// object, STS puts the keys into one of their own). Errors: answer_malformed.
Result<Credentials> read_temporary_credentials(const boost::json::object& keys,
                                               const boost::json::object& life, std::string source);

}  // namespace certferry
