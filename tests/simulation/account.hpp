// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/cloud.hpp"
#include "rotate/target.hpp"
#include "simulation/property.hpp"
#include "simulation/story.hpp"
#include "simulation/timeline.hpp"
#include "simulation/weather.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace certferry::simulation {

/// What nobody knows of the real cloud without an account of it: each run assumes something else.
struct Manners {
    bool at_once = false;            // a replacement is done when it is answered
    bool yes_to_unbound = false;     // to replace an id that is bound nowhere succeeds
    bool tells_tasks = true;         // a replacement has a task to ask for
    bool tells_fingerprints = true;  // of certificates that somebody else uploaded
    Duration listed_after{};         // so long after its upload a certificate is found
    Duration served_after{};         // so long after it is bound a certificate is served
};

/// A certificate that one account stores.
struct Kept {
    Upload upload;
    bool by_certferry = false;
    SteadyTime since;
};

/// A place of one account, and what has become of it.
struct Seat {
    /// Which certificate it had since when; an empty id for none.
    struct Had {
        CertificateId id;
        SteadyTime since;
    };

    Binding binding;
    std::optional<TargetKey> owner;   // the target that it was set up for
    bool added = false;               // later, by somebody: the target has not heard of it
    std::vector<Had> bound;           // oldest first, never empty
    std::optional<SteadyTime> taken;  // somebody else has put a certificate of theirs here

    const CertificateId& id() const { return bound.back().id; }
    /// The last certificate that it had, with none in between passed over.
    CertificateId last_certificate() const;
    /// Whether it had that certificate at any time since `moment`.
    bool had(const CertificateId& id, SteadyTime since) const;
};

/// One account of the simulated cloud: its truth, which outlives every daemon. The methods are what happens
/// when a request arrives; a replacement unbinds before it binds, load balancer by load balancer, and takes
/// its time.
class Account {
public:
    struct Ports {
        Timeline& timeline;
        Weather& weather;
        Chance& chance;
        Story& story;
        std::function<void(const PlaceChange&)> changed;
    };

    Account(AccountName name, Manners manners, Ports ports)
        : name_(std::move(name)), manners_(manners), ports_(std::move(ports)) {}

    const AccountName& name() const { return name_; }

    // Requests.
    Result<std::optional<CertificateId>> find(const Upload& certificate) const;
    Result<CertificateId> upload(const Upload& certificate);
    Result<RequestId> replace(const ChangingCall& call);
    Result<RequestId> bind(const ChangingCall& call);
    Result<void> mute(const std::vector<CertificateId>& ids);
    Result<RequestId> remove(const CertificateId& id);
    Result<TaskReport> task(const RequestId& request) const;
    Result<std::map<CertificateId, BindingSet>> bindings(const std::vector<CertificateId>& ids) const;
    Result<BindingSet> bindings_beside(const CertificateId& id, const BindingSet& places) const;
    Result<std::map<Place, CertificateId>> occupants(const BindingSet& places) const;
    Result<CertificateFacts> describe(const CertificateId& id) const;

    // The truth, and what somebody else does to it.
    std::map<CertificateId, Kept> certificates;
    std::map<Place, Seat> seats;
    CertificateId add(const Upload& certificate, bool by_certferry);
    void put(const Place& place, const CertificateId& id, const ChangingCall* by);
    /// The certificate that a handshake with that place is shown.
    std::optional<CertificateFacts> served_at(const Place& place) const;

    // What weather keeps it from answering, until when.
    SteadyTime down_until;
    SteadyTime keys_refused_until;
    SteadyTime at_work_until;  // on something else, at all its load balancers

private:
    struct Task {
        SteadyTime ends;
        TaskState how = TaskState::finished;
    };
    using Places = std::vector<Place>;

    bool busy(const std::map<std::string, Places>& balancers) const;
    SteadyTime move(const std::map<std::string, Places>& balancers,
                    const std::shared_ptr<const ChangingCall>& call);
    void unbind(const Places& places, const ChangingCall& call);
    void bind_unbound(const Places& places, const ChangingCall& call);
    RequestId begin_task(SteadyTime ends);

    AccountName name_;
    Manners manners_;
    Ports ports_;
    std::map<std::string, SteadyTime> busy_until_;
    std::map<RequestId, Task> tasks_;
    unsigned ids_ = 0;
};

}  // namespace certferry::simulation
