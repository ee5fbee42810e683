// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"
#include "base/result.hpp"
#include "bundle/bundle.hpp"
#include "cloud/binding.hpp"
#include "config/model.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace certferry {

/// A certificate to be stored in the cloud.
struct Upload {
    Upload() = default;  // not an aggregate, see Awaitable

    std::string alias;  // the name it is given there, and found by afterwards
    std::string chain_pem;
    Secret key_pem;  // empty for a client CA
    config::Kind kind = config::Kind::server;
    CertificateFacts certificate;
};

/// What takes the old certificate's place: an id that the cloud knows, or the certificate itself.
using Replacement = std::variant<CertificateId, Upload>;

enum class TaskState { finished, failed, running, unknown };

constexpr std::string_view to_text(TaskState state) {
    constexpr std::array words = {"is finished", "has failed", "is still running", "is not known"};
    return words.at(static_cast<std::size_t>(state));
}

/// What the cloud says of a task that a call started.
struct TaskReport {
    TaskState state = TaskState::unknown;
    std::string message;
};

/// Port: a handle on one account of the cloud, for one target. Every method is one need of a rotation; each
/// may take several calls. Errors carry the API's own code, message and RequestId. Reads fail with any class
/// but ambiguous; upload() and replace() fail with `ambiguous` whenever the change may have happened.
class Cloud {
public:
    virtual ~Cloud() = default;

    /// The id under which the cloud already holds this certificate, if it does. Looks at alias, kind and
    /// certificate only: the contents may be missing, since a bundle may be gone from disk.
    virtual Awaitable<Result<std::optional<CertificateId>>> find(const Upload& certificate) = 0;

    /// Stores the certificate.
    virtual Awaitable<Result<CertificateId>> upload(const Upload& certificate) = 0;

    /// Puts `replacement` in the place of `old_id` wherever that is bound. `bindings` are those of the old id
    /// as they were read before: their TLS mode and client CA are to stay. The RequestId is empty where the
    /// API gives none. A yes is not yet a proof.
    virtual Awaitable<Result<RequestId>> replace(const CertificateId& old_id, const Replacement& replacement,
                                                 const BindingSet& bindings) = 0;

    /// Binds `id` at one place, with the TLS mode, client CA and further certificates that `binding` tells.
    /// Fails with `ambiguous` as replace() does. Errors: api_unsupported.
    virtual Awaitable<Result<RequestId>> bind(const Binding& binding, const CertificateId& id) = 0;

    /// The id of the certificate that each of these places has now where it had the binding's. Places that
    /// are gone or have none are left out, and so are all of them where the API cannot tell.
    virtual Awaitable<Result<std::map<Place, CertificateId>>> occupants(const BindingSet& places) = 0;

    /// How the task behind a replace() or bind() is doing.
    virtual Awaitable<Result<TaskReport>> task(const RequestId& request) = 0;

    /// Where each of `ids` is bound; an id that is bound nowhere has an empty set.
    virtual Awaitable<Result<std::map<CertificateId, BindingSet>>> bindings(
        const std::vector<CertificateId>& ids) = 0;

    /// The bindings of `id` on the load balancers that these places are on, and not those on others: what a
    /// proof needs, however many more the certificate serves.
    virtual Awaitable<Result<BindingSet>> bindings_beside(const CertificateId& id,
                                                          const BindingSet& places) = 0;

    /// What the cloud knows of a certificate. Errors: api_not_found when the account has no such id.
    virtual Awaitable<Result<CertificateFacts>> describe(const CertificateId& id) = 0;

    /// Ends the cloud's mails about the expiry of these certificates. Errors: api_unsupported.
    virtual Awaitable<Result<void>> mute(const std::vector<CertificateId>& ids) = 0;

    /// Deletes a certificate, unless the cloud itself finds it bound. The task that does it; empty where it
    /// is done already. Errors: api_unsupported, api_not_found, api_in_use.
    virtual Awaitable<Result<RequestId>> remove(const CertificateId& id) = 0;

    /// How the task behind a remove() is doing.
    virtual Awaitable<Result<TaskReport>> removal(const RequestId& task) = 0;

    /// Whether so many wait for the account already that one more would only hold its certificate. Calls may
    /// be made all the same.
    virtual bool crowded() const = 0;

    /// Waits as long as that is so.
    virtual Awaitable<void> room() = 0;

    /// From now on, the calls of this handle queue as those for a certificate that is served until then: what
    /// expires first goes first.
    virtual void set_urgency(WallTime served_until) = 0;
};

}  // namespace certferry
