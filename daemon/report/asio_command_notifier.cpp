// SPDX-License-Identifier: MIT
#include "report/asio_command_notifier.hpp"

#include "base/posix_files.hpp"

#include <csignal>
#include <cstdlib>
#include <memory>
#include <set>
#include <system_error>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace certferry {
namespace {

namespace asio = boost::asio;

constexpr std::size_t mappings_shown_bytes = 4096;
constexpr const char* default_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

Error failed(std::string_view what, int system_error) {
    return {Errc::not_delivered, fmt::format("{}: {}", what, std::generic_category().message(system_error))};
}

// A file in memory, to be read from its beginning: a program that reads none of it stops nobody.
Result<OwnedDescriptor> input_of(const std::string& text) {
    OwnedDescriptor file(::memfd_create("certferry-message", MFD_CLOEXEC));
    if (!file.valid()) return failed("memfd_create", errno);
    for (std::size_t written = 0; written < text.size();) {
        const ssize_t more = ::write(file.get(), text.data() + written, text.size() - written);
        if (more < 0) return failed("write", errno);
        written += static_cast<std::size_t>(more);
    }
    if (::lseek(file.get(), 0, SEEK_SET) != 0) return failed("lseek", errno);
    return file;
}

std::string joined(const std::set<std::string>& words, std::size_t max_bytes) {
    std::string text;
    for (const std::string& word : words) {
        if (text.size() + word.size() >= max_bytes) break;
        text += (text.empty() ? "" : " ") + word;
    }
    return text;
}

std::vector<std::string> environment_of(const Message& message) {
    std::set<std::string> events;
    std::set<std::string> mappings;
    for (const Notice& notice : message.notices) {
        events.emplace(to_text(notice.kind));
        if (!notice.mapping.empty()) mappings.insert(notice.mapping.str());
    }
    const char* const path = std::getenv("PATH");
    return {fmt::format("PATH={}", path == nullptr ? default_path : path),
            "CERTFERRY_EVENTS=" + joined(events, mappings_shown_bytes),
            "CERTFERRY_MAPPINGS=" + joined(mappings, mappings_shown_bytes),
            "CERTFERRY_SUMMARY=" + summary(message)};
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

// What is set for the child: its three descriptors and no others, a process group and signals of its own.
class SpawnSettings {
public:
    explicit SpawnSettings(int input) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, STDERR_FILENO, STDOUT_FILENO);
        ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
        ::posix_spawnattr_init(&attributes_);
        ::posix_spawnattr_setflags(&attributes_,
                                   POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
        sigset_t all{};
        sigset_t none{};
        ::sigfillset(&all);
        ::sigemptyset(&none);
        ::posix_spawnattr_setsigdefault(&attributes_, &all);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
    }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;
    ~SpawnSettings() {
        ::posix_spawn_file_actions_destroy(&actions_);
        ::posix_spawnattr_destroy(&attributes_);
    }

    const posix_spawn_file_actions_t* actions() const { return &actions_; }
    const posix_spawnattr_t* attributes() const { return &attributes_; }

private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

// A running program, which is killed with its children, and reaped, when nobody waits for it any more.
class Child {
public:
    explicit Child(pid_t pid) : pid_(pid) {}
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (reaped_) return;
        kill();
        ::waitpid(pid_, nullptr, 0);
    }

    pid_t pid() const { return pid_; }
    void kill() {
        if (reaped_) return;
        killed_ = true;
        ::kill(-pid_, SIGKILL);
    }
    bool killed() const { return killed_; }
    int status() {
        int status = 0;
        ::waitpid(pid_, &status, 0);
        reaped_ = true;
        return status;
    }

private:
    pid_t pid_;
    bool reaped_ = false;
    bool killed_ = false;
};

Result<pid_t> spawn(std::vector<std::string> command, std::vector<std::string> environment, int input) {
    const SpawnSettings settings(input);
    const std::vector<char*> arguments = pointers_to(command);
    const std::vector<char*> variables = pointers_to(environment);
    pid_t pid = 0;
    const int failure = ::posix_spawn(&pid, arguments.front(), settings.actions(), settings.attributes(),
                                      arguments.data(), variables.data());
    if (failure != 0) return failed(command.front(), failure);
    return pid;
}

// Readable when the process has ended (pidfd_open(2); the C library has no name for it yet).
int process_descriptor(pid_t pid) {
    return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

Result<void> judge(const std::string& program, int status, bool killed, Duration timeout) {
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    if (killed)
        return Error(Errc::not_delivered,
                     fmt::format("{} ran for longer than {}", program, to_text(timeout)));
    if (WIFEXITED(status))
        return Error(Errc::not_delivered, fmt::format("{} ended with {}", program, WEXITSTATUS(status)));
    return Error(Errc::not_delivered, fmt::format("{} ended by signal {}", program, WTERMSIG(status)));
}

}  // namespace

AsioCommandNotifier::AsioCommandNotifier(asio::any_io_executor executor, config::NotifyCommand command,
                                         Duration timeout)
    : executor_(std::move(executor)), command_(std::move(command)), timeout_(timeout) {}

Awaitable<Result<void>> AsioCommandNotifier::deliver(const Message& message) {
    const Result<OwnedDescriptor> input = input_of(boost::json::serialize(message_json(message)) + "\n");
    if (!input) co_return input.error();
    const Result<pid_t> pid = spawn(command_.command, environment_of(message), input->get());
    if (!pid) co_return pid.error();
    const auto child = std::make_shared<Child>(*pid);
    const int descriptor = process_descriptor(child->pid());
    if (descriptor < 0) co_return failed("pidfd_open", errno);

    asio::posix::stream_descriptor ended(executor_, descriptor);
    asio::steady_timer timer(executor_, timeout_);
    timer.async_wait([child](const boost::system::error_code& cancelled) {
        if (!cancelled) child->kill();
    });
    constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);
    co_await ended.async_wait(asio::posix::descriptor_base::wait_read, as_tuple);
    timer.cancel();
    co_return judge(command_.command.front(), child->status(), child->killed(), timeout_);
}

}  // namespace certferry
