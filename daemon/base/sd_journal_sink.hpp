// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <spdlog/sinks/base_sink.h>

namespace certferry {

/// Whether standard error is a stream to the systemd journal, by $JOURNAL_STREAM (systemd.exec(5)).
bool stderr_is_journal();

/// An entry of the journal as one text, for a writer that takes texts.
std::string packed_entry(const std::vector<std::string>& fields);

/// A packed entry as journald takes it from its socket (https://systemd.io/JOURNAL_NATIVE_PROTOCOL).
std::string journal_datagram(std::string_view packed);

/// spdlog's way to the systemd journal, for messages that are packed entries. It blocks for ten seconds when
/// journald has stalled, and not once more until an entry is taken: to be written to from a thread of its
/// own.
class SdJournalSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit SdJournalSink(std::string socket = "/run/systemd/journal/socket") : socket_(std::move(socket)) {}

    /// Entries that the journal did not take.
    std::size_t refused() const { return refused_; }

private:
    void sink_it_(const spdlog::details::log_msg& message) override;
    void flush_() override {}

    std::string socket_;
    bool stalled_ = false;
    std::atomic<std::size_t> refused_ = 0;
};

}  // namespace certferry
