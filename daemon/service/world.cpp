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

// One account: where its keys come from, how fast it may call, and who makes its calls.
struct AccountParts {
    std::shared_ptr<CredentialsSource> credentials;
    std::unique_ptr<Pace> pace;
    std::unique_ptr<ApiCaller> caller;
};

std::shared_ptr<Cloud> make_cloud(const config::Account& account, ApiCaller& caller) {
    if (account.api == config::Api::v2) return std::make_shared<Api2Cloud>(caller);
    return std::make_shared<Api3Cloud>(account.regions, caller);
}

std::uint64_t seed() {
    std::random_device entropy;
    return (static_cast<std::uint64_t>(entropy()) << 32U) | entropy();
}

}  // namespace

// In the order of dependence: what is named first is destroyed last.
struct World::Parts {
    Parts(const boost::asio::any_io_executor& executor, const config::Config& config, Log& log,
          SqliteJournal journal_)
        : journal(std::move(journal_)), random(seed()), watch(executor, log), http(executor) {
        for (const auto& [name, account] : config.accounts) {
            AccountParts& parts = accounts[name];
            const CredentialsPorts search(executor, http, files, clock, random, log);
            parts.credentials = make_credentials(account, search);
            parts.pace = std::make_unique<Pace>(executor, clock, account.requests_per_second);
            const ApiPorts ports(http, *parts.credentials, *parts.pace, clock, random, log);
            parts.caller = std::make_unique<ApiCaller>(account, ports);
        }
    }

    SqliteJournal journal;
    PosixFiles files;
    AsioClock clock;
    SeededRandom random;
    UvWatch watch;
    CurlHttp http;
    TlsProbe probe;
    std::map<AccountName, AccountParts> accounts;
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
        lookout, parts.random, parts.journal, parts.probe, [&parts, &config](const AccountName& name) {
            return make_cloud(config.accounts.at(name), *parts.accounts.at(name).caller);
        });
    parts.supervisor = std::make_unique<Supervisor>(executor, config, ports, *trust);
    return world;
}

Supervisor& World::supervisor() {
    return *parts_->supervisor;
}

}  // namespace certferry
