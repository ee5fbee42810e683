// SPDX-License-Identifier: MIT
#include "rotate/sightings.hpp"

namespace certferry {

void Sightings::note(const std::string& endpoint, WallTime now, const Result<CertificateFacts>& seen) {
    Sighting& sighting = sightings_[endpoint];
    if (!seen) {
        sighting.failure = seen.error();
        return;
    }
    sighting = Sighting{now, *seen, std::nullopt};
}

const Sighting* Sightings::find(const std::string& endpoint) const {
    const auto found = sightings_.find(endpoint);
    return found == sightings_.end() ? nullptr : &found->second;
}

}  // namespace certferry
