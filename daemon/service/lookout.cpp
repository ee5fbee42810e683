// SPDX-License-Identifier: MIT
#include "service/lookout.hpp"

#include "watch/chain.hpp"
#include "watch/places.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace certferry {
namespace {

bool same_contents(const Bundle& one, const Bundle& other) {
    return one.chain_pem == other.chain_pem && one.key_pem == other.key_pem;
}

}  // namespace

Lookout::Lookout(LineageIndex index, const config::Mapping& mapping, const config::Settle& settle)
    : index_(index), mapping_(mapping), times_(settle), settle_(settle) {}

std::optional<SteadyTime> Lookout::due() const {
    const auto settled = settle_.due();
    if (!settled || !look_again_) return settled ? settled : look_again_;
    return std::min(*settled, *look_again_);
}

std::shared_ptr<const Bundle> Lookout::look(const LookoutPorts& ports) {
    settle_.looked();
    look_again_.reset();
    // Watches first, then reading: a change that comes between the two gives a hint.
    const std::vector<config::CertificateFiles> places = places_of(ports.files, mapping_.lineage);
    ports.watch.follow(index_, directories_of(ports.files, paths_of(places)));
    if (bundle_ && !trouble_ && stamps_of(ports.files, places, mapping_.kind) == stamps_) return bundle_;

    auto reading = read_latest(ports.files, places, mapping_.kind);
    if (!reading) {
        meet_trouble(ports, reading.error());
        return nullptr;
    }
    const bool news = !bundle_ || !same_contents(*bundle_, reading->bundle);
    if (news || trouble_reported_) report_bundle(ports.log, *reading);
    trouble_.reset();
    trouble_reported_ = false;
    stamps_ = std::move(reading->stamps);
    if (news) bundle_ = std::make_shared<const Bundle>(std::move(reading->bundle));
    return bundle_;
}

void Lookout::report_bundle(Log& log, const Reading& reading) const {
    const Bundle& bundle = reading.bundle;
    log.write(LogLevel::info, "bundle.found",
              {{"mapping", mapping_.name.str()},
               {"bundle", short_form(bundle.fingerprint())},
               {"valid_until", to_utc(bundle.leaf.not_after)},
               {"names", fmt::format("{}", fmt::join(bundle.leaf.names, ","))},
               {"issuer", bundle.leaf.issuer},
               {"chain", reading.chain.string()}});
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
