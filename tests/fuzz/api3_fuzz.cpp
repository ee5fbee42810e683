// SPDX-License-Identifier: MIT
// What API 3.0 answers: one answer a line.
#include "cloud/api3_cloud.hpp"
#include "fuzz/asked_cloud.hpp"
#include "fuzz/property.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace certferry;
    tests::ask_everything(tests::text_of(data, size), [](ApiCaller& caller) {
        return std::make_unique<Api3Cloud>(std::vector<std::string>{"ap-guangzhou"}, caller);
    });
    return 0;
}
