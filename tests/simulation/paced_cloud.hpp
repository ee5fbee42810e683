// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/cloud.hpp"
#include "cloud/pace.hpp"
#include "simulation/account.hpp"
#include "simulation/observed_journal.hpp"
#include "simulation/observers.hpp"
#include "support/simulated_loop.hpp"

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>

namespace certferry::simulation {

/// What one daemon has of an account: the real pace, and those who wait for their turn.
struct Desk {
    struct Waiting {
        std::string action;
        WallTime served_until;
        SteadyTime since;
    };

    Desk(Account& account_, const config::Account& config, tests::SimulatedLoop& loop)
        : account(account_),
          rate(config.requests_per_second),
          timeout(config.timeout.total),
          pace(loop.executor(), loop, config.requests_per_second) {}

    Account& account;
    double rate;
    Duration timeout;
    Pace pace;
    std::list<Waiting> waiting;
    unsigned under_way = 0;
};

/// What the handles of one daemon share.
struct CloudPorts {
    tests::SimulatedLoop& loop;
    Timeline& timeline;
    Weather& weather;
    Chance& chance;
    Story& story;
    ObservedJournal& journal;
    Observers& observers;
    const std::function<void()>& reload;
};

/// One target's handle on an account, as the daemon holds it: waits for its turn at the real pace, sends the
/// request on its way, and may not get an answer. A request that was sent arrives even when the daemon dies.
class PacedCloud final : public Cloud {
public:
    PacedCloud(std::shared_ptr<Desk> desk, CloudPorts ports) : desk_(std::move(desk)), ports_(ports) {}

    Awaitable<Result<std::optional<CertificateId>>> find(const Upload& certificate) override;
    Awaitable<Result<CertificateId>> upload(const Upload& certificate) override;
    Awaitable<Result<RequestId>> replace(const CertificateId& old_id, const Replacement& replacement,
                                         const BindingSet& bindings) override;
    Awaitable<Result<RequestId>> bind(const Binding& binding, const CertificateId& id) override;
    Awaitable<Result<std::map<Place, CertificateId>>> occupants(const BindingSet& places) override;
    Awaitable<Result<TaskReport>> task(const RequestId& request) override;
    Awaitable<Result<std::map<CertificateId, BindingSet>>> bindings(
        const std::vector<CertificateId>& ids) override;
    Awaitable<Result<BindingSet>> bindings_beside(const CertificateId& id, const BindingSet& places) override;
    Awaitable<Result<CertificateFacts>> describe(const CertificateId& id) override;
    Awaitable<Result<void>> mute(const std::vector<CertificateId>& ids) override;
    Awaitable<Result<RequestId>> remove(const CertificateId& id) override;
    Awaitable<Result<TaskReport>> removal(const RequestId& task) override;
    bool crowded() const override { return desk_->pace.crowded(served_until_); }
    Awaitable<void> room() override { return desk_->pace.room(served_until_); }
    void set_urgency(WallTime served_until) override;

private:
    template <class T>
    using Request = std::function<Result<T>(Account&)>;

    template <class T>
    Awaitable<Result<T>> read(std::string action, Request<T> request);
    template <class T>
    Awaitable<Result<T>> change(std::string action, ChangingCall call, Request<T> request);
    template <class T>
    Awaitable<Result<T>> deliver(std::string action, std::string story, Request<T> request);
    Awaitable<Result<Pace::Pass>> take_turn(const std::string& action);
    void note_exchange(const Desk::Waiting& turn);
    std::optional<Error> refused();
    void maybe_die(std::string_view action, std::string_view when);
    Awaitable<void> wait(Duration duration);
    ChangingCall call_of(CallKind kind) const;
    std::string_view who() const;

    std::shared_ptr<Desk> desk_;
    CloudPorts ports_;
    WallTime served_until_;
    std::optional<TargetKey> target_;
};

}  // namespace certferry::simulation
