// SPDX-License-Identifier: MIT
#pragma once

#include "base/ids.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "certificate.hpp"
#include "change.hpp"
#include "listener.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace certferry::sandbox {

/// Who brought a certificate: a call of the API, or the admin interface (a person at the console).
enum class Uploader { api, admin };

struct StoredCertificate {
    CertificateId id;
    std::string alias;
    CertificateType type = CertificateType::server;
    std::string chain_pem;
    Secret key_pem;
    CertificateSummary summary;
    Uploader uploader = Uploader::api;
    WallTime stored_at;
    bool muted = false;  // its expiry is not announced
};

/// A replacement that changed something.
struct Replaced {
    CertificateId old_id;
    CertificateId new_id;
    WallTime at;
    std::vector<std::string> listeners;
};

/// A certificate that was stored, remembered also after it was deleted.
struct Uploaded {
    CertificateId id;
    Fingerprint fingerprint;
    std::string alias;
    Uploader uploader = Uploader::api;
    WallTime at;
};

/// The truth of this cloud: certificates and where they are bound. A plain value, free of any API's form, so
/// that a call can be tried on a copy.
class Store {
public:
    /// Same seed, same ids.
    explicit Store(std::uint64_t seed) : chance_(seed) {}

    /// Stores it under a new id of 8 lower-case hex characters, which it returns.
    CertificateId add(StoredCertificate certificate);
    void remove(const CertificateId& id);
    /// Its expiry is announced no more, or again. It must exist.
    void mute(const CertificateId& id, bool muted);
    /// Valid until it is removed; null when there is none.
    const StoredCertificate* find(const CertificateId& id) const;
    /// The first with this leaf; null when there is none.
    const StoredCertificate* find(const Fingerprint& fingerprint, CertificateType type) const;
    const std::deque<StoredCertificate>& certificates() const { return certificates_; }

    void add_load_balancer(LoadBalancer load_balancer);
    const LoadBalancer* find_load_balancer(const std::string& id) const;
    const std::deque<LoadBalancer>& load_balancers() const { return load_balancers_; }

    /// Its load balancer must exist.
    void add_listener(Listener listener, WallTime now);
    const Listener* find_listener(const std::string& load_balancer, const std::string& id) const;
    const std::deque<Listener>& listeners() const { return listeners_; }
    bool bound_anywhere(const CertificateId& id) const;
    /// The load balancers that use a certificate.
    std::set<std::string> users_of(const CertificateId& id) const;

    /// Done unless it says otherwise. What an edit names must exist.
    TaskState apply(const Change& change, WallTime now);

    /// Ends at once when there is nothing to wait for. Its id must be new.
    void start(Task task, WallTime now);
    /// Brings all tasks to their end that are due.
    void settle(WallTime now);
    /// What someone who asks for a task is told; nothing when there is none.
    std::optional<TaskState> poll(const std::string& task_id);
    /// Whether a task is at work on one of these.
    bool busy(const std::set<std::string>& load_balancers) const;
    const std::deque<Task>& tasks() const { return tasks_; }
    /// A call was tried on that copy: the tasks that it started run here, without what they would change, and
    /// the ids that it drew are never drawn again.
    void note_try(const Store& copy);

    const std::vector<Replaced>& replacements() const { return replacements_; }
    const std::vector<Uploaded>& uploads() const { return uploads_; }

private:
    TaskState carry_out(std::monostate nothing, WallTime now);
    TaskState carry_out(const Replacement& replacement, WallTime now);
    TaskState carry_out(const Edit& edit, WallTime now);
    TaskState carry_out(const Removal& removal, WallTime now);
    bool replace_in(Listener& listener, const Replacement& replacement, WallTime now) const;
    void remember(Listener& listener, const std::string& domain, const Served& served, WallTime now) const;

    std::mt19937_64 chance_;
    std::deque<StoredCertificate> certificates_;
    std::deque<LoadBalancer> load_balancers_;
    std::deque<Listener> listeners_;
    std::deque<Task> tasks_;
    std::vector<Replaced> replacements_;
    std::vector<Uploaded> uploads_;
};

}  // namespace certferry::sandbox
