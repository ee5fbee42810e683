// SPDX-License-Identifier: MIT
#include "base/sd_journal_sink.hpp"

#include <cstdlib>

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

// The place in the source would be this file's.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

namespace certferry {
namespace {

// No field has it: a value is text.
constexpr char separator = '\0';

}  // namespace

bool stderr_is_journal() {
    const char* const stream = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    if (stream == nullptr || ::fstat(STDERR_FILENO, &status) != 0) return false;
    return stream == fmt::format("{}:{}", status.st_dev, status.st_ino);
}

std::string packed_entry(const std::vector<std::string>& fields) {
    std::string packed;
    for (const std::string& field : fields) packed += field + separator;
    return packed;
}

void SdJournalSink::sink_it_(const spdlog::details::log_msg& message) {
    std::string packed(message.payload.data(), message.payload.size());
    std::vector<iovec> fields;
    for (std::size_t from = 0; from < packed.size();) {
        const std::size_t end = packed.find(separator, from);
        fields.push_back({packed.data() + from, end - from});
        from = end + 1;
    }
    if (::sd_journal_sendv(fields.data(), static_cast<int>(fields.size())) < 0) ++refused_;
}

}  // namespace certferry
