// SPDX-License-Identifier: MIT
#pragma once

#include "listener.hpp"

#include <set>
#include <string>
#include <variant>

namespace certferry::sandbox {

/// How much of a call comes true. `unbinding`: what was bound is unbound, and nothing takes its place.
enum class Extent { whole, first_listener, unbinding, nothing };

/// `new_id` takes the place of `old_id` wherever that is bound: as server certificate or as client CA, of
/// listeners and of their rules.
struct Replacement {
    CertificateId old_id;
    CertificateId new_id;
    // Of those that get `new_id` as server certificate. None: they ask for what they did before, or for
    // nothing any more.
    ClientCertificates clients = ClientCertificates::none;
    CertificateId ca_id;
    bool resets_mode = false;
    Extent extent = Extent::whole;
};

/// One listener, or its rule of `domain`, serves something else.
struct Edit {
    std::string load_balancer;
    std::string listener;
    std::string domain;
    Served served;
    Extent extent = Extent::whole;
};

/// A certificate goes, unless it is bound.
struct Removal {
    CertificateId id;
};

using Change = std::variant<std::monostate, Replacement, Edit, Removal>;

enum class TaskState { running, done, failed, in_use };

/// Work that a call started and that goes on behind its answer. What it changes comes true when it ends.
struct Task {
    std::string id;
    unsigned polls = 0;  // it runs at least until it was asked for so often
    WallTime until;      // and until then
    bool fails = false;  // it changes nothing
    Change change;
    std::set<std::string> load_balancers;  // that are at work meanwhile
    TaskState state = TaskState::running;
};

}  // namespace certferry::sandbox
