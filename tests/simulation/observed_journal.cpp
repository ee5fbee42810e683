// SPDX-License-Identifier: MIT
#include "simulation/observed_journal.hpp"

#include "simulation/crash.hpp"

#include <limits>

namespace certferry::simulation {
namespace {

Commit commit_of(std::string what, const TargetKey& target, std::string_view detail) {
    Commit commit;
    commit.what = std::move(what);
    commit.target = target;
    commit.detail = detail;
    return commit;
}

Commit commit_of(std::string what, const Rotation& rotation, std::string_view detail) {
    Commit commit = commit_of(std::move(what), rotation.target, detail);
    commit.rotation = rotation;
    return commit;
}

std::string state_of(const Rotation& rotation) {
    return std::string(rotation.pause ? to_text(rotation.pause->kind) : to_text(rotation.stage));
}

}  // namespace

template <class Write>
auto ObservedJournal::commit(Commit commit, Write write) -> decltype(write()) {
    const bool dies = weather_.strikes(Fault::crash_at_commit);
    if (dies && chance_.one_in(2)) {
        story_.tell("daemon", "dies before it commits \"{}\"", commit.what);
        throw Crash{};
    }
    if (const auto failed = refusal()) {
        story_.tell("journal", "cannot take \"{}\": {}", commit.what, failed->message());
        return *failed;
    }
    auto written = write();
    if (written) {
        story_.tell("journal", "{}: {}{}{}", commit.target.configured_id.str(), commit.what,
                    commit.detail.empty() ? "" : ": ", commit.detail);
        observers_.tell(commit);
    } else {
        observers_.tell_refused(written.error());
    }
    if (dies) {
        story_.tell("daemon", "dies right after it has committed \"{}\"", commit.what);
        throw Crash{};
    }
    return written;
}

std::optional<Error> ObservedJournal::refusal() {
    if (timeline_.now() < full_until) return Error(Errc::journal_unwritable, "no space left on device");
    if (weather_.strikes(Fault::unwritten)) return Error(Errc::journal_unwritable, "input/output error");
    return std::nullopt;
}

Result<Succession> ObservedJournal::succession(const TargetKey& target, WallTime now) {
    last_asked_ = target;
    return kept_.succession(target, now);
}

Result<SuccessionEntry> ObservedJournal::head(const TargetKey& target, WallTime now) {
    last_asked_ = target;
    return kept_.head(target, now);
}

Result<void> ObservedJournal::learn_head(const TargetKey& target, const CertificateFacts& certificate) {
    return commit(commit_of("the head is known", target, ""),
                  [&] { return kept_.learn_head(target, certificate); });
}

Result<std::optional<Rotation>> ObservedJournal::open_rotation(const TargetKey& target) {
    last_asked_ = target;
    return kept_.open_rotation(target);
}

Result<Rotation> ObservedJournal::begin(Rotation rotation) {
    const std::string detail = rotation.old_id.str() + " -> " + short_form(rotation.bundle.fingerprint);
    return commit(commit_of("planned", rotation, detail), [&] { return kept_.begin(rotation); });
}

Result<void> ObservedJournal::record(const Rotation& rotation, std::string_view detail) {
    return commit(commit_of(state_of(rotation), rotation, detail),
                  [&] { return kept_.record(rotation, detail); });
}

Result<void> ObservedJournal::conclude(const Rotation& rotation, std::string_view detail) {
    return commit(commit_of("done", rotation, detail), [&] { return kept_.conclude(rotation, detail); });
}

Result<void> ObservedJournal::adopt(const Rotation& rotation, const SuccessionEntry& entry,
                                    std::string_view detail) {
    return commit(commit_of("adopted", rotation, detail),
                  [&] { return kept_.adopt(rotation, entry, detail); });
}

Result<void> ObservedJournal::take_head(const TargetKey& target, const SuccessionEntry& entry) {
    return commit(commit_of("head taken", target, entry.id.str()),
                  [&] { return kept_.take_head(target, entry); });
}

Result<void> ObservedJournal::retire(const TargetKey& target, const CertificateId& id, Retirement how) {
    return commit(commit_of(std::string(to_text(how)), target, id.str()),
                  [&] { return kept_.retire(target, id, how); });
}

Result<std::vector<Rotation>> ObservedJournal::rotations(const TargetKey& target, std::size_t limit) {
    last_asked_ = target;
    return kept_.rotations(target, limit);
}

Result<std::vector<HistoryLine>> ObservedJournal::history(const TargetKey& target, std::size_t limit) {
    return kept_.history(target, limit);
}

Result<void> ObservedJournal::hold(const MappingName& mapping, WallTime since) {
    return commit(commit_of("on hold", TargetKey(), mapping.str()),
                  [&] { return kept_.hold(mapping, since); });
}

Result<void> ObservedJournal::release(const MappingName& mapping) {
    return commit(commit_of("released", TargetKey(), mapping.str()), [&] { return kept_.release(mapping); });
}

Result<std::map<MappingName, WallTime>> ObservedJournal::on_hold() {
    return kept_.on_hold();
}

Result<void> ObservedJournal::know_bundles(const std::map<MappingName, KnownBundle>& bundles) {
    return commit(commit_of("bundles", TargetKey(), ""), [&] { return kept_.know_bundles(bundles); });
}

Succession ObservedJournal::known(const TargetKey& target) const {
    return *kept_.succession(target, WallTime());
}

std::optional<Rotation> ObservedJournal::open(const TargetKey& target) const {
    return *kept_.open_rotation(target);
}

std::vector<Rotation> ObservedJournal::past(const TargetKey& target) const {
    return *kept_.rotations(target, std::numeric_limits<std::size_t>::max());
}

}  // namespace certferry::simulation
