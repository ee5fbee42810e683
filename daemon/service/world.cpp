// SPDX-License-Identifier: MIT
#include "service/world.hpp"

#include "base/asio_clock.hpp"
#include "base/posix_files.hpp"
#include "bundle/posix_trust.hpp"
#include "cloud/api2_cloud.hpp"
#include "cloud/api3_cloud.hpp"
#include "cloud/curl_http.hpp"
#include "cloud/posix_credentials.hpp"
#include "rotate/tls_probe.hpp"
#include "store/sqlite_journal.hpp"
#include "watch/uv_watch.hpp"

#include <random>

namespace certferry {
namespace {

// Each target has a handle of its own on its account's cloud.
std::shared_ptr<Cloud> make_cloud(const config::Account& account, const ApiPorts& ports) {
    if (account.api == config::Api::v2) return std::make_shared<Api2Cloud>(account, ports);
    return std::make_shared<Api3Cloud>(account, ports);
}

std::uint64_t seed() {
    std::random_device entropy;
    return (static_cast<std::uint64_t>(entropy()) << 32U) | entropy();
}

}  // namespace

// In the order of dependence: what is named first is destroyed last.
struct World::Parts {
    Parts(const boost::asio::any_io_executor& executor, const config::Config& config, Log& log_,
          SqliteJournal journal_)
        : log(log_), journal(std::move(journal_)), random(seed()), watch(executor, log_), http(executor) {
        for (const auto& [name, account] : config.accounts)
            credentials[name] = make_credentials(account.credentials);
    }

    std::shared_ptr<Cloud> cloud(const config::Account& account) {
        const ApiPorts ports(http, *credentials.at(account.name), clock, random, log);
        return make_cloud(account, ports);
    }

    Log& log;
    SqliteJournal journal;
    PosixFiles files;
    AsioClock clock;
    SeededRandom random;
    UvWatch watch;
    CurlHttp http;
    TlsProbe probe;
    std::map<AccountName, std::unique_ptr<CredentialsSource>> credentials;
    std::unique_ptr<Supervisor> supervisor;
};

World::World() = default;
World::~World() = default;

Result<std::unique_ptr<World>> World::make(const boost::asio::any_io_executor& executor,
                                           const config::Config& config, Log& log) {
    auto trust = load_trust(config);
    if (!trust) return trust.error();
    auto state_dir = PosixStateDir::hold(config.daemon.state_dir);
    if (!state_dir) return state_dir.error();
    auto journal = SqliteJournal::open(std::move(*state_dir));
    if (!journal) return journal.error();

    std::unique_ptr<World> world(new World);
    world->parts_ = std::make_unique<Parts>(executor, config, log, std::move(*journal));
    Parts& parts = *world->parts_;
    const LookoutPorts lookout(parts.files, parts.watch, parts.clock, log);
    const SupervisorPorts ports(
        lookout, parts.random, parts.journal, parts.probe,
        [&parts, &config](const AccountName& name) { return parts.cloud(config.accounts.at(name)); });
    parts.supervisor = std::make_unique<Supervisor>(executor, config, ports, *trust);
    return world;
}

Supervisor& World::supervisor() {
    return *parts_->supervisor;
}

}  // namespace certferry
