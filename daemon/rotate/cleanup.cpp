// SPDX-License-Identifier: MIT
#include "rotate/cleanup.hpp"

#include <algorithm>
#include <set>

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
                     {"old_id", id.str()}});
}

Awaitable<Result<void>> mute(RotationPorts& ports, const Target& target, const CertificateId& id) {
    const std::vector<CertificateId> ids{id};
    Result<void> muted = co_await ports.cloud.mute(ids);
    if (!muted) co_return muted.error().within("mute");
    if (auto written = ports.journal.retire(target.key, id, Retirement::muted); !written) co_return written;
    log_retired(ports, target, "certificate.muted", id);
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
    if (!task && task.error().code() != Errc::api_not_found) co_return task.error().within("cleanup");
    if (task) {
        Result<void> removed = co_await await_removal(ports, *task);
        if (!removed) co_return removed.error().within("cleanup");
    }
    if (auto written = ports.journal.retire(target.key, id, Retirement::removed); !written) co_return written;
    log_retired(ports, target, "certificate.removed", id);
    co_return Result<void>();
}

// Those of the ids that are bound nowhere, by whomever.
Awaitable<Result<std::set<CertificateId>>> unbound(RotationPorts& ports, const Retirements& due) {
    std::set<CertificateId> all(due.to_mute.begin(), due.to_mute.end());
    all.insert(due.to_remove.begin(), due.to_remove.end());
    if (all.empty()) co_return all;
    const std::vector<CertificateId> ids(all.begin(), all.end());
    Result<std::map<CertificateId, BindingSet>> bound = co_await ports.cloud.bindings(ids);
    if (!bound) co_return bound.error().within("cleanup");
    std::erase_if(all, [&](const CertificateId& id) { return !(*bound)[id].empty(); });
    co_return all;
}

using Retire = Awaitable<Result<void>>(RotationPorts&, const Target&, const CertificateId&);

// One that cannot be retired does not keep the others: the first failure is told after all were tried.
Awaitable<Result<void>> retire_each(RotationPorts& ports, const Target& target,
                                    const std::vector<CertificateId>& ids,
                                    const std::set<CertificateId>& allowed, Retire& retire) {
    Result<void> all;
    for (const CertificateId& id : ids) {
        if (ports.stopping || !allowed.contains(id)) continue;
        Result<void> retired = co_await retire(ports, target, id);
        if (!retired && all) all = retired;
    }
    co_return all;
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

    const Result<std::set<CertificateId>> allowed = co_await unbound(ports, due);
    if (!allowed) co_return allowed.error();
    const Result<void> muted = co_await retire_each(ports, target, due.to_mute, *allowed, mute);
    const Result<void> removed = co_await retire_each(ports, target, due.to_remove, *allowed, remove);
    if (!muted) co_return muted.error();
    if (!removed) co_return removed.error();
    co_return due.next;
}

}  // namespace certferry
