// SPDX-License-Identifier: MIT
#include "simulation/properties/properties.hpp"
#include "simulation/world.hpp"

#include <fmt/format.h>

namespace certferry::simulation {
namespace {

class NeverEarlier final : public Property {
public:
    NeverEarlier()
        : Property("never_earlier",
                   "certferry never brings a listener to a certificate that expires earlier, "
                   "save on the way back that a mapping asks for.") {}

    void place_changed(const World& world, const PlaceChange& change) override {
        if (change.by == nullptr || (change.by->rotation && change.by->rotation->going_back())) return;
        const auto& certificates = world.accounts.at(change.account).certificates;
        const auto before = certificates.find(change.before);
        const auto after = certificates.find(change.after);
        if (before == certificates.end() || after == certificates.end()) return;
        const CertificateFacts& old = before->second.upload.certificate;
        const CertificateFacts& now = after->second.upload.certificate;
        if (now.not_after < old.not_after)
            broken(fmt::format("{} goes from {} (until {}) to {} (until {})", change.place.listener,
                               change.before.str(), to_utc(old.not_after), change.after.str(),
                               to_utc(now.not_after)));
    }
};

}  // namespace

std::unique_ptr<Property> never_earlier() {
    return std::make_unique<NeverEarlier>();
}

}  // namespace certferry::simulation
