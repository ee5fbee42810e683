// SPDX-License-Identifier: MIT
#include "base/sd_journal_sink.hpp"

#include "base/posix_datagram.hpp"

#include <chrono>
#include <cstdint>
#include <cstdlib>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace certferry {
namespace {

// No field has it: a value is text.
constexpr char separator = '\0';

constexpr Duration patience = std::chrono::seconds(10);

// Least significant byte first.
std::string bytes_of(std::uint64_t number) {
    std::string bytes;
    for (unsigned shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(number >> shift & 0xffU);
    return bytes;
}

// "NAME=value"; one of several lines comes with its length.
std::string datagram_field(std::string_view field) {
    if (field.find('\n') == std::string_view::npos) return std::string(field) + '\n';
    const std::size_t name_end = field.find('=');
    const std::string_view value = field.substr(name_end + 1);
    return fmt::format("{}\n{}{}\n", field.substr(0, name_end), bytes_of(value.size()), value);
}

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

std::string journal_datagram(std::string_view packed) {
    std::string datagram;
    while (!packed.empty()) {
        const std::size_t end = packed.find(separator);
        datagram += datagram_field(packed.substr(0, end));
        packed.remove_prefix(end + 1);
    }
    return datagram;
}

void SdJournalSink::sink_it_(const spdlog::details::log_msg& message) {
    const std::string datagram = journal_datagram({message.payload.data(), message.payload.size()});
    stalled_ = !send_datagram(socket_, datagram, stalled_ ? Duration::zero() : patience);
    if (stalled_) ++refused_;
}

}  // namespace certferry
