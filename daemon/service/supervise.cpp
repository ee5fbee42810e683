// SPDX-License-Identifier: MIT
#include "service/supervise.hpp"

#include "base/exit_codes.hpp"
#include "base/expect_no_exception.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace certferry {
namespace {

namespace asio = boost::asio;

constexpr Duration cleanup_interval_min = std::chrono::seconds(1);
constexpr Duration cleanup_interval_max = std::chrono::hours(1);

Target target_of(const config::Config& config, const config::Mapping& mapping,
                 const config::Target& configured) {
    Target target;
    target.key = {configured.account, configured.old_cert_id};
    target.mapping = mapping.name;
    target.kind = mapping.kind;
    target.deliver = mapping.deliver;
    target.gate = mapping.gate;
    target.verify = mapping.verify;
    target.retry = mapping.retry;
    target.give_up = mapping.give_up;
    target.cleanup_after = mapping.cleanup_after;
    target.answer_timeout = config.accounts.at(configured.account).timeout.total;
    return target;
}

// What is served for the shortest time comes first.
std::vector<Pursuit*> by_urgency(std::deque<Pursuit>& pursuits) {
    std::vector<std::pair<WallTime, Pursuit*>> order;
    for (Pursuit& pursuit : pursuits) order.emplace_back(pursuit.served_until(), &pursuit);
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& one, const auto& other) { return one.first < other.first; });
    std::vector<Pursuit*> sorted;
    for (const auto& [until, pursuit] : order) sorted.push_back(pursuit);
    return sorted;
}

}  // namespace

Supervisor::Supervisor(const asio::any_io_executor& executor, const config::Config& config,
                       SupervisorPorts ports, const std::map<MappingName, Trust>& trust)
    : executor_(executor),
      config_(config),
      ports_(std::move(ports)),
      upload_turns_(executor),
      look_(executor),
      pursuit_ended_(executor),
      clean_up_(executor) {
    for (const config::Mapping& mapping : config.mappings) {
        Charge& charge = charges_.emplace_back(
            Charge{Lookout(charges_.size(), mapping, config.daemon.settle), {}, std::deque<Pursuit>()});
        for (const config::Target& configured : mapping.targets) {
            const auto& cloud = charge.clouds.emplace_back(ports_.cloud(configured.account));
            const RotationPorts rotation_ports(*cloud, ports_.journal, ports_.prober, ports_.lookout.clock,
                                               ports_.lookout.log, upload_turns_, stopping_);
            charge.pursuits.emplace_back(target_of(config, mapping, configured), rotation_ports,
                                         ports_.random, trust.at(mapping.name), executor);
        }
    }
}

Awaitable<void> Supervisor::run() {
    asio::co_spawn(executor_, listen_for_hints(), expect_no_exception);
    if (cleans_up()) asio::co_spawn(executor_, clean_up_when_due(), expect_no_exception);
    co_await look_when_due();
    co_await wait_for_pursuits();
}

Awaitable<int> Supervisor::run_once() {
    for (Charge& charge : charges_) {
        look_at(charge, Persistence::once);
        if (charge.lookout.trouble()) charge.lookout.report_trouble(ports_.lookout.log);
    }
    co_await wait_for_pursuits();
    co_return exit_code_of(verdicts());
}

void Supervisor::stop() {
    stopping_ = true;
    look_.notify();
    for (Charge& charge : charges_)
        for (Pursuit& pursuit : charge.pursuits) pursuit.interrupt();
}

void Supervisor::look_at(Charge& charge, Persistence persistence) {
    const std::shared_ptr<const Bundle> bundle = charge.lookout.look(ports_.lookout);
    if (!bundle) return;
    for (Pursuit* pursuit : by_urgency(charge.pursuits))
        if (pursuit->want(bundle)) spawn(*pursuit, persistence);
}

void Supervisor::spawn(Pursuit& pursuit, Persistence persistence) {
    ++pursuing_;
    asio::co_spawn(executor_, pursuit.run(persistence), [this](const std::exception_ptr& thrown) {
        expect_no_exception(thrown);
        --pursuing_;
        pursuit_ended_.notify();
        clean_up_.notify();
    });
}

// Lives as long as the loop does; hints after stop() are harmless.
Awaitable<void> Supervisor::listen_for_hints() {
    for (;;) {
        const std::set<LineageIndex> hinted = co_await ports_.lookout.watch.next();
        for (const LineageIndex index : hinted)
            charges_.at(index).lookout.hint(ports_.lookout.clock.steady_now());
        look_.notify();
    }
}

// Hints say where to look first; the rescan is the truth, whatever events said.
Awaitable<void> Supervisor::look_when_due() {
    Clock& clock = ports_.lookout.clock;
    SteadyTime rescan = clock.steady_now();
    while (!stopping_) {
        const SteadyTime now = clock.steady_now();
        const bool rescan_now = now >= rescan;
        if (rescan_now) rescan = now + config_.daemon.rescan;
        co_await look_at_all_due(now, rescan_now);
        co_await look_.wait_until(clock, next_look(rescan));
    }
}

// One look at a time, with the loop's other work in between: ten thousand of them must not stall it.
Awaitable<void> Supervisor::look_at_all_due(SteadyTime now, bool rescan) {
    for (Charge& charge : charges_) {
        const auto due = charge.lookout.due();
        if (!rescan && (!due || *due > now)) continue;
        if (stopping_) break;
        look_at(charge, Persistence::until_settled);
        co_await asio::post(executor_, asio::use_awaitable);
    }
}

SteadyTime Supervisor::next_look(SteadyTime rescan) const {
    SteadyTime next = rescan;
    for (const Charge& charge : charges_)
        if (const auto due = charge.lookout.due()) next = std::min(next, *due);
    return next;
}

Awaitable<void> Supervisor::wait_for_pursuits() {
    while (pursuing_ > 0) co_await pursuit_ended_.wait();
}

bool Supervisor::cleans_up() const {
    return std::any_of(config_.mappings.begin(), config_.mappings.end(),
                       [](const config::Mapping& mapping) { return mapping.cleanup_after.has_value(); });
}

// Like hints, it is cut off when the daemon stops: what was begun is seen to again.
Awaitable<void> Supervisor::clean_up_when_due() {
    Clock& clock = ports_.lookout.clock;
    while (!stopping_) {
        const WallTime next = co_await clean_up_all();
        const Duration wait = std::max(next - clock.now(), cleanup_interval_min);
        co_await clean_up_.wait_until(clock, clock.steady_now() + wait);
    }
}

// When to come again.
Awaitable<WallTime> Supervisor::clean_up_all() {
    WallTime next = ports_.lookout.clock.now() + cleanup_interval_max;
    for (Charge& charge : charges_) {
        for (Pursuit& pursuit : charge.pursuits) {
            const Result<std::optional<WallTime>> cleaned = co_await pursuit.clean_up();
            if (cleaned && *cleaned) next = std::min(next, **cleaned);
        }
    }
    co_return next;
}

std::vector<std::optional<Error>> Supervisor::verdicts() const {
    std::vector<std::optional<Error>> verdicts;
    for (const Charge& charge : charges_)
        for (const Pursuit& pursuit : charge.pursuits)
            verdicts.push_back(charge.lookout.trouble() ? charge.lookout.trouble() : pursuit.failure());
    return verdicts;
}

int exit_code_of(const std::vector<std::optional<Error>>& verdicts) {
    int code = 0;
    bool any_deployed = false;
    for (const std::optional<Error>& verdict : verdicts) {
        if (!verdict) {
            any_deployed = true;
            continue;
        }
        const int own = traits(verdict->code()).exit_code;
        code = code == 0 || code == own ? own : exit_failure;
    }
    return code != 0 && any_deployed ? exit_partly_failed : code;
}

}  // namespace certferry
