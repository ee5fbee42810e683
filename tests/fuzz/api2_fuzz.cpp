// SPDX-License-Identifier: MIT
// What API 2.0 answers: one answer a line.
#include "cloud/api2_cloud.hpp"
#include "fuzz/asked_cloud.hpp"
#include "fuzz/property.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace certferry;
    tests::ask_everything(tests::text_of(data, size),
                          [](ApiCaller& caller) { return std::make_unique<Api2Cloud>(caller); });
    return 0;
}
