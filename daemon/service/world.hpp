// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "report/tally.hpp"
#include "report/vitals.hpp"
#include "service/announcer.hpp"
#include "service/machine.hpp"
#include "service/supervise.hpp"

#include <map>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

namespace certferry {

/// The composition root: every port with the real thing behind it.
class World {
public:
    /// Takes the state directory, opens the journal and reads the trust anchors. Errors: journal_* (another
    /// daemon, an unusable file), config_invalid for a gate.trust file.
    static Result<std::unique_ptr<World>> make(const boost::asio::any_io_executor& executor,
                                               config::Config config, Log& log);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    Supervisor& supervisor();
    Journal& journal();
    Prober& prober();
    Clock& clock();
    Files& files();
    Announcer& announcer();
    MachineFacts machine() const;
    const Tally& tally() const;
    /// Without the log's.
    Vitals vitals() const;

private:
    World();
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace certferry
