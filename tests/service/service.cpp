// SPDX-License-Identifier: MIT
#include "service/service.hpp"

#include <utility>

namespace certferry::tests {

Awaitable<std::set<LineageIndex>> FakeWatch::next() {
    while (hints_.empty()) co_await wakeup_.wait();
    co_return std::exchange(hints_, {});
}

void FakeWatch::hint(LineageIndex lineage) {
    hints_.insert(lineage);
    wakeup_.notify();
}

Service::Service() {
    config.accounts[AccountName("default")].name = AccountName("default");
    add_mapping("www", "4b9fc92b");
}

void Service::add_mapping(const std::string& name, const std::string& old_cert_id) {
    config::Mapping mapping;
    mapping.name = MappingName(name);
    mapping.lineage =
        config::CertificateFiles{"/live/" + name + "/fullchain.pem", "/live/" + name + "/privkey.pem"};
    mapping.gate.trust = config::TrustAny{};
    mapping.targets.push_back({AccountName("default"), CertificateId(old_cert_id)});
    config.mappings.push_back(mapping);

    CertificateFacts deployed;
    deployed.not_before = test_now - std::chrono::days(20);
    deployed.not_after = test_now + std::chrono::days(10);
    deployed.names = {"www.example.com"};
    cloud.bind("lb-1", "lbl-" + name, cloud.add(old_cert_id, deployed));
}

void Service::remove_mapping(const std::string& name) {
    std::erase_if(config.mappings,
                  [&](const config::Mapping& mapping) { return mapping.name == MappingName(name); });
}

void Service::write(const TestCertificate& leaf, const std::string& mapping) {
    files.write("/live/" + mapping + "/fullchain.pem", ca.full_chain(leaf));
    files.write("/live/" + mapping + "/privkey.pem", leaf.key().pkcs8());
}

Supervisor& Service::start() {
    return start_by(loop);
}

Supervisor& Service::start_by(Clock& clock) {
    memory.emplace(journal);
    const LookoutPorts lookout(files, watch, clock, log, *memory);
    const SupervisorPorts ports(
        lookout, random, journal, prober, sightings, meter,
        [this](const config::Account&) { return std::shared_ptr<Cloud>(&cloud, [](Cloud*) {}); });
    supervisor.emplace(loop.executor(), ports);
    apply();
    return *supervisor;
}

ConfigChanges Service::apply() {
    std::map<MappingName, Trust> trust;
    for (const config::Mapping& mapping : config.mappings) trust.emplace(mapping.name, Trust::any());
    return *supervisor->apply(std::make_shared<const config::Config>(config), trust);
}

void Service::run() {
    start();
    loop.spawn(supervisor->run());
    loop.settle();
}

std::vector<std::string> Service::succession(const std::string& old_cert_id) const {
    return journal.ids({AccountName("default"), CertificateId(old_cert_id)});
}

}  // namespace certferry::tests
