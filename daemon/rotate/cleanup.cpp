// SPDX-License-Identifier: MIT
#include "rotate/cleanup.hpp"

#include <algorithm>

namespace certferry {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t rotations_looked_at = 1000;
constexpr auto task_poll_interval = 2s;
constexpr int task_polls = 30;

bool uploaded_by_us(const std::vector<Rotation>& rotations, const CertificateId& id) {
    return std::any_of(rotations.begin(), rotations.end(),
                       [&](const Rotation& rotation) { return rotation.uploaded && rotation.new_id == id; });
}

bool comes_again(const Succession& succession, std::size_t position) {
    const auto& entries = succession.entries;
    return std::any_of(entries.begin() + static_cast<std::ptrdiff_t>(position) + 1, entries.end(),
                       [&](const SuccessionEntry& later) { return later.id == entries[position].id; });
}

void log_retired(RotationPorts& ports, const Target& target, std::string_view event,
                 const CertificateId& id) {
    ports.log.write(LogLevel::info, event,
                    {{"mapping", target.mapping.str()},
                     {"account", target.key.account.str()},
                     {"target", target.key.configured_id.str()},
                     {"old", id.str()}});
}

Awaitable<Result<void>> mute(RotationPorts& ports, const Target& target,
                             const std::vector<CertificateId>& ids) {
    if (ids.empty()) co_return Result<void>();
    Result<void> muted = co_await ports.cloud.mute(ids);
    if (!muted) co_return muted;
    for (const CertificateId& id : ids) {
        if (auto written = ports.journal.retire(target.key, id, Retirement::muted); !written)
            co_return written;
        log_retired(ports, target, "certificate.muted", id);
    }
    co_return Result<void>();
}

Awaitable<Result<void>> await_removal(RotationPorts& ports, const RequestId& task) {
    for (int poll = 0; !task.empty() && poll < task_polls && !ports.stopping; ++poll) {
        Result<TaskReport> report = co_await ports.cloud.removal(task);
        if (!report) co_return report.error();
        if (report->state == TaskState::finished) co_return Result<void>();
        if (report->state == TaskState::failed) co_return Error(Errc::api_in_use, report->message);
        co_await ports.clock.sleep_until(ports.clock.steady_now() + task_poll_interval);
    }
    if (task.empty()) co_return Result<void>();
    co_return Error(Errc::read_failed, "the task " + task.str() + " does not end");
}

// One that is gone already has been removed.
Awaitable<Result<void>> remove(RotationPorts& ports, const Target& target, const CertificateId& id) {
    Result<RequestId> task = co_await ports.cloud.remove(id);
    if (!task && task.error().code() != Errc::api_not_found) co_return task.error();
    if (task) {
        Result<void> removed = co_await await_removal(ports, *task);
        if (!removed) co_return removed;
    }
    if (auto written = ports.journal.retire(target.key, id, Retirement::removed); !written) co_return written;
    log_retired(ports, target, "certificate.removed", id);
    co_return Result<void>();
}

Awaitable<Result<void>> remove_unbound(RotationPorts& ports, const Target& target,
                                       const std::vector<CertificateId>& ids) {
    if (ids.empty()) co_return Result<void>();
    Result<std::map<CertificateId, BindingSet>> bound = co_await ports.cloud.bindings(ids);
    if (!bound) co_return bound.error();
    for (const CertificateId& id : ids) {
        if (ports.stopping || !(*bound)[id].empty()) continue;
        Result<void> removed = co_await remove(ports, target, id);
        if (!removed) co_return removed;
    }
    co_return Result<void>();
}

}  // namespace

Retirements retirements(const Succession& succession, const std::vector<Rotation>& rotations, Duration after,
                        WallTime now) {
    Retirements result;
    const auto& entries = succession.entries;
    for (std::size_t position = 0; position + 1 < entries.size(); ++position) {
        const SuccessionEntry& entry = entries[position];
        if (entry.retired == Retirement::removed || comes_again(succession, position)) continue;
        if (!uploaded_by_us(rotations, entry.id)) continue;
        if (!entry.retired) result.to_mute.push_back(entry.id);
        const WallTime due = entries[position + 1].since + after;
        if (due <= now)
            result.to_remove.push_back(entry.id);
        else
            result.next = std::min(result.next.value_or(due), due);
    }
    return result;
}

Awaitable<Result<std::optional<WallTime>>> clean_up(RotationPorts& ports, const Target& target) {
    const Result<Succession> succession = ports.journal.succession(target.key, ports.clock.now());
    if (!succession) co_return succession.error();
    const Result<std::vector<Rotation>> rotations = ports.journal.rotations(target.key, rotations_looked_at);
    if (!rotations) co_return rotations.error();
    const Retirements due = retirements(*succession, *rotations, *target.cleanup_after, ports.clock.now());

    Result<void> muted = co_await mute(ports, target, due.to_mute);
    if (!muted) co_return muted.error().within("mute");
    Result<void> removed = co_await remove_unbound(ports, target, due.to_remove);
    if (!removed) co_return removed.error().within("cleanup");
    co_return due.next;
}

}  // namespace certferry
