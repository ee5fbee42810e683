// SPDX-License-Identifier: MIT
#pragma once

#include "base/ids.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "certificate.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <random>
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
};

/// What a listener had bound from `at` on.
struct Bound {
    WallTime at;
    CertificateId cert_id;
    Fingerprint fingerprint;
    CertificateId ca_id;
};

struct Listener {
    std::string load_balancer;
    std::string id;
    std::string region;
    bool mutual = false;
    CertificateId cert_id;  // empty: nothing bound
    CertificateId ca_id;    // of mutual TLS
    std::uint16_t port = 0;
    std::vector<Bound> history;
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

/// A task that a call started: it says `running` for some polls, then how it ended.
struct Task {
    unsigned polls_running = 0;
    bool fails = false;
};

/// How much of a call comes true.
enum class Extent { whole, first_listener, nothing };

/// The truth of this cloud: certificates and where they are bound. A plain value, free of any API's form, so
/// that a call can be tried on a copy.
class Store {
public:
    /// Same seed, same ids.
    explicit Store(std::uint64_t seed) : chance_(seed) {}

    /// Stores it under a new id of 8 lower-case hex characters, which it returns.
    CertificateId add(StoredCertificate certificate);
    void remove(const CertificateId& id);
    /// Valid until it is removed; null when there is none.
    const StoredCertificate* find(const CertificateId& id) const;
    const std::deque<StoredCertificate>& certificates() const { return certificates_; }

    void add_listener(Listener listener, WallTime now);
    const Listener* find_listener(const std::string& load_balancer, const std::string& id) const;
    const std::deque<Listener>& listeners() const { return listeners_; }
    /// What a person does at the console. The listener must exist.
    void bind(const std::string& load_balancer, const std::string& id, const CertificateId& cert_id,
              const CertificateId& ca_id, WallTime now);
    bool bound_anywhere(const CertificateId& id) const;

    /// Puts `new_id` in the place of `old_id` wherever that is bound, as server certificate or as client CA.
    void replace(const CertificateId& old_id, const CertificateId& new_id, Extent extent, WallTime now);

    std::int64_t start_task(Task task);
    /// Null when there is none.
    Task* find_task(std::int64_t id);

    const std::vector<Replaced>& replacements() const { return replacements_; }
    const std::vector<Uploaded>& uploads() const { return uploads_; }

private:
    void remember_binding(Listener& listener, WallTime now) const;

    std::mt19937_64 chance_;
    std::deque<StoredCertificate> certificates_;
    std::deque<Listener> listeners_;
    std::map<std::int64_t, Task> tasks_;
    std::vector<Replaced> replacements_;
    std::vector<Uploaded> uploads_;
};

}  // namespace certferry::sandbox
