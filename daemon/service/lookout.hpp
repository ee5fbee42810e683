// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "bundle/found_bundle.hpp"
#include "bundle/read.hpp"
#include "config/model.hpp"
#include "service/bundle_memory.hpp"
#include "watch/chain.hpp"
#include "watch/settle.hpp"
#include "watch/watch.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace certferry {

/// What looking at a lineage needs of the world.
struct LookoutPorts {
    LookoutPorts(Files& files_, Watch& watch_, Clock& clock_, Log& log_, BundleMemory& memory_)
        : files(files_), watch(watch_), clock(clock_), log(log_), memory(memory_) {}

    Files& files;
    Watch& watch;
    Clock& clock;
    Log& log;
    BundleMemory& memory;
};

/// What a look has found: the bundle on disk, null as long as there is none that can be used; and its
/// contents where it was judged by them now, for whoever goes on with it at once.
struct Look {
    std::shared_ptr<const FoundBundle> bundle;
    std::shared_ptr<const Bundle> contents;
};

/// Looks after one mapping's lineage: when it is due for a look, and what was last seen there. A pair that
/// does not fit together is normal for a moment while an ACME client writes; it is looked at again and again,
/// and reported once it has lasted for the longest settling time.
class Lookout {
public:
    Lookout(LineageIndex index, const config::Mapping& mapping, const config::Settle& settle);

    /// Something may have changed on disk.
    void hint(SteadyTime now) { settle_.hint(now); }
    /// When to look, hints and unfinished writes considered.
    std::optional<SteadyTime> due() const;

    /// Looks now: arms the watches along the paths, then reads what changed. The bundle is the same value as
    /// long as that on disk is the same; where there is none, what was seen before is still right to deploy.
    /// What it gives reads from `ports` and this mapping. `met` is of one pass over many lineages.
    Look look(const LookoutPorts& ports, MetLinks& met);

    /// Why the last look found nothing to use.
    const std::optional<Error>& trouble() const { return trouble_; }
    /// Whether that has lasted for so long that it was reported.
    bool trouble_lasts() const { return trouble_ && trouble_reported_; }
    void report_trouble(Log& log);
    const config::Mapping& mapping() const { return mapping_; }

private:
    Result<Look> identify(const LookoutPorts& ports, const LineageContents& contents);
    Look found(const LookoutPorts& ports, KnownBundle known, std::shared_ptr<const Bundle> contents) const;
    void report_bundle(Log& log, const CertificateFacts& leaf, const std::filesystem::path& chain) const;
    void meet_trouble(const LookoutPorts& ports, const Error& error);

    LineageIndex index_;
    const config::Mapping& mapping_;
    config::Settle times_;
    Settle settle_;

    std::shared_ptr<const FoundBundle> bundle_;
    std::vector<FileStamp> stamps_;  // of the files that bundle_ was read from

    std::optional<Error> trouble_;
    SteadyTime trouble_since_;
    Duration look_again_in_{};
    std::optional<SteadyTime> look_again_;
    bool trouble_reported_ = false;
};

}  // namespace certferry
