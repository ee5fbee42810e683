// SPDX-License-Identifier: MIT
#include "simulation/properties/properties.hpp"
#include "simulation/world.hpp"

#include <algorithm>
#include <map>

namespace certferry::simulation {
namespace {

constexpr int readings_wanted = 2;

// A replacement of which nobody knows whether it happened.
struct Question {
    CertificateId old_id;
    int readings = 0;
};

class ReadBackFirst final : public Property {
public:
    ReadBackFirst()
        : Property("read_back_first",
                   "An ambiguous outcome (sent, no answer, or none that was written down) is "
                   "read back, twice, before anything is repeated.") {}

    // What was on its way to the cloud, or just back, when the daemon died.
    void daemon_started(const World& world) override {
        open_.clear();
        for (const auto& mapping : world.config.mappings)
            for (const auto& target : mapping.targets) ask({target.account, target.old_cert_id}, world);
        for (const auto& mapping : world.removed)
            for (const auto& target : mapping.targets) ask({target.account, target.old_cert_id}, world);
    }

    void call_ended(const World&, const CallEnd& end) override {
        if (end.call.kind != CallKind::replace || !end.call.target) return;
        open_.erase(*end.call.target);
        if (end.ambiguous) open_[*end.call.target].old_id = end.call.old_id;
    }

    void bindings_read(const World&, const BindingsRead& read) override {
        if (!read.target) return;
        const auto question = open_.find(*read.target);
        if (question == open_.end()) return;
        if (std::find(read.ids.begin(), read.ids.end(), question->second.old_id) != read.ids.end())
            ++question->second.readings;
    }

    void call_sent(const World&, const ChangingCall& call) override {
        if (call.kind != CallKind::replace || !call.target) return;
        const auto question = open_.find(*call.target);
        if (question != open_.end() && question->second.readings < readings_wanted)
            broken("a replacement is sent again, and nobody has read back what became of the one before");
    }

private:
    void ask(const TargetKey& target, const World& world) {
        const auto rotation = world.journal.open(target);
        if (rotation && (rotation->stage == Stage::replacing || rotation->going_back()))
            open_[target].old_id = rotation->from();
    }

    std::map<TargetKey, Question> open_;
};

}  // namespace

std::unique_ptr<Property> read_back_first() {
    return std::make_unique<ReadBackFirst>();
}

}  // namespace certferry::simulation
