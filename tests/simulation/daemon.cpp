// SPDX-License-Identifier: MIT
#include "simulation/daemon.hpp"

#include "simulation/world.hpp"

namespace certferry::simulation {

using namespace std::chrono_literals;

class Daemon::Prober final : public certferry::Prober {
public:
    Prober(World& world, tests::SimulatedLoop& loop) : world_(world), loop_(loop) {}

    Awaitable<Result<CertificateFacts>> probe(const config::ProbeEndpoint& endpoint, Offer) override {
        co_await loop_.sleep_until(loop_.steady_now() + world_.chance.between(5ms, 300ms));
        if (world_.weather.strikes(Fault::unreachable))
            co_return Error(Errc::unreachable, endpoint.host + ": no route");
        const std::optional<CertificateFacts> served = world_.served_by(endpoint.host);
        if (!served) co_return Error(Errc::unreachable, endpoint.host + ": no certificate");
        co_return *served;
    }

private:
    World& world_;
    tests::SimulatedLoop& loop_;
};

class Daemon::Log final : public certferry::Log {
public:
    explicit Log(World& world) : world_(world) {}

    void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) override {
        std::string line(event);
        for (const LogField& field : fields) {
            world_.observers.tell(LogLine{event, field.key, field.value});
            if (world_.story.written() && !field.value.empty())
                line += fmt::format(" {}={}", field.key, field.value);
        }
        if (level >= LogLevel::warning) world_.story.tell("log", "{}", line);
    }

private:
    World& world_;
};

Daemon::Daemon(World& world, WallTime wall_clock)
    : world_(world),
      loop_(wall_clock, world.timeline.now()),
      memory_(world.journal),
      watch_(loop_.executor()),
      prober_(std::make_unique<Prober>(world, loop_)),
      log_(std::make_unique<Log>(world)) {
    const LookoutPorts lookout(world.files, watch_, loop_, *log_, memory_);
    const SupervisorPorts ports(lookout, world.jitter, world.journal, *prober_, sightings_, tally_,
                                [this](const config::Account& account) { return cloud(account); });
    supervisor_ = std::make_unique<Supervisor>(loop_.executor(), ports);
    reload();
    loop_.spawn(run());
}

Daemon::~Daemon() = default;

Awaitable<void> Daemon::run() {
    co_await supervisor_->run();
    ended_ = true;
}

void Daemon::reload() {
    std::map<MappingName, Trust> trust;
    for (const config::Mapping& mapping : world_.config.mappings)
        trust.emplace(mapping.name, world_.certificates.trust());
    static_cast<void>(supervisor_->apply(std::make_shared<const config::Config>(world_.config), trust));
}

std::shared_ptr<Cloud> Daemon::cloud(const config::Account& account) {
    auto& desk = desks_[account.name];
    if (!desk) desk = std::make_shared<Desk>(world_.accounts.at(account.name), account, loop_);
    const CloudPorts ports{loop_,        world_.timeline, world_.weather,   world_.chance,
                           world_.story, world_.journal,  world_.observers, world_.reload};
    return std::make_shared<PacedCloud>(desk, ports);
}

}  // namespace certferry::simulation
