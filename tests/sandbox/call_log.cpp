// SPDX-License-Identifier: MIT
#include "call_log.hpp"

#include <algorithm>

namespace certferry::sandbox {

std::uint64_t CallLog::arrived(LoggedCall call) {
    call.number = ++last_number_;
    calls_.push_back(std::move(call));
    if (calls_.size() > kept) calls_.pop_front();
    return last_number_;
}

void CallLog::answered(std::uint64_t number, const std::string& code, const std::string& fault) {
    const auto found = std::ranges::find(calls_, number, &LoggedCall::number);
    if (found == calls_.end()) return;
    found->code = code;
    found->fault = fault;
    found->answered = true;
    ++counters_[found->action][fault.empty() ? code : fault];
}

}  // namespace certferry::sandbox
