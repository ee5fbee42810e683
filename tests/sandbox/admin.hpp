// SPDX-License-Identifier: MIT
#pragma once

#include "fields.hpp"
#include "http.hpp"
#include "tls_listeners.hpp"
#include "world.hpp"

#include <string>

namespace certferry::sandbox {

/// What a test or a demonstration does to the sandbox from outside, as JSON over plain HTTP:
///   POST /certificates {pem, key, type, alias}      -> {"id"}
///   POST /listeners    {load_balancer, region, classic, listener, protocol, port, sni, rules, and without
///   sni
///                      cert_id, ext_ids, ssl_mode, ssl_verify_client, ca_id} -> {"port"}
///                      rules are [{domains, and with sni cert_id, ...}]
///   POST /bindings     {load_balancer, listener, domain, cert_id, ext_ids, ca_id}  an edit at the console
///   POST /credentials  {secret_id, secret_key, enabled, token, ttl_s}
///   POST /roles        {machine, ttl_s, web_identity}    who gets temporary keys, that live so long at most
///   POST /clock        {offset_s}                   the server's clock, ahead of the real one
///   POST /behaviour    {strict_pem, refuse_unbound_old, replace_resets_mode, request_ids, task_polls,
///                      task_delay_ms, task_fails, unknown_tasks, busy_while_running,
///                      requests_per_second}
///   POST /faults       {kind, action, times, after, executed, ms, status, code, code_desc, message, mib}
///                      code is a number of API 2.0 or a word of API 3.0
///   GET /faults, DELETE /faults
///   GET /state         the whole truth
///   GET /requests      the last calls of the API; first_byte_us is of the monotonic clock
class Admin {
public:
    Admin(World& world, TlsListeners& listeners) : world_(world), listeners_(listeners) {}

    HttpReply answer(const HttpCall& call);

private:
    HttpReply add_certificate(Fields& fields);
    HttpReply add_listener(Fields& fields);
    HttpReply bind(Fields& fields);
    HttpReply set_credentials(Fields& fields);
    HttpReply set_roles(Fields& fields);
    HttpReply set_clock(Fields& fields);
    HttpReply set_behaviour(Fields& fields);
    HttpReply add_fault(Fields& fields);
    HttpReply show_faults(Fields& fields);
    HttpReply clear_faults(Fields& fields);
    HttpReply show_state(Fields& fields);
    HttpReply show_requests(Fields& fields);

    struct Route;

    World& world_;
    TlsListeners& listeners_;
};

}  // namespace certferry::sandbox
