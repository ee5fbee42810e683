// SPDX-License-Identifier: MIT
#include "simulation/properties/properties.hpp"
#include "simulation/world.hpp"

#include <fmt/format.h>

namespace certferry::simulation {
namespace {

using namespace std::chrono_literals;

// What was uploaded is listed some time later, and an upload whose answer is lost may come that late.
constexpr Duration findable_after = 90s;

class UploadedOnce final : public Property {
public:
    UploadedOnce()
        : Property("uploaded_once",
                   "One bundle that goes to many targets is uploaded once per account, whatever was lost.") {}

    void call_sent(const World& world, const ChangingCall& call) override {
        if (call.kind != CallKind::upload) return;
        const Fingerprint& sent = call.contents->certificate.fingerprint;
        for (const auto& [id, kept] : world.accounts.at(call.account).certificates) {
            const bool findable = world.timeline.now() - kept.since > findable_after;
            if (kept.by_certferry && findable && kept.upload.certificate.fingerprint == sent)
                broken(fmt::format("{} is uploaded, which is {} already", world.certificates.name_of(sent),
                                   id.str()));
        }
    }
};

}  // namespace

std::unique_ptr<Property> uploaded_once() {
    return std::make_unique<UploadedOnce>();
}

}  // namespace certferry::simulation
