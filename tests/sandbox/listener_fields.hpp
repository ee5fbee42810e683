// SPDX-License-Identifier: MIT
#pragma once

#include "fields.hpp"
#include "store.hpp"

namespace certferry::sandbox {

/// What the admin interface is told of a load balancer and its new listener. What is wrong with it is among
/// the complaints of `fields`.
struct NewListener {
    LoadBalancer load_balancer;
    Listener listener;
};

NewListener read_listener(Fields& fields, const Store& store);

/// {load_balancer, listener, domain, cert_id, ca_id, ext_ids}: what is not said stays as it is.
Edit read_binding(Fields& fields, const Store& store);

}  // namespace certferry::sandbox
