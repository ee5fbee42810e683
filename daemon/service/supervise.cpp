// SPDX-License-Identifier: MIT
#include "service/supervise.hpp"

#include "base/expect_no_exception.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace certferry {
namespace {

namespace asio = boost::asio;

std::vector<MappingName> names_of(const config::Config& config) {
    std::vector<MappingName> names;
    for (const config::Mapping& mapping : config.mappings) names.push_back(mapping.name);
    return names;
}

// What is served for the shortest time comes first.
std::vector<Pursuit*> by_urgency(std::list<Pursuit>& pursuits) {
    if (pursuits.size() == 1) return {&pursuits.front()};  // almost all, and the journal need not be asked
    std::vector<std::pair<WallTime, Pursuit*>> order;
    order.reserve(pursuits.size());
    for (Pursuit& pursuit : pursuits) order.emplace_back(pursuit.served_until(), &pursuit);
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& one, const auto& other) { return one.first < other.first; });
    std::vector<Pursuit*> sorted;
    sorted.reserve(order.size());
    for (const auto& [until, pursuit] : order) sorted.push_back(pursuit);
    return sorted;
}

}  // namespace

Supervisor::Supervisor(const asio::any_io_executor& executor, SupervisorPorts ports)
    : executor_(executor),
      ports_(std::move(ports)),
      upload_turns_(executor),
      look_(executor),
      pursuit_ended_(executor),
      stale_heads_(roster_, ports_.lookout.clock, stopping_,
                   [this](const std::shared_ptr<Charge>& charge, Pursuit& pursuit) {
                       spawn(charge, pursuit, Persistence::until_settled);
                   }),
      patrol_(executor, roster_, ports_.prober, ports_.lookout.clock, stopping_),
      cleaning_(executor, roster_, ports_.lookout.clock, stopping_, in_flight_) {}

Result<ConfigChanges> Supervisor::apply(std::shared_ptr<const config::Config> config,
                                        const std::map<MappingName, Trust>& trust) {
    const auto on_hold = ports_.journal.on_hold();
    if (!on_hold) return on_hold.error();
    ConfigChanges changes;
    Roster next;
    for (const config::Mapping& mapping : config->mappings)
        next.add(keep_or_make(config, mapping, trust.at(mapping.name), changes));
    for (const auto& charge : next.all())
        if (const auto held = on_hold->find(charge->mapping().name); held != on_hold->end())
            charge->on_hold = held->second;
    retire_all_but(next, changes);
    roster_ = std::move(next);
    config_ = std::move(config);
    in_force_since_ = ports_.lookout.clock.now();
    look_.notify();
    patrol_.look_again();
    tell_listeners();
    if (running_) cleaning_.begin();
    return changes;
}

std::shared_ptr<Charge> Supervisor::keep_or_make(const std::shared_ptr<const config::Config>& config,
                                                 const config::Mapping& mapping, const Trust& trust,
                                                 ConfigChanges& changes) {
    auto before = find(mapping.name);
    if (before && before->is_as(*config, mapping)) {
        ++changes.kept;
        for (Pursuit& pursuit : before->pursuits) pursuit.set_trust(trust);
        return before;
    }
    (before ? changes.changed : changes.added).push_back(mapping.name);
    const Shared shared(executor_, upload_turns_, stopping_);
    auto charge = std::make_shared<Charge>(next_index_++, config, mapping, trust, ports_, shared);
    // A changed configuration tries at once what waited, or was refused, by the one before.
    if (running_)
        for (Pursuit& pursuit : charge->pursuits) pursuit.hurry(false);
    return charge;
}

void Supervisor::retire_all_but(const Roster& kept, ConfigChanges& changes) {
    for (const auto& charge : roster_.all()) {
        if (kept.holds(*charge)) continue;
        charge->retire();
        ports_.lookout.watch.follow(charge->index(), {});
        const MappingName& name = charge->mapping().name;
        if (!kept.find(name)) changes.removed.push_back(name);
    }
}

Awaitable<void> Supervisor::run() {
    running_ = true;
    next_step_ = ports_.lookout.clock.steady_now();
    asio::co_spawn(executor_, listen_for_hints(), expect_no_exception);
    asio::co_spawn(executor_, stale_heads_.run(), expect_no_exception);
    asio::co_spawn(executor_, patrol_.run(), expect_no_exception);
    cleaning_.begin();
    co_await look_when_due();
    co_await wait_for_pursuits();
}

Awaitable<int> Supervisor::run_once() {
    MetLinks met;
    for (const auto& charge : roster_.all()) {
        look_at(charge, Persistence::once, met);
        if (charge->lookout.trouble()) charge->lookout.report_trouble(ports_.lookout.log);
    }
    co_await remember();
    co_await wait_for_pursuits();
    co_return exit_code_of(verdicts(names_of(*config_)));
}

void Supervisor::stop() {
    stopping_ = true;
    look_.notify();
    for (const auto& charge : roster_.all())
        for (Pursuit& pursuit : charge->pursuits) pursuit.interrupt();
    tell_listeners();
}

void Supervisor::look_at(const std::shared_ptr<Charge>& charge, Persistence persistence, MetLinks& met) {
    charge->unlooked = false;
    const Look found = charge->lookout.look(ports_.lookout, met);
    roster_.reschedule(*charge);
    if (!found.bundle) return;
    charge->seen = found.bundle;
    for (Pursuit* pursuit : by_urgency(charge->pursuits)) pursuit->want(found.bundle);
    if (!charge->on_hold) pursue(charge, persistence);
}

void Supervisor::pursue(const std::shared_ptr<Charge>& charge, Persistence persistence) {
    for (Pursuit* pursuit : by_urgency(charge->pursuits))
        if (pursuit->due()) spawn(charge, *pursuit, persistence);
}

// At most one rotation of a target is in flight, also while one configuration follows another.
void Supervisor::spawn(const std::shared_ptr<Charge>& charge, Pursuit& pursuit, Persistence persistence) {
    const TargetKey target = pursuit.target().key;
    if (stopping_ || !in_flight_.insert(target).second) return;
    asio::co_spawn(executor_, pursuit.run(persistence),
                   [this, charge, target](const std::exception_ptr& thrown) {
                       expect_no_exception(thrown);
                       ended(charge, target);
                   });
}

void Supervisor::ended(const std::shared_ptr<Charge>& charge, const TargetKey& target) {
    in_flight_.erase(target);
    if (charge->retired()) begin_successor(target);
    pursuit_ended_.notify();
    cleaning_.look_again();
    tell_listeners();
}

void Supervisor::begin_successor(const TargetKey& target) {
    const auto charge = roster_.following(target);
    if (!charge || charge->on_hold) return;
    for (Pursuit& pursuit : charge->pursuits)
        if (pursuit.target().key == target && pursuit.due())
            spawn(charge, pursuit, Persistence::until_settled);
}

// Lives as long as the loop does; hints after stop() are harmless, and so are those for what was removed.
Awaitable<void> Supervisor::listen_for_hints() {
    for (;;) {
        const std::set<LineageIndex> hinted = co_await ports_.lookout.watch.next();
        met_ = MetLinks();
        const SteadyTime now = ports_.lookout.clock.steady_now();
        for (const LineageIndex lineage : hinted) {
            const auto charge = roster_.at(lineage);
            if (!charge) continue;
            charge->lookout.hint(now);
            roster_.reschedule(*charge);
        }
        look_.notify();
    }
}

// Hints say where to look first; the rescan is the truth, whatever events said.
Awaitable<void> Supervisor::look_when_due() {
    Clock& clock = ports_.lookout.clock;
    SteadyTime last = SteadyTime::min();
    while (!stopping_) {
        const SteadyTime now = clock.steady_now();
        const bool rescan = now >= last + config_->daemon.rescan;
        if (rescan) last = now;
        co_await look_at_all_due(now, rescan);
        if (rescan) co_await remember();
        co_await rest_until(next_look(last + config_->daemon.rescan));
    }
    co_await remember();
}

// With the rescan, a few at a time, so that a rotation waits for one commit at most.
Awaitable<void> Supervisor::remember() {
    while (ports_.lookout.memory.write_some()) {
        next_step_ = ports_.lookout.clock.steady_now();
        co_await asio::post(executor_, asio::use_awaitable);
    }
}

Awaitable<void> Supervisor::rest_until(SteadyTime next) {
    Clock& clock = ports_.lookout.clock;
    next_step_ = std::max(next, clock.steady_now());
    co_await look_.wait_until(clock, next);
}

// One look at a time, with the loop's other work in between: ten thousand of them must not stall it.
Awaitable<void> Supervisor::look_at_all_due(SteadyTime now, bool rescan) {
    const Charges all = rescan ? roster_.all() : roster_.due(now);
    bool looked = false;
    met_ = MetLinks();
    for (const auto& charge : all) {
        // Meanwhile it may have been looked at, or hinted at.
        const auto due = charge->due();
        if (!rescan && (!due || *due > now)) continue;
        if (stopping_) break;
        if (charge->retired()) continue;
        look_at(charge, Persistence::until_settled, met_);
        looked = true;
        next_step_ = ports_.lookout.clock.steady_now();
        co_await asio::post(executor_, asio::use_awaitable);
    }
    if (looked) tell_listeners();
}

SteadyTime Supervisor::next_look(SteadyTime rescan) const {
    return std::min(rescan, roster_.next_due().value_or(rescan));
}

std::optional<MappingName> Supervisor::mapping_of(const TargetKey& target) const {
    const auto charge = roster_.following(target);
    return charge ? std::optional(charge->mapping().name) : std::nullopt;
}

Awaitable<void> Supervisor::wait_for_pursuits() {
    while (!in_flight_.empty()) co_await pursuit_ended_.wait();
}

Awaitable<Result<Snapshot>> Supervisor::snapshot(std::optional<MappingName> only) {
    if (!only) return snapshot_of(roster_.all(), ports_);
    const auto charge = find(*only);
    return snapshot_of(charge ? Charges{charge} : Charges(), ports_);
}

bool Supervisor::makes_progress(Duration tolerance) const {
    return !running_ || ports_.lookout.clock.steady_now() <= next_step_ + tolerance;
}

void Supervisor::hasten(const std::vector<MappingName>& mappings, bool anew, bool insisted) {
    MetLinks met;
    for (const MappingName& name : mappings) {
        const auto charge = find(name);
        if (!charge) continue;
        if (!charge->on_hold || insisted)
            for (Pursuit& pursuit : charge->pursuits) pursuit.hurry(anew);
        look_at(charge, Persistence::until_settled, met);
        if (charge->on_hold && insisted) pursue(charge, Persistence::once);
    }
}

// One after the other, and once more all of them: who came to rest early may be at it again.
Awaitable<std::vector<Verdict>> Supervisor::outcome(std::vector<MappingName> mappings, Duration patience) {
    Clock& clock = ports_.lookout.clock;
    const SteadyTime deadline = clock.steady_now() + patience;
    const auto goes_on = [&] { return !stopping_ && clock.steady_now() < deadline; };
    while (goes_on() && !all_at_rest(mappings))
        for (const MappingName& mapping : mappings)
            while (goes_on() && !at_rest(mapping)) co_await next_news(deadline);
    co_return verdicts(mappings);
}

void Supervisor::tell_listeners() {
    std::erase_if(listeners_, [](const auto& listener) { return listener.expired(); });
    for (const auto& listener : listeners_)
        if (const auto alive = listener.lock()) alive->notify();
}

std::shared_ptr<Wakeup> Supervisor::listen() {
    auto listener = std::make_shared<Wakeup>(executor_);
    listeners_.push_back(listener);
    return listener;
}

Awaitable<void> Supervisor::next_news(SteadyTime deadline) {
    const std::shared_ptr<Wakeup> listener = listen();
    co_await listener->wait_until(ports_.lookout.clock, deadline);
}

bool Supervisor::at_rest(const MappingName& mapping) const {
    const auto charge = find(mapping);
    return !charge || std::none_of(charge->pursuits.begin(), charge->pursuits.end(),
                                   [&](const Pursuit& pursuit) { return in_flight(pursuit.target().key); });
}

bool Supervisor::all_at_rest(const std::vector<MappingName>& mappings) const {
    return std::all_of(mappings.begin(), mappings.end(),
                       [&](const MappingName& name) { return at_rest(name); });
}

std::vector<Verdict> Supervisor::verdicts(const std::vector<MappingName>& mappings) {
    std::vector<Verdict> verdicts;
    for (const MappingName& name : mappings)
        if (const auto charge = find(name))
            for (const Pursuit& pursuit : charge->pursuits) verdicts.push_back(verdict(*charge, pursuit));
    return verdicts;
}

Verdict Supervisor::verdict(const Charge& charge, const Pursuit& pursuit) {
    Verdict verdict;
    verdict.mapping = charge.mapping().name;
    verdict.target = pursuit.target().key;
    verdict.head = head_of(verdict.target);
    verdict.failure = charge.lookout.trouble() ? charge.lookout.trouble() : pursuit.failure();
    const bool untold = !verdict.failure || verdict.failure->code() == Errc::interrupted;
    if (in_flight(verdict.target) && untold)
        verdict.failure = Error(Errc::under_way, "not over yet");
    else if (charge.on_hold && untold && pursuit.due())
        verdict.failure =
            Error(Errc::paused, fmt::format("on hold since {}, by a person", to_utc(*charge.on_hold)));
    return verdict;
}

CertificateId Supervisor::head_of(const TargetKey& target) {
    const auto head = ports_.journal.head(target, ports_.lookout.clock.now());
    return head ? head->id : CertificateId();
}

Awaitable<Verdict> Supervisor::do_by_hand(std::shared_ptr<Charge> charge, Pursuit& pursuit, Deed deed) {
    Verdict verdict;
    verdict.mapping = charge->mapping().name;
    verdict.target = pursuit.target().key;
    if (stopping_ || !in_flight_.insert(verdict.target).second) {
        verdict.failure =
            Error(Errc::declined,
                  "a rotation is under way: try again when it is over, or after `certferry pause` if it "
                  "only waits");
        co_return verdict;
    }
    const Result<void> done = co_await deed(pursuit.ports(), pursuit.target());
    if (!done) verdict.failure = done.error();
    verdict.head = head_of(verdict.target);
    pursuit.hurry(false);
    ended(charge, verdict.target);
    if (!charge->retired() && !charge->on_hold && pursuit.due())
        spawn(charge, pursuit, Persistence::until_settled);
    co_return verdict;
}

Result<void> Supervisor::hold(const MappingName& mapping) {
    const auto charge = find(mapping);
    const WallTime now = ports_.lookout.clock.now();
    if (auto written = ports_.journal.hold(mapping, now); !written || charge->on_hold) return written;
    charge->on_hold = now;
    for (Pursuit& pursuit : charge->pursuits) pursuit.rest();
    tell_listeners();
    return {};
}

Result<void> Supervisor::release(const MappingName& mapping) {
    const auto charge = find(mapping);
    if (auto written = ports_.journal.release(mapping); !written) return written;
    charge->on_hold.reset();
    if (charge->seen) pursue(charge, Persistence::until_settled);
    tell_listeners();
    return {};
}

}  // namespace certferry
