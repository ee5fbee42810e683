// SPDX-License-Identifier: MIT
#include "service/charge.hpp"

#include <algorithm>

namespace certferry {
namespace {

TargetKey key_of(const config::Target& configured) {
    return {configured.account, configured.old_cert_id};
}

Target target_of(const config::Config& config, const config::Mapping& mapping,
                 const config::Target& configured) {
    Target target;
    target.key = key_of(configured);
    target.mapping = mapping.name;
    for (const config::Target& other : mapping.targets)
        if (key_of(other) != target.key) target.siblings.push_back(key_of(other));
    target.kind = mapping.kind;
    target.deliver = mapping.deliver;
    target.gate = mapping.gate;
    target.verify = mapping.verify;
    target.retry = mapping.retry;
    target.give_up = mapping.give_up;
    target.cleanup_after = mapping.cleanup_after;
    target.answer_timeout = config.accounts.at(configured.account).timeout.total;
    return target;
}

}  // namespace

Charge::Charge(LineageIndex index, std::shared_ptr<const config::Config> config,
               const config::Mapping& mapping, const Trust& trust, SupervisorPorts& ports,
               const Shared& shared)
    : lookout(index, mapping, config->daemon.settle),
      index_(index),
      since_(ports.lookout.clock.now()),
      config_(std::move(config)),
      mapping_(mapping) {
    for (const config::Target& configured : mapping_.targets) {
        const auto& cloud = clouds.emplace_back(ports.cloud(config_->accounts.at(configured.account)));
        const RotationPorts rotation_ports(*cloud, ports.journal, ports.prober, ports.lookout.clock,
                                           ports.lookout.log, ports.meter, shared.turns, shared.stopping);
        pursuits.emplace_back(target_of(*config_, mapping_, configured), rotation_ports, ports.random, trust,
                              shared.executor);
    }
}

bool Charge::is_as(const config::Config& config, const config::Mapping& mapping) const {
    return mapping == mapping_ && config.daemon.settle == config_->daemon.settle &&
           std::all_of(mapping.targets.begin(), mapping.targets.end(), [&](const config::Target& target) {
               return config.accounts.at(target.account) == config_->accounts.at(target.account);
           });
}

void Charge::retire() {
    retired_ = true;
    for (Pursuit& pursuit : pursuits) pursuit.retire();
}

}  // namespace certferry
