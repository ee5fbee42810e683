// SPDX-License-Identifier: MIT
#include "base/exit_codes.hpp"

namespace certferry {

int exit_code_of_all(const std::vector<int>& codes) {
    int common = 0;
    bool any_well = false;
    for (const int code : codes) {
        if (code == 0)
            any_well = true;
        else
            common = common == 0 || common == code ? code : exit_failure;
    }
    return common != 0 && any_well ? exit_partly_failed : common;
}

}  // namespace certferry
