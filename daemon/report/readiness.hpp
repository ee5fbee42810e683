// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

namespace certferry {

/// One thing that must be so for the daemon to do its work.
struct ReadinessCheck {
    std::string name;  // stable
    bool well = false;
    std::string says;
};

/// Whether the daemon can do its work. Whether Tencent answers is no part of it: a restart helps nothing
/// there.
struct Readiness {
    std::vector<ReadinessCheck> checks;

    bool ready() const;
};

/// A line for each check.
std::string to_lines(const Readiness& readiness);
/// The same for machines; its "version" is 1.
boost::json::object to_json(const Readiness& readiness);

}  // namespace certferry
