// SPDX-License-Identifier: MIT
#include "service/lookout.hpp"

#include "watch/places.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace certferry {

Lookout::Lookout(LineageIndex index, const config::Mapping& mapping, const config::Settle& settle)
    : index_(index), mapping_(mapping), times_(settle), settle_(settle) {}

std::optional<SteadyTime> Lookout::due() const {
    const auto settled = settle_.due();
    if (!settled || !look_again_) return settled ? settled : look_again_;
    return std::min(*settled, *look_again_);
}

Look Lookout::look(const LookoutPorts& ports, MetLinks& met) {
    settle_.looked();
    look_again_.reset();
    // Watches first, then reading: a change that comes between the two gives a hint.
    const std::vector<config::CertificateFiles> places = places_of(ports.files, mapping_.lineage);
    ports.watch.follow(index_, steps_of(ports.files, paths_of(places), met));
    if (bundle_ && !trouble_ && stamps_of(ports.files, places, mapping_.kind) == stamps_)
        return {bundle_, nullptr};

    auto contents = read_lineage(ports.files, places, mapping_.kind);
    if (!contents) {
        meet_trouble(ports, contents.error());
        return {};
    }
    Result<Look> found = identify(ports, *contents);
    if (!found) {
        meet_trouble(ports, found.error());
        return {};
    }
    if (trouble_reported_ && found->bundle == bundle_) report_bundle(ports.log, bundle_->leaf(), {});
    trouble_.reset();
    trouble_reported_ = false;
    stamps_ = std::move(contents->stamps);
    bundle_ = found->bundle;
    return *std::move(found);
}

// What was judged good before, by whichever run of the daemon, is known by its seal: judging is most of the
// work.
Result<Look> Lookout::identify(const LookoutPorts& ports, const LineageContents& contents) {
    const Seal seal = seal_of(contents, mapping_.kind);
    if (bundle_ && bundle_->seal() == seal) return Look{bundle_, nullptr};
    if (auto known = ports.memory.find(mapping_.name); known && known->seal == seal) {
        if (trouble_reported_) report_bundle(ports.log, known->leaf, {});
        return found(ports, *std::move(known), nullptr);
    }

    Result<Reading> reading = judge(contents, mapping_.kind);
    if (!reading) return reading.error();
    report_bundle(ports.log, reading->bundle.leaf, reading->chain);
    KnownBundle judged{reading->bundle.leaf, seal};
    ports.memory.keep(mapping_.name, judged);
    return found(ports, std::move(judged), FoundBundle::apart(std::move(reading->bundle)));
}

Look Lookout::found(const LookoutPorts& ports, KnownBundle known,
                    std::shared_ptr<const Bundle> contents) const {
    auto read_again = [&files = ports.files, &mapping = mapping_](const Seal& seal) {
        return read_sealed(files, places_of(files, mapping.lineage), mapping.kind, seal);
    };
    auto bundle = std::make_shared<const FoundBundle>(std::move(known), std::move(read_again), contents);
    return {std::move(bundle), std::move(contents)};
}

void Lookout::report_bundle(Log& log, const CertificateFacts& leaf,
                            const std::filesystem::path& chain) const {
    log.write(LogLevel::info, "bundle.found",
              {{"mapping", mapping_.name.str()},
               {"bundle", short_form(leaf.fingerprint)},
               {"valid_until", to_utc(leaf.not_after)},
               {"names", fmt::format("{}", fmt::join(leaf.names, ","))},
               {"issuer", leaf.issuer},
               {"chain", chain.string()}});
}

void Lookout::meet_trouble(const LookoutPorts& ports, const Error& error) {
    const SteadyTime now = ports.clock.steady_now();
    if (!trouble_) {
        trouble_since_ = now;
        look_again_in_ = times_.min;
    }
    const bool changed = trouble_ && trouble_->code() != error.code();
    trouble_ = error;
    if (changed) trouble_reported_ = false;
    if (now - trouble_since_ < times_.max) {
        look_again_ = now + look_again_in_;
        look_again_in_ = std::min(2 * look_again_in_, times_.max);
    } else if (!trouble_reported_) {
        report_trouble(ports.log);
    }
}

void Lookout::report_trouble(Log& log) {
    trouble_reported_ = true;
    log.write(LogLevel::warning, "bundle.unusable",
              {{"mapping", mapping_.name.str()},
               {"reason", std::string(trouble_->label())},
               {"detail", describe(*trouble_)}});
}

}  // namespace certferry
