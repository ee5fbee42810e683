// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "bundle/bundle.hpp"

#include <map>
#include <optional>
#include <string>

namespace certferry {

/// What an endpoint served when it was last looked at.
struct Sighting {
    std::optional<WallTime> seen;            // when it last served something
    std::optional<CertificateFacts> served;  // what that was
    std::optional<Error> failure;            // why the last look saw nothing
};

/// What every endpoint served when it was last looked at, by the text that names it in the configuration. In
/// memory only: a daemon that was just started has seen nothing yet.
class Sightings {
public:
    void note(const std::string& endpoint, WallTime now, const Result<CertificateFacts>& seen);

    /// Nothing for an endpoint that was never looked at.
    const Sighting* find(const std::string& endpoint) const;

private:
    std::map<std::string, Sighting> sightings_;
};

}  // namespace certferry
