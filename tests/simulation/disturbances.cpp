// SPDX-License-Identifier: MIT
#include "simulation/disturbances.hpp"

#include <algorithm>

namespace certferry::simulation {
namespace {

using namespace std::chrono_literals;

// Whoever has bound something here by hand sees to it from now on: nothing is promised for it any more.
void give_away(Seat& seat) {
    seat.taken.reset();
    seat.owner.reset();
}

template <class Map>
auto& any_of(Map& map, Chance& chance) {
    auto chosen = map.begin();
    std::advance(chosen, chance.below(map.size()));
    return chosen->second;
}

}  // namespace

void Disturbances::begin() {
    ports_.world.reload = [this] { reload(); };
    some_time_later();
}

void Disturbances::end() {
    World& world = ports_.world;
    world.weather.clear_up();
    world.clock_error = Duration::zero();
    world.journal.full_until = SteadyTime();
    for (auto& [name, account] : world.accounts) {
        account.keys_refused_until = SteadyTime();
        account.at_work_until = SteadyTime();
        account.down_until = name == world.lost_cause ? SteadyTime::max() : SteadyTime();
    }
    ports_.guarded([&] {
        ports_.daemon()->loop().set_wall(world.wall_clock());
        ports_.daemon()->reload();
        for (const config::Mapping& mapping : world.config.mappings)
            static_cast<void>(ports_.daemon()->supervisor().release(mapping.name));
    });
}

void Disturbances::some_time_later() {
    World& world = ports_.world;
    const Duration step = world.renewal_period() / 20;
    world.timeline.in(world.chance.between(step / 4, step * 2), [this] {
        something_happens();
        some_time_later();
    });
}

void Disturbances::something_happens() {
    Weather& weather = ports_.world.weather;
    if (weather.strikes(Fault::console_edit)) edit_at_console();
    if (weather.strikes(Fault::outage)) stop_answering();
    if (weather.strikes(Fault::credentials_expired)) expire_keys();
    if (weather.strikes(Fault::disk_full)) fill_disk();
    if (weather.strikes(Fault::clock_jump)) set_clock();
    if (ports_.daemon() == nullptr) return;
    if (weather.strikes(Fault::reload)) reload();
    if (ports_.daemon() != nullptr && weather.strikes(Fault::command)) command();
}

void Disturbances::set_clock() {
    World& world = ports_.world;
    const bool right = world.clock_error != Duration::zero();
    const Duration most = world.chance.one_in(2) ? Duration(48h) : Duration(10min);
    world.clock_error = right ? Duration::zero() : world.chance.between(-most, most);
    world.clock_set = world.timeline.now();
    world.story.tell("clock", "the wall clock is {} off", to_rough_text(std::chrono::abs(world.clock_error)));
    if (Daemon* const daemon = ports_.daemon()) daemon->loop().set_wall(world.wall_clock());
}

void Disturbances::stop_answering() {
    World& world = ports_.world;
    Account& account = any_of(world.accounts, world.chance);
    account.down_until = world.timeline.now() + world.chance.between(1min, 6h);
    world.story.tell(account.name().str(), "does not answer for {}",
                     to_rough_text(account.down_until - world.timeline.now()));
}

void Disturbances::expire_keys() {
    World& world = ports_.world;
    Account& account = any_of(world.accounts, world.chance);
    account.keys_refused_until = world.timeline.now() + world.chance.between(1min, 6h);
    world.story.tell(account.name().str(), "refuses the keys for {}",
                     to_rough_text(account.keys_refused_until - world.timeline.now()));
}

void Disturbances::fill_disk() {
    World& world = ports_.world;
    world.journal.full_until = world.timeline.now() + world.chance.between(1min, 6h);
    world.story.tell("journal", "the disk is full for {}",
                     to_rough_text(world.journal.full_until - world.timeline.now()));
}

void Disturbances::reload() {
    change_configuration();
    ports_.guarded([&] { ports_.daemon()->reload(); });
}

void Disturbances::change_configuration() {
    World& world = ports_.world;
    auto& mappings = world.config.mappings;
    if (!world.removed.empty() && world.chance.one_in(2)) {
        world.story.tell("config", "{} is back", world.removed.back().name.str());
        mappings.push_back(std::move(world.removed.back()));
        world.removed.pop_back();
        return;
    }
    const std::size_t chosen = world.chance.below(mappings.size());
    if (mappings.size() > 1 && world.chance.one_in(2)) {
        world.story.tell("config", "{} is removed", mappings[chosen].name.str());
        world.removed.push_back(std::move(mappings[chosen]));
        mappings.erase(mappings.begin() + static_cast<std::ptrdiff_t>(chosen));
        return;
    }
    world.story.tell("config", "{} is changed", mappings[chosen].name.str());
    mappings[chosen].verify.attempts_for = world.chance.between(20s, 60s);
}

void Disturbances::command() {
    World& world = ports_.world;
    const config::Mapping& mapping = world.chance.one_of(world.config.mappings);
    const std::vector<MappingName> names{mapping.name};
    ports_.guarded([&] {
        Supervisor& supervisor = ports_.daemon()->supervisor();
        switch (world.chance.below(5)) {
            case 0:
                world.story.tell("person", "certferry pause {}", mapping.name.str());
                static_cast<void>(supervisor.hold(mapping.name));
                break;
            case 1:
                world.story.tell("person", "certferry resume {}", mapping.name.str());
                static_cast<void>(supervisor.release(mapping.name));
                break;
            case 2:
                world.story.tell("person", "certferry rotate {}", mapping.name.str());
                supervisor.hasten(names, false, true);
                break;
            case 3:
                world.story.tell("person", "certferry rotate {} --force", mapping.name.str());
                supervisor.hasten(names, true, true);
                break;
            default:
                world.story.tell("person", "systemctl restart certferry");
                ports_.restart();
        }
    });
}

void Disturbances::edit_at_console() {
    World& world = ports_.world;
    Account& account = any_of(world.accounts, world.chance);
    if (account.seats.empty()) return;
    Seat& seat = any_of(account.seats, world.chance);
    if (!seat.owner) return;
    edit(account, seat);
    // In force with the next reload or restart.
    world.drop_dead_endpoints();
}

void Disturbances::edit(Account& account, Seat& seat) {
    switch (ports_.world.chance.below(6)) {
        case 0:
            return take_place(account, seat);
        case 1:
            return bind_earlier_id(account, seat);
        case 2:
            return bind_by_hand(account, seat);
        case 3:
            return add_listener(account, seat);
        case 4:
            return delete_unbound(account);
        default:
            return delete_listener(account, seat);
    }
}

// Of a target that has others: one without any would only be asked for again and again.
void Disturbances::delete_listener(Account& account, const Seat& seat) {
    World& world = ports_.world;
    if (world.seats_of(*seat.owner).size() == 1) return;
    world.story.tell("console", "{} is deleted", seat.binding.place.listener);
    const Place place = seat.binding.place;
    account.seats.erase(place);
}

void Disturbances::take_place(Account& account, Seat& seat) {
    World& world = ports_.world;
    Upload foreign;
    foreign.certificate.fingerprint = Fingerprint(fmt::format("foreign{:057}", ++foreign_));
    foreign.certificate.names = {"somebody.example.org"};
    foreign.certificate.not_before = std::chrono::floor<std::chrono::seconds>(beginning());
    // Sooner or later than the mapping's own: neither is a reason to replace it.
    foreign.certificate.not_after =
        foreign.certificate.not_before + std::chrono::days(foreign_ % 2 == 0 ? 900 : 10);
    world.story.tell("console", "somebody binds a certificate of theirs at {}", seat.binding.place.listener);
    account.put(seat.binding.place, account.add(foreign, false), nullptr);
    seat.taken = world.timeline.now();
}

void Disturbances::bind_earlier_id(Account& account, Seat& seat) {
    World& world = ports_.world;
    const Succession succession = world.journal.known(*seat.owner);
    const CertificateId& id = world.chance.one_of(succession.entries).id;
    if (!account.certificates.contains(id)) return;
    world.story.tell("console", "somebody binds {} at {}", id.str(), seat.binding.place.listener);
    account.put(seat.binding.place, id, nullptr);
    give_away(seat);
}

void Disturbances::bind_by_hand(Account& account, Seat& seat) {
    World& world = ports_.world;
    const auto owns = [&](const config::Mapping& mapping) {
        return std::any_of(mapping.targets.begin(), mapping.targets.end(), [&](const config::Target& target) {
            return TargetKey{target.account, target.old_cert_id} == seat.owner;
        });
    };
    const auto& mappings = world.config.mappings;
    const auto mapping = std::find_if(mappings.begin(), mappings.end(), owns);
    if (mapping == mappings.end() || !world.client_of(mapping->name).written().acceptable) return;
    Upload same;
    same.alias = "by-hand";
    same.certificate = world.client_of(mapping->name).written().facts;
    world.story.tell("console", "somebody uploads {}, and binds it at {}",
                     world.client_of(mapping->name).written().name, seat.binding.place.listener);
    account.put(seat.binding.place, account.add(same, false), nullptr);
    give_away(seat);
}

void Disturbances::add_listener(Account& account, const Seat& seat) {
    World& world = ports_.world;
    const CertificateId head = world.journal.known(*seat.owner).head().id;
    if (!account.certificates.contains(head)) return;
    Seat added = seat;
    added.binding.place.listener = fmt::format("lbl-added-{}", ++added_);
    added.bound = {{head, world.timeline.now()}};
    added.added = true;
    added.taken.reset();
    world.story.tell("console", "{} is added, with {}", added.binding.place.listener, head.str());
    account.seats.emplace(added.binding.place, added);
}

void Disturbances::delete_unbound(Account& account) {
    World& world = ports_.world;
    const CertificateId id = any_of(account.certificates, world.chance).upload.alias.empty()
                                 ? CertificateId()
                                 : account.certificates.rbegin()->first;
    if (!id.empty() && account.remove(id)) world.story.tell("console", "{} is deleted", id.str());
}

}  // namespace certferry::simulation
