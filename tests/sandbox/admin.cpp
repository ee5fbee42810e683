// SPDX-License-Identifier: MIT
#include "admin.hpp"

#include "listener_fields.hpp"
#include "state_json.hpp"

#include <algorithm>
#include <array>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace certferry::sandbox {
namespace {

namespace json = boost::json;

HttpReply respond(unsigned status, const json::value& body) {
    HttpReply reply;
    reply.status = status;
    reply.body = json::serialize(body) + "\n";
    return reply;
}

HttpReply done() {
    return respond(200, json::object());
}

HttpReply refused(unsigned status, const std::string& sentence) {
    return respond(status, json::object{{"error", sentence}});
}

/// Fields that only say something for some kinds of faults.
void refuse_idle_field(Fields& fields, const char* name, bool used) {
    if (fields.has(name) && !used)
        fields.complain(fmt::format("{} says nothing for this kind of fault", name));
}

bool may_execute_or_not(FaultKind kind) {
    constexpr std::array kinds = {FaultKind::hold,      FaultKind::http_status, FaultKind::error,
                                  FaultKind::malformed, FaultKind::html,        FaultKind::huge};
    return std::ranges::find(kinds, kind) != kinds.end();
}

Fault read_fault(Fields& fields) {
    constexpr std::int64_t many = 1'000'000;
    Fault fault;
    const auto kind = parse_fault_kind(fields.text("kind"));
    if (!kind) fields.complain("no such kind of fault; there are " + fault_kinds());
    fault.kind = kind.value_or(fault.kind);
    fault.action = fields.text("action", "*");
    fault.after = static_cast<unsigned>(fields.number("after", 0, many, 0));
    fault.times = static_cast<unsigned>(fields.number("times", 1, many, 1));
    fault.executed = fields.flag("executed", executes_by_default(fault.kind));
    fault.delay = Duration(fields.number("ms", 0, many, fault.kind == FaultKind::slow ? 20 : 1000));
    fault.status = static_cast<unsigned>(fields.number("status", 300, 599, fault.status));
    if (fields.has_text("code") && !fields.has("code_desc"))
        fault.code_desc = fields.text("code");
    else
        fault.code = static_cast<int>(fields.number("code", 1, many, fault.code));
    fault.code_desc = fields.text("code_desc", fault.code_desc);
    fault.message = fields.text("message", fault.message);
    fault.mib = static_cast<unsigned>(fields.number("mib", 1, 256, fault.mib));

    refuse_idle_field(fields, "executed", may_execute_or_not(fault.kind));
    refuse_idle_field(fields, "ms", fault.kind == FaultKind::latency || fault.kind == FaultKind::slow);
    refuse_idle_field(fields, "status", fault.kind == FaultKind::http_status);
    for (const char* const name : {"code", "code_desc", "message"})
        refuse_idle_field(fields, name, fault.kind == FaultKind::error);
    refuse_idle_field(fields, "mib", fault.kind == FaultKind::huge);
    return fault;
}

}  // namespace

struct Admin::Route {
    std::string_view method;
    std::string_view path;
    HttpReply (Admin::*handler)(Fields&);
};

HttpReply Admin::answer(const HttpCall& call) {
    static constexpr std::array routes = {
        Route{"POST", "/certificates", &Admin::add_certificate},
        Route{"POST", "/listeners", &Admin::add_listener},
        Route{"POST", "/bindings", &Admin::bind},
        Route{"POST", "/credentials", &Admin::set_credentials},
        Route{"POST", "/roles", &Admin::set_roles},
        Route{"POST", "/clock", &Admin::set_clock},
        Route{"POST", "/behaviour", &Admin::set_behaviour},
        Route{"POST", "/faults", &Admin::add_fault},
        Route{"GET", "/faults", &Admin::show_faults},
        Route{"DELETE", "/faults", &Admin::clear_faults},
        Route{"GET", "/state", &Admin::show_state},
        Route{"GET", "/requests", &Admin::show_requests},
    };
    bool path_known = false;
    for (const Route& route : routes) {
        if (route.path != call.path()) continue;
        path_known = true;
        if (route.method != call.method) continue;
        world_.settle();
        Fields fields(call.method == "POST" ? call.body.reveal() : "{}");
        return (this->*route.handler)(fields);
    }
    if (path_known) return refused(405, fmt::format("{} is not for {}", call.path(), call.method));
    return refused(404, fmt::format("there is no {}", call.path()));
}

HttpReply Admin::add_certificate(Fields& fields) {
    StoredCertificate certificate;
    certificate.chain_pem = fields.text("pem");
    certificate.key_pem = Secret(fields.text("key", ""));
    const auto type = parse_certificate_type(fields.text("type", "SVR"));
    if (!type) fields.complain("type is SVR or CA");
    certificate.type = type.value_or(CertificateType::server);
    certificate.alias = fields.text("alias", "");
    if (const auto complaint = fields.complaint()) return refused(400, *complaint);

    const Result<CertificateSummary> judged =
        judge_certificate(certificate.type, certificate.chain_pem, certificate.key_pem, PemForm::any);
    if (!judged) return refused(400, judged.error().message());
    certificate.summary = *judged;
    certificate.uploader = Uploader::admin;
    certificate.stored_at = world_.now();
    return respond(200, json::object{{"id", world_.store.add(std::move(certificate)).str()}});
}

HttpReply Admin::add_listener(Fields& fields) {
    NewListener read = read_listener(fields, world_.store);
    if (const auto complaint = fields.complaint()) return refused(400, *complaint);

    Listener& listener = read.listener;
    const Result<std::uint16_t> opened = listeners_.open(listener.load_balancer, listener.id, listener.port);
    if (!opened) return refused(409, opened.error().message());
    listener.port = *opened;
    if (world_.store.find_load_balancer(read.load_balancer.id) == nullptr)
        world_.store.add_load_balancer(std::move(read.load_balancer));
    world_.store.add_listener(std::move(listener), world_.now());
    return respond(200, json::object{{"port", *opened}});
}

HttpReply Admin::bind(Fields& fields) {
    const Edit edit = read_binding(fields, world_.store);
    if (const auto complaint = fields.complaint()) return refused(400, *complaint);
    world_.store.apply(edit, world_.now());
    return done();
}

HttpReply Admin::set_credentials(Fields& fields) {
    const std::string secret_id = fields.text("secret_id");
    const bool enabled = fields.flag("enabled", true);
    Key key;
    key.secret_key = Secret(enabled ? fields.text("secret_key") : fields.text("secret_key", ""));
    key.token = Secret(fields.text("token", ""));
    if (fields.has("ttl_s"))
        key.expires = world_.now() + std::chrono::seconds(fields.number("ttl_s", 0, 1'000'000'000));
    if (const auto complaint = fields.complaint()) return refused(400, *complaint);
    if (enabled)
        world_.keys.set(secret_id, std::move(key));
    else
        world_.keys.disable(secret_id);
    return done();
}

HttpReply Admin::set_roles(Fields& fields) {
    Roles roles = world_.roles;
    roles.machine = fields.text("machine", roles.machine);
    roles.longest = std::chrono::seconds(fields.number("ttl_s", 1, 43200, roles.longest.count()));
    roles.web_identity = fields.text("web_identity", roles.web_identity);
    if (const auto complaint = fields.complaint()) return refused(400, *complaint);
    world_.roles = roles;
    return done();
}

HttpReply Admin::set_clock(Fields& fields) {
    constexpr std::int64_t ten_years = std::int64_t{10} * 365 * 24 * 60 * 60;
    const std::chrono::seconds offset(fields.number("offset_s", -ten_years, ten_years));
    if (const auto complaint = fields.complaint()) return refused(400, *complaint);
    world_.clock_offset = offset;
    return done();
}

HttpReply Admin::set_behaviour(Fields& fields) {
    Behaviour behaviour = world_.behaviour;
    behaviour.strict_pem = fields.flag("strict_pem", behaviour.strict_pem);
    behaviour.refuse_unbound_old = fields.flag("refuse_unbound_old", behaviour.refuse_unbound_old);
    behaviour.replace_resets_mode = fields.flag("replace_resets_mode", behaviour.replace_resets_mode);
    behaviour.request_ids = fields.flag("request_ids", behaviour.request_ids);
    behaviour.task_polls =
        static_cast<unsigned>(fields.number("task_polls", 0, 1'000'000, behaviour.task_polls));
    behaviour.task_delay =
        Duration(fields.number("task_delay_ms", 0, 1'000'000, behaviour.task_delay.count()));
    behaviour.task_fails = fields.flag("task_fails", behaviour.task_fails);
    behaviour.unknown_tasks = fields.flag("unknown_tasks", behaviour.unknown_tasks);
    behaviour.busy_while_running = fields.flag("busy_while_running", behaviour.busy_while_running);
    behaviour.requests_per_second = static_cast<unsigned>(
        fields.number("requests_per_second", 0, 1'000'000, behaviour.requests_per_second));
    if (const auto complaint = fields.complaint()) return refused(400, *complaint);
    world_.behaviour = behaviour;
    return done();
}

HttpReply Admin::add_fault(Fields& fields) {
    Fault fault = read_fault(fields);
    if (const auto complaint = fields.complaint()) return refused(400, *complaint);
    world_.faults.add(std::move(fault));
    return done();
}

HttpReply Admin::show_faults(Fields& /*fields*/) {
    return respond(200, json::object{{"faults", faults_json(world_.faults)}});
}

HttpReply Admin::clear_faults(Fields& /*fields*/) {
    world_.faults.clear();
    return done();
}

HttpReply Admin::show_state(Fields& /*fields*/) {
    return respond(200, state_json(world_));
}

HttpReply Admin::show_requests(Fields& /*fields*/) {
    return respond(200, json::object{{"requests", requests_json(world_.calls)}});
}

}  // namespace certferry::sandbox
