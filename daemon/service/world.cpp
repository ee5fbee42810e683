// SPDX-License-Identifier: MIT
#include "service/world.hpp"

#include "base/asio_clock.hpp"
#include "base/asio_names.hpp"
#include "base/posix_files.hpp"
#include "base/posix_machine.hpp"
#include "bundle/posix_trust.hpp"
#include "cloud/api2_cloud.hpp"
#include "cloud/api3_cloud.hpp"
#include "cloud/beast_http.hpp"
#include "cloud/posix_credentials.hpp"
#include "report/asio_command_notifier.hpp"
#include "report/posix_notifier_secret.hpp"
#include "report/webhook.hpp"
#include "report/wecom.hpp"
#include "rotate/noting_prober.hpp"
#include "rotate/tls_probe.hpp"
#include "store/sqlite_journal.hpp"
#include "watch/uv_watch.hpp"

#include <random>

namespace certferry {
namespace {

// One account: where its keys come from, how fast it may call, and who makes its calls.
struct AccountParts {
    config::Account account;
    std::shared_ptr<CredentialsSource> credentials;
    std::unique_ptr<Pace> pace;
    std::unique_ptr<ApiCaller> caller;
};

// A handle for one target, which keeps the account's parts: an account that a reload changes or removes goes
// on for what is under way.
struct Handle {
    std::shared_ptr<AccountParts> parts;
    std::unique_ptr<Cloud> cloud;
};

std::unique_ptr<Cloud> make_cloud(AccountParts& parts) {
    if (parts.account.api == config::Api::v2) return std::make_unique<Api2Cloud>(*parts.caller);
    return std::make_unique<Api3Cloud>(parts.account.regions, *parts.caller);
}

std::uint64_t seed() {
    std::random_device entropy;
    return (static_cast<std::uint64_t>(entropy()) << 32U) | entropy();
}

}  // namespace

// The real ways to tell people.
struct NotifierMaker {
    const boost::asio::any_io_executor& executor;
    Http& http;
    Clock& clock;
    Duration timeout;

    std::shared_ptr<Notifier> operator()(const config::Webhook& webhook) const {
        SecretSource secret = webhook.secret ? secret_source(*webhook.secret) : SecretSource();
        return std::make_shared<Webhook>(webhook, timeout, http, std::move(secret),
                                         [&time = clock] { return time.now(); });
    }
    std::shared_ptr<Notifier> operator()(const config::Wecom& wecom) const {
        return std::make_shared<Wecom>(wecom, timeout, http, secret_source(wecom.secret));
    }
    std::shared_ptr<Notifier> operator()(const config::NotifyCommand& command) const {
        return std::make_shared<AsioCommandNotifier>(executor, command, timeout);
    }
};

// In the order of dependence: what is named first is destroyed last.
struct World::Parts {
    Parts(const boost::asio::any_io_executor& executor_, Log& log_, SqliteJournal journal_)
        : executor(executor_),
          log(log_),
          journal(std::move(journal_)),
          random(seed()),
          watch(executor, log) {}

    std::shared_ptr<Cloud> cloud(const config::Account& account) {
        auto& parts = accounts[account.name];
        if (!parts || parts->account != account) parts = make_parts(account);
        const auto handle = std::make_shared<Handle>(Handle{parts, make_cloud(*parts)});
        return {handle, handle->cloud.get()};
    }

    std::shared_ptr<AccountParts> make_parts(const config::Account& account) {
        auto parts = std::make_shared<AccountParts>();
        parts->account = account;
        const CredentialsPorts search(executor, http, files, clock, random, log, tally);
        parts->credentials = make_credentials(account, search);
        parts->pace = std::make_unique<Pace>(executor, clock, account.requests_per_second);
        const ApiPorts ports(http, *parts->credentials, *parts->pace, clock, random, log, tally);
        parts->caller = std::make_unique<ApiCaller>(account, ports);
        return parts;
    }

    std::shared_ptr<Notifier> notifier(const config::Notifier& notifier) {
        return std::visit(NotifierMaker{executor, http, clock, notifier.timeout}, notifier.way);
    }

    boost::asio::any_io_executor executor;
    Log& log;
    SqliteJournal journal;
    BundleMemory memory{journal};
    PosixFiles files;
    AsioClock clock;
    SeededRandom random;
    UvWatch watch;
    AsioNames names{executor};
    BeastHttp http{executor, names};
    Tally tally;
    TlsProbe handshake{names};
    NotingProber probe{handshake, clock};
    std::map<AccountName, std::shared_ptr<AccountParts>> accounts;
    std::unique_ptr<Supervisor> supervisor;
    std::unique_ptr<Announcer> announcer;
};

World::World() = default;
World::~World() = default;

Result<std::unique_ptr<World>> World::make(const boost::asio::any_io_executor& executor,
                                           config::Config config, Log& log) {
    auto trust = load_trust(config);
    if (!trust) return trust.error();
    auto state_dir = PosixStateDir::hold(config.daemon.state_dir);
    if (!state_dir) return state_dir.error();
    auto journal = SqliteJournal::open(std::move(*state_dir));
    if (!journal) return journal.error();

    std::unique_ptr<World> world(new World);
    world->parts_ = std::make_unique<Parts>(executor, log, std::move(*journal));
    Parts& parts = *world->parts_;
    const LookoutPorts lookout(parts.files, parts.watch, parts.clock, log, parts.memory);
    const SupervisorPorts ports(lookout, parts.random, parts.journal, parts.probe, parts.probe.sightings(),
                                parts.tally,
                                [&parts](const config::Account& account) { return parts.cloud(account); });
    parts.supervisor = std::make_unique<Supervisor>(executor, ports);
    const auto applied =
        parts.supervisor->apply(std::make_shared<const config::Config>(std::move(config)), *trust);
    if (!applied) return applied.error();
    const CourierPorts courier(executor, parts.journal, parts.clock, parts.random, log, host_name());
    parts.announcer = std::make_unique<Announcer>(
        *parts.supervisor, courier,
        [&parts](const config::Notifier& notifier) { return parts.notifier(notifier); });
    return world;
}

Supervisor& World::supervisor() {
    return *parts_->supervisor;
}

Journal& World::journal() {
    return parts_->journal;
}

Prober& World::prober() {
    return parts_->probe;
}

Files& World::files() {
    return parts_->files;
}

Announcer& World::announcer() {
    return *parts_->announcer;
}

Clock& World::clock() {
    return parts_->clock;
}

const Tally& World::tally() const {
    return parts_->tally;
}

Vitals World::vitals() const {
    Vitals vitals;
    const WatchHealth watch = parts_->watch.health();
    vitals.watched_directories = watch.directories;
    vitals.polled_lineages = watch.polled_lineages;
    vitals.watch_wakeups = watch.wakeups;
    vitals.watch_overflows = watch.overflows;
    for (const auto& [name, account] : parts_->accounts) {
        const Pace::Traffic traffic = account->pace->traffic();
        vitals.accounts.push_back({name, traffic.waiting, traffic.under_way, traffic.down});
    }
    return vitals;
}

MachineFacts World::machine() const {
    const WatchHealth watch = parts_->watch.health();
    return {inotify_watches_max(), watch.directories, watch.polled_lineages};
}

}  // namespace certferry
