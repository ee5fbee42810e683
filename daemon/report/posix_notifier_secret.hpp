// SPDX-License-Identifier: MIT
#pragma once

#include "config/model.hpp"
#include "report/notifier.hpp"

namespace certferry {

/// A file that others may not read, or the file in $CREDENTIALS_DIRECTORY that LoadCredential= puts there.
SecretSource secret_source(const config::SecretPlace& place);

}  // namespace certferry
