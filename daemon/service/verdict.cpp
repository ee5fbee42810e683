// SPDX-License-Identifier: MIT
#include "service/verdict.hpp"

#include "base/exit_codes.hpp"

namespace certferry {

int exit_code_of(const std::vector<Verdict>& verdicts) {
    std::vector<int> codes;
    codes.reserve(verdicts.size());
    for (const Verdict& verdict : verdicts)
        codes.push_back(verdict.failure ? traits(verdict.failure->code()).exit_code : 0);
    return exit_code_of_all(codes);
}

}  // namespace certferry
