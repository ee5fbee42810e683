// SPDX-License-Identifier: MIT
#include "fuzz/memory_file.hpp"

#include "fuzz/property.hpp"

#include <string>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace certferry::tests {

MemoryFile::MemoryFile(std::string_view text)
    : file_(::memfd_create("input", MFD_CLOEXEC)), path_("/proc/self/fd/" + std::to_string(file_.get())) {
    demand(::fchmod(file_.get(), 0600) == 0, "the file in memory is private");
    demand(::write(file_.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()),
           "the file in memory takes the input");
}

}  // namespace certferry::tests
