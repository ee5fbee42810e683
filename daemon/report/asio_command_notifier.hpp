// SPDX-License-Identifier: MIT
#pragma once

#include "report/notifier.hpp"

#include <boost/asio/any_io_executor.hpp>

namespace certferry {

/// Runs a program for each message, without a shell: message_json() is its standard input, what it writes
/// goes to this process's standard error, and it finds CERTFERRY_EVENTS ("failed rotated"),
/// CERTFERRY_MAPPINGS, CERTFERRY_SUMMARY and PATH in its environment, and nothing else: this process's may
/// hold secrets. Success is an exit code of 0. A program that runs for longer than `timeout` is killed, with
/// its children.
class AsioCommandNotifier final : public Notifier {
public:
    AsioCommandNotifier(boost::asio::any_io_executor executor, config::NotifyCommand command,
                        Duration timeout);

    Awaitable<Result<void>> deliver(const Message& message) override;

private:
    boost::asio::any_io_executor executor_;
    config::NotifyCommand command_;
    Duration timeout_;
};

}  // namespace certferry
