// SPDX-License-Identifier: MIT
#pragma once

#include "simulation/property.hpp"

#include <memory>
#include <vector>

namespace certferry::simulation {

/// Tells all properties of every moment.
class Observers {
public:
    Observers(const World& world, std::vector<std::unique_ptr<Property>> properties)
        : world_(world), properties_(std::move(properties)) {}

    void daemon_started() {
        for (const auto& property : properties_) property->daemon_started(world_);
    }
    void came_to_rest() {
        for (const auto& property : properties_) property->came_to_rest(world_);
    }
    void tell(const ChangingCall& call) {
        for (const auto& property : properties_) property->call_sent(world_, call);
    }
    void tell(const CallEnd& end) {
        for (const auto& property : properties_) property->call_ended(world_, end);
    }
    void tell(const BindingsRead& read) {
        for (const auto& property : properties_) property->bindings_read(world_, read);
    }
    void tell(const Exchange& exchange) {
        for (const auto& property : properties_) property->exchange_begun(world_, exchange);
    }
    void tell(const Commit& commit) {
        for (const auto& property : properties_) property->committed(world_, commit);
    }
    void tell_refused(const Error& refusal) {
        for (const auto& property : properties_) property->commit_refused(world_, refusal);
    }
    void tell(const PlaceChange& change) {
        for (const auto& property : properties_) property->place_changed(world_, change);
    }
    void tell(const LogLine& line) {
        for (const auto& property : properties_) property->logged(world_, line);
    }

private:
    const World& world_;
    std::vector<std::unique_ptr<Property>> properties_;
};

}  // namespace certferry::simulation
