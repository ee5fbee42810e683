// SPDX-License-Identifier: MIT
#include "store.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry::sandbox {

CertificateId Store::add(StoredCertificate certificate) {
    do {
        certificate.id = CertificateId(fmt::format("{:08x}", chance_() & 0xffffffffU));
    } while (find(certificate.id) != nullptr);
    uploads_.push_back({certificate.id, certificate.summary.fingerprint, certificate.alias,
                        certificate.uploader, certificate.stored_at});
    certificates_.push_back(std::move(certificate));
    return certificates_.back().id;
}

void Store::remove(const CertificateId& id) {
    std::erase_if(certificates_, [&](const StoredCertificate& stored) { return stored.id == id; });
}

const StoredCertificate* Store::find(const CertificateId& id) const {
    const auto found = std::ranges::find(certificates_, id, &StoredCertificate::id);
    return found == certificates_.end() ? nullptr : &*found;
}

void Store::add_listener(Listener listener, WallTime now) {
    remember_binding(listener, now);
    listeners_.push_back(std::move(listener));
}

const Listener* Store::find_listener(const std::string& load_balancer, const std::string& id) const {
    const auto found = std::ranges::find_if(listeners_, [&](const Listener& listener) {
        return listener.load_balancer == load_balancer && listener.id == id;
    });
    return found == listeners_.end() ? nullptr : &*found;
}

void Store::bind(const std::string& load_balancer, const std::string& id, const CertificateId& cert_id,
                 const CertificateId& ca_id, WallTime now) {
    for (Listener& listener : listeners_) {
        if (listener.load_balancer != load_balancer || listener.id != id) continue;
        listener.cert_id = cert_id;
        listener.ca_id = ca_id;
        remember_binding(listener, now);
    }
}

bool Store::bound_anywhere(const CertificateId& id) const {
    return std::ranges::any_of(
        listeners_, [&](const Listener& listener) { return listener.cert_id == id || listener.ca_id == id; });
}

void Store::replace(const CertificateId& old_id, const CertificateId& new_id, Extent extent, WallTime now) {
    if (old_id == new_id) return;
    Replaced replaced;
    replaced.old_id = old_id;
    replaced.new_id = new_id;
    replaced.at = now;
    for (Listener& listener : listeners_) {
        if (listener.cert_id != old_id && listener.ca_id != old_id) continue;
        if (listener.cert_id == old_id) listener.cert_id = new_id;
        if (listener.ca_id == old_id) listener.ca_id = new_id;
        remember_binding(listener, now);
        replaced.listeners.push_back(listener.id);
        if (extent == Extent::first_listener) break;
    }
    if (!replaced.listeners.empty()) replacements_.push_back(std::move(replaced));
}

std::int64_t Store::start_task(Task task) {
    const auto id = static_cast<std::int64_t>(tasks_.size()) + 1;
    tasks_.emplace(id, task);
    return id;
}

Task* Store::find_task(std::int64_t id) {
    const auto found = tasks_.find(id);
    return found == tasks_.end() ? nullptr : &found->second;
}

void Store::remember_binding(Listener& listener, WallTime now) const {
    const StoredCertificate* const bound = find(listener.cert_id);
    listener.history.push_back({now, listener.cert_id,
                                bound != nullptr ? bound->summary.fingerprint : Fingerprint(),
                                listener.ca_id});
}

}  // namespace certferry::sandbox
