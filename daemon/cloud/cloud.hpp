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

/// Port: one account of the cloud. Every method is one need of a rotation; each may take several calls.
/// Errors carry the API's own code, message and RequestId. Reads fail with any class but ambiguous; upload()
/// and replace() fail with `ambiguous` whenever the change may have happened.
class Cloud {
public:
    virtual ~Cloud() = default;

    /// The id under which the cloud already holds this certificate, if it does. Looks at alias, kind and
    /// certificate only: the contents may be missing, since a bundle may be gone from disk.
    virtual Awaitable<Result<std::optional<CertificateId>>> find(const Upload& certificate) = 0;

    /// Stores the certificate.
    virtual Awaitable<Result<CertificateId>> upload(const Upload& certificate) = 0;

    /// Puts `replacement` in the place of `old_id` wherever that is bound. The RequestId is empty where the
    /// API gives none. A yes is not yet a proof.
    virtual Awaitable<Result<RequestId>> replace(const CertificateId& old_id,
                                                 const Replacement& replacement) = 0;

    /// How the task behind a call is doing.
    virtual Awaitable<Result<TaskReport>> task(const RequestId& request) = 0;

    /// Where each of `ids` is bound; an id that is bound nowhere has an empty set.
    virtual Awaitable<Result<std::map<CertificateId, BindingSet>>> bindings(
        const std::vector<CertificateId>& ids) = 0;

    /// What the cloud knows of a certificate. Errors: api_not_found when the account has no such id.
    virtual Awaitable<Result<CertificateFacts>> describe(const CertificateId& id) = 0;
};

}  // namespace certferry
