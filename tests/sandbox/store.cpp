// SPDX-License-Identifier: MIT
#include "store.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry::sandbox {
namespace {

/// Unbinds the old id where it is the server's certificate, and binds the new one unless that is all.
bool replace_server_certificate(Served& served, const Replacement& replacement) {
    const bool leading = served.cert_id == replacement.old_id;
    const auto further = std::ranges::find(served.ext_ids, replacement.old_id);
    if (!leading && further == served.ext_ids.end()) return false;
    const bool unbinding = replacement.extent == Extent::unbinding;
    if (leading) served.cert_id = unbinding ? CertificateId() : replacement.new_id;
    if (further != served.ext_ids.end() && unbinding)
        served.ext_ids.erase(further);
    else if (further != served.ext_ids.end())
        *further = replacement.new_id;

    if (replacement.resets_mode || replacement.clients != ClientCertificates::none) {
        served.clients = replacement.clients;
        served.ca_id = replacement.ca_id;
    }
    return true;
}

bool replace_client_ca(Served& served, const Replacement& replacement) {
    if (served.ca_id != replacement.old_id) return false;
    served.ca_id = replacement.extent == Extent::unbinding ? CertificateId() : replacement.new_id;
    return true;
}

bool replace_in_served(Served& served, const Replacement& replacement) {
    return replace_server_certificate(served, replacement) || replace_client_ca(served, replacement);
}

bool due(const Task& task, WallTime now) {
    return task.state == TaskState::running && task.polls == 0 && task.until <= now;
}

}  // namespace

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

void Store::mute(const CertificateId& id, bool muted) {
    std::ranges::find(certificates_, id, &StoredCertificate::id)->muted = muted;
}

const StoredCertificate* Store::find(const CertificateId& id) const {
    const auto found = std::ranges::find(certificates_, id, &StoredCertificate::id);
    return found == certificates_.end() ? nullptr : &*found;
}

const StoredCertificate* Store::find(const Fingerprint& fingerprint, CertificateType type) const {
    const auto found = std::ranges::find_if(certificates_, [&](const StoredCertificate& stored) {
        return stored.type == type && stored.summary.fingerprint == fingerprint;
    });
    return found == certificates_.end() ? nullptr : &*found;
}

void Store::add_load_balancer(LoadBalancer load_balancer) {
    load_balancers_.push_back(std::move(load_balancer));
}

const LoadBalancer* Store::find_load_balancer(const std::string& id) const {
    const auto found = std::ranges::find(load_balancers_, id, &LoadBalancer::id);
    return found == load_balancers_.end() ? nullptr : &*found;
}

void Store::add_listener(Listener listener, WallTime now) {
    if (!listener.sni) remember(listener, "", listener.served, now);
    if (listener.sni)
        for (const Rule& rule : listener.rules) remember(listener, rule.domains.front(), rule.served, now);
    listeners_.push_back(std::move(listener));
}

const Listener* Store::find_listener(const std::string& load_balancer, const std::string& id) const {
    const auto found = std::ranges::find_if(listeners_, [&](const Listener& listener) {
        return listener.load_balancer == load_balancer && listener.id == id;
    });
    return found == listeners_.end() ? nullptr : &*found;
}

bool Store::bound_anywhere(const CertificateId& id) const {
    return !users_of(id).empty();
}

std::set<std::string> Store::users_of(const CertificateId& id) const {
    std::set<std::string> users;
    for (const Listener& listener : listeners_)
        if (listener.uses(id)) users.insert(listener.load_balancer);
    return users;
}

TaskState Store::apply(const Change& change, WallTime now) {
    return std::visit([&](const auto& change_itself) { return carry_out(change_itself, now); }, change);
}

void Store::start(Task task, WallTime now) {
    tasks_.push_back(std::move(task));
    settle(now);
}

void Store::settle(WallTime now) {
    for (Task& task : tasks_)
        if (due(task, now)) task.state = task.fails ? TaskState::failed : apply(task.change, now);
}

std::optional<TaskState> Store::poll(const std::string& task_id) {
    const auto found = std::ranges::find(tasks_, task_id, &Task::id);
    if (found == tasks_.end()) return std::nullopt;
    if (found->polls > 0) --found->polls;
    return found->state;
}

bool Store::busy(const std::set<std::string>& load_balancers) const {
    return std::ranges::any_of(tasks_, [&](const Task& task) {
        return task.state == TaskState::running &&
               std::ranges::any_of(task.load_balancers,
                                   [&](const std::string& name) { return load_balancers.contains(name); });
    });
}

void Store::note_try(const Store& copy) {
    chance_ = copy.chance_;
    for (std::size_t i = tasks_.size(); i < copy.tasks_.size(); ++i) {
        tasks_.push_back(copy.tasks_[i]);
        tasks_.back().change = std::monostate();
    }
}

TaskState Store::carry_out(std::monostate /*nothing*/, WallTime /*now*/) {
    return TaskState::done;
}

TaskState Store::carry_out(const Replacement& replacement, WallTime now) {
    if (replacement.old_id == replacement.new_id) return TaskState::done;
    Replaced replaced;
    replaced.old_id = replacement.old_id;
    replaced.new_id = replacement.new_id;
    replaced.at = now;
    for (Listener& listener : listeners_) {
        if (!replace_in(listener, replacement, now)) continue;
        replaced.listeners.push_back(listener.id);
        if (replacement.extent == Extent::first_listener) break;
    }
    const bool replaced_any = replacement.extent != Extent::unbinding && !replaced.listeners.empty();
    if (replaced_any) replacements_.push_back(std::move(replaced));
    return TaskState::done;
}

bool Store::replace_in(Listener& listener, const Replacement& replacement, WallTime now) const {
    bool changed = false;
    if (replace_in_served(listener.served, replacement)) {
        remember(listener, "", listener.served, now);
        changed = true;
    }
    for (Rule& rule : listener.rules) {
        if (!replace_in_served(rule.served, replacement)) continue;
        remember(listener, rule.domains.front(), rule.served, now);
        changed = true;
    }
    return changed;
}

TaskState Store::carry_out(const Edit& edit, WallTime now) {
    const Served served = edit.extent == Extent::unbinding ? Served() : edit.served;
    for (Listener& listener : listeners_) {
        if (listener.load_balancer != edit.load_balancer || listener.id != edit.listener) continue;
        if (edit.domain.empty()) listener.served = served;
        for (Rule& rule : listener.rules)
            if (rule.has(edit.domain)) rule.served = served;
        remember(listener, edit.domain, served, now);
    }
    return TaskState::done;
}

TaskState Store::carry_out(const Removal& removal, WallTime /*now*/) {
    if (bound_anywhere(removal.id)) return TaskState::in_use;
    remove(removal.id);
    return TaskState::done;
}

void Store::remember(Listener& listener, const std::string& domain, const Served& served,
                     WallTime now) const {
    const StoredCertificate* const bound = find(served.cert_id);
    listener.history.push_back({now, domain, served.cert_id,
                                bound != nullptr ? bound->summary.fingerprint : Fingerprint(), served.ext_ids,
                                served.ca_id});
}

}  // namespace certferry::sandbox
