// SPDX-License-Identifier: MIT
#include "control/client/table.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry::client {
namespace {

std::string line(const TableRow& row, const std::vector<std::size_t>& widths) {
    std::string text;
    for (std::size_t column = 0; column + 1 < row.size(); ++column)
        text += fmt::format("{:<{}}  ", row[column], widths[column]);
    return text + row.back() + '\n';
}

}  // namespace

std::string table(const TableRow& heading, const std::vector<TableRow>& rows) {
    std::vector<std::size_t> widths;
    for (const std::string& title : heading) widths.push_back(title.size());
    for (const TableRow& row : rows)
        for (std::size_t column = 0; column < row.size(); ++column)
            widths[column] = std::max(widths[column], row[column].size());

    std::string text = line(heading, widths);
    for (const TableRow& row : rows) text += line(row, widths);
    return text;
}

}  // namespace certferry::client
