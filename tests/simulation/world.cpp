// SPDX-License-Identifier: MIT
#include "simulation/world.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry::simulation {
namespace {

using namespace std::chrono_literals;

constexpr std::array account_names = {"main", "overseas", "spare"};
constexpr std::array mapping_names = {"www", "shop", "mail", "api"};

Manners manners_by(Chance& chance) {
    Manners manners;
    manners.at_once = chance.one_in(4);
    manners.yes_to_unbound = chance.one_in(2);
    manners.tells_tasks = chance.one_in(2);
    manners.tells_fingerprints = chance.one_in(2);
    if (chance.one_in(3)) manners.listed_after = chance.between(1s, 20s);
    if (chance.one_in(2)) manners.served_after = chance.between(1s, 15s);
    return manners;
}

}  // namespace

World::World(std::uint64_t seed, const Certificates& certificates_,
             std::vector<std::unique_ptr<Property>> properties, bool write_story)
    : certificates(certificates_),
      chance(seed),
      jitter(seed),
      weather(chance),
      story(timeline, certificates, write_story),
      observers(*this, std::move(properties)),
      journal(weather, chance, story, timeline, observers) {
    short_lived_ = chance.one_in(2);
    period_ = certificates.series(0, short_lived_).period;
    config.daemon.rescan = short_lived_ ? Duration(1h) : Duration(6h);
    if (short_lived_ && chance.one_in(10)) config.daemon.rescan = 5min;
    const std::size_t accounts_wanted = chance.between(1, account_names.size());
    for (std::size_t number = 0; number < accounts_wanted; ++number) add_account(account_names.at(number));
    const std::size_t mappings_wanted = chance.between(1, 3);
    for (std::size_t number = 0; number < mappings_wanted; ++number) add_mapping(number);
}

void World::add_account(const std::string& name) {
    config::Account& account = config.accounts[AccountName(name)];
    account.name = AccountName(name);
    account.requests_per_second = chance.one_in(2) ? 10 : 2;
    const Account::Ports ports{timeline, weather, chance, story,
                               [this](const PlaceChange& change) { observers.tell(change); }};
    accounts.emplace(account.name, Account(account.name, manners_by(chance), ports));
}

void World::add_mapping(std::size_t number) {
    const std::string name = mapping_names.at(number);
    const AcmeClient::Ports ports{
        timeline, weather, chance,
        story,    files,   [this](const std::filesystem::path& path) { disk_changed(path); }};
    const Series& series = certificates.series(number, short_lived_);
    AcmeClient& client = clients.emplace_back(name, series, ports);
    client.begin();

    config::Mapping mapping;
    mapping.name = MappingName(name);
    mapping.lineage = config::CertificateFiles{client.chain(), client.key()};
    mapping.retry.max = chance.one_in(2) ? Duration(15min) : Duration(5min);
    mapping.deliver = chance.one_in(4) ? config::Deliver::content : config::Deliver::id;
    mapping.verify.attempts_for = chance.between(20s, 60s);
    if (chance.one_in(3)) mapping.cleanup_after = chance.between(period_ / 4, period_ * 2);
    const std::size_t targets_wanted = chance.between(1, 3);
    for (std::size_t target = 1; target <= targets_wanted; ++target)
        mapping.targets.push_back(add_target(name, target, series.regular.front()));
    if (chance.one_in(3)) add_endpoint(mapping);
    config.mappings.push_back(std::move(mapping));
}

config::Target World::add_target(const std::string& mapping, std::size_t number, const Issued& deployed) {
    auto account = accounts.begin();
    std::advance(account, chance.below(accounts.size()));
    Upload upload;
    upload.certificate = deployed.facts;
    const CertificateId id(fmt::format("{}-{}", mapping, number));
    account->second.certificates.emplace(id, Kept{upload, false, timeline.now()});
    const TargetKey target{account->first, id};
    const std::size_t seats_wanted = chance.between(1, 3);
    for (std::size_t seat = 1; seat <= seats_wanted; ++seat)
        add_seat(target, fmt::format("lbl-{}-{}-{}", mapping, number, seat), id);
    return {target.account, id};
}

void World::add_seat(const TargetKey& target, const std::string& listener, const CertificateId& id) {
    Seat seat;
    seat.owner = target;
    seat.binding.place = {fmt::format("lb-{}", chance.between(1, 2)), listener, ""};
    seat.binding.region = "ap-guangzhou";
    seat.binding.ssl_mode = "unidirectional";
    if (chance.one_in(4)) {
        seat.binding.ssl_mode = "mutual";
        seat.binding.verify_client = "on";
        seat.binding.client_ca = "client-ca";
    }
    seat.bound.push_back({id, timeline.now()});
    accounts.at(target.account).seats.emplace(seat.binding.place, seat);
}

void World::add_endpoint(config::Mapping& mapping) {
    const config::Target& target = mapping.targets.front();
    for (const Seat* const seat : seats_of({target.account, target.old_cert_id})) {
        config::ProbeEndpoint endpoint;
        endpoint.host = seat->binding.place.listener + ".example.com";
        endpoints_.emplace(endpoint.host, std::pair(target.account, seat->binding.place));
        mapping.verify.endpoint.push_back(endpoint);
        break;
    }
    if (chance.one_in(2)) mapping.verify.on_failure = config::OnFailure::rollback;
}

std::optional<CertificateFacts> World::served_by(const std::string& host) const {
    const auto& [account, place] = endpoints_.at(host);
    return accounts.at(account).served_at(place);
}

void World::drop_dead_endpoints() {
    const auto dead = [this](const config::ProbeEndpoint& endpoint) {
        const auto& [account, place] = endpoints_.at(endpoint.host);
        const auto& seats = accounts.at(account).seats;
        const auto seat = seats.find(place);
        return seat == seats.end() || !seat->second.owner || seat->second.taken;
    };
    for (auto* const mappings : {&config.mappings, &removed})
        for (config::Mapping& mapping : *mappings)
            if (std::erase_if(mapping.verify.endpoint, dead) > 0)
                story.tell("config", "{} is no longer proven by an endpoint", mapping.name.str());
}

bool World::is_proven_at(const config::Mapping& mapping, const AccountName& account) const {
    const auto& endpoints = mapping.verify.endpoint;
    return std::any_of(endpoints.begin(), endpoints.end(), [&](const config::ProbeEndpoint& endpoint) {
        return endpoints_.at(endpoint.host).first == account;
    });
}

const AcmeClient& World::client_of(const MappingName& mapping) const {
    return *std::find_if(clients.begin(), clients.end(),
                         [&](const AcmeClient& client) { return client.name() == mapping.str(); });
}

const config::Mapping* World::mapping_of(const MappingName& mapping) const {
    for (const auto* const mappings : {&config.mappings, &removed})
        for (const config::Mapping& known : *mappings)
            if (known.name == mapping) return &known;
    return nullptr;
}

std::vector<const Seat*> World::seats_of(const TargetKey& target) const {
    std::vector<const Seat*> found;
    for (const auto& [place, seat] : accounts.at(target.account).seats)
        if (seat.owner == target) found.push_back(&seat);
    return found;
}

}  // namespace certferry::simulation
