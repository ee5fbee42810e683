// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace certferry::client {

using TableRow = std::vector<std::string>;

/// Rows under a heading, columns aligned on the left and two blanks apart; the last column runs free.
std::string table(const TableRow& heading, const std::vector<TableRow>& rows);

}  // namespace certferry::client
