// SPDX-License-Identifier: MIT
#pragma once

#include "rotate/rotation_world.hpp"
#include "service/supervise.hpp"
#include "support/fake_files.hpp"
#include "support/test_certificates.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace certferry::tests {

/// Hints as a test gives them; remembers what is followed.
class FakeWatch final : public Watch {
public:
    explicit FakeWatch(const boost::asio::any_io_executor& executor) : wakeup_(executor) {}

    void follow(LineageIndex lineage, const std::vector<Step>& steps) override { followed[lineage] = steps; }
    Awaitable<std::set<LineageIndex>> next() override;

    void hint(LineageIndex lineage);

    std::map<LineageIndex, std::vector<Step>> followed;

private:
    Wakeup wakeup_;
    std::set<LineageIndex> hints_;
};

/// A daemon over fakes: one mapping, "www", whose files a test writes below /live/www, and its certificate,
/// "4b9fc92b". Further mappings are added before start() or by apply().
struct Service {
    Service();

    /// A mapping to files below /live/NAME, and to an id that is bound to a listener of its own.
    void add_mapping(const std::string& name, const std::string& old_cert_id);
    void remove_mapping(const std::string& name);

    void write(const TestCertificate& leaf, const std::string& mapping = "www");

    /// Makes the supervisor and puts the configuration in force; once more, a reload.
    Supervisor& start();
    /// The same, by another clock.
    Supervisor& start_by(Clock& clock);
    ConfigChanges apply();

    /// Starts it and lets it come to rest.
    void run();

    std::vector<std::string> succession(const std::string& old_cert_id = "4b9fc92b") const;

    TestCa ca;
    config::Config config;
    SimulatedLoop loop{test_now};
    FakeFiles files;
    FakeWatch watch{loop.executor()};
    RecordedLog log;
    SeededRandom random{3};
    MemoryJournal journal;
    std::optional<BundleMemory> memory;  // of the daemon that was started last
    SettableProber prober;
    Sightings sightings;
    RecordedMeter meter;
    SimulatedCloud cloud;
    std::optional<Supervisor> supervisor;
};

}  // namespace certferry::tests
