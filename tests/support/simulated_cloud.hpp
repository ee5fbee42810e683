// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/cloud.hpp"

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace certferry::tests {

/// What a call to the simulated cloud does instead of succeeding.
enum class Fault {
    lost_before,      // the answer is lost, and nothing was done
    lost_after,       // the answer is lost, and it was done
    refused,          // an error that says nothing was done, or does not
    busy,             // a plain no, nothing done
    unreachable,      // no connection, nothing done
    late,             // the answer is lost; it is done when come_true() is called
    no_effect,        // yes, and nothing done
    first_only,       // yes, and only one binding moved
    drops_quietly,    // yes; the old id is unbound, the new one not bound
    resets_mode,      // yes, and mutual TLS is switched off where the binding moved
    unsupported,      // the API cannot do that at all
    first_then_busy,  // a no, when one binding has moved
    gone,             // what the call is about is not there
    drops_bindings,   // lost answer; the old id is unbound, the new one not bound
};

/// One account of the cloud, in memory: its own truth, which tests compare with what certferry believes.
class SimulatedCloud final : public Cloud {
public:
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
    bool crowded() const override { return is_crowded; }
    Awaitable<void> room() override { return wait_for_room(); }
    void set_urgency(WallTime served_until) override { urgency = served_until; }

    /// Called with each call's name before it is carried out, and with "name done" after: may throw, as a
    /// crash.
    std::function<void(const std::string& moment)> at = [](const std::string&) {};

    bool is_crowded = false;
    std::function<Awaitable<void>()> wait_for_room;  // while it is

    /// The faults of the next calls of that name, in order.
    std::map<std::string, std::deque<Fault>> faults;

    // The truth.
    std::map<CertificateId, Upload> certificates;
    std::map<Place, CertificateId> bound;
    std::vector<std::string> calls;                              // that change something, in order
    std::vector<std::pair<CertificateId, CertificateId>> moves;  // (old, new) of each effective replacement
    std::map<Place, Binding> modes;                              // of listeners that are not unidirectional
    std::set<CertificateId> muted;
    std::optional<WallTime> urgency;  // as it was set last
    bool unlisted = false;            // find() does not see what was uploaded
    bool tells_occupants = true;      // API 2.0 does not

    /// Carries out what a late call asked for.
    void come_true();

    CertificateId add(const std::string& id, const CertificateFacts& certificate);
    void bind(const std::string& load_balancer, const std::string& listener, const CertificateId& id);

private:
    Binding binding_at(const Place& place) const;
    std::optional<Fault> next_fault(const std::string& call);
    CertificateId store(const Upload& certificate);
    void move(const CertificateId& old_id, const CertificateId& new_id, std::size_t count);

    unsigned next_id_ = 1;
    std::function<void()> late_;
};

}  // namespace certferry::tests
