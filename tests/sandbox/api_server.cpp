// SPDX-License-Identifier: MIT
#include "api_server.hpp"

#include "pause.hpp"

#include <boost/json/serialize.hpp>

namespace certferry::sandbox {
namespace {

namespace json = boost::json;

constexpr std::string_view api2_path = "/v2/index.php";
constexpr std::string_view api3_path = "/";
constexpr std::size_t bytes_in_mib = std::size_t{1024} * 1024;

/// How often a held call looks whether it is released.
constexpr Duration glance{10};

Extent extent_of(const std::optional<Fault>& fault) {
    if (!fault) return Extent::whole;
    if (fault->kind == FaultKind::partial) return Extent::first_listener;
    if (fault->kind == FaultKind::unbind) return Extent::unbinding;
    if (fault->kind == FaultKind::success_without_effect) return Extent::nothing;
    return Extent::whole;
}

std::string gateway_page(unsigned status) {
    return "<html><head><title>" + std::to_string(status) +
           "</title></head><body><center><h1>Bad "
           "Gateway</h1></center><hr><center>nginx</center></body></html>";
}

HttpReply plain(const json::object& body) {
    HttpReply reply;
    reply.body = json::serialize(body);
    return reply;
}

void spoil(HttpReply& reply, const Fault& fault) {
    switch (fault.kind) {
        case FaultKind::reset_before:
        case FaultKind::reset_after:
            reply.delivery = Delivery::reset;
            return;
        case FaultKind::http_status:
            reply.status = fault.status;
            [[fallthrough]];
        case FaultKind::html:
            reply.content_type = "text/html";
            reply.body = gateway_page(fault.status);
            return;
        case FaultKind::malformed:
            reply.body.resize(reply.body.size() / 2);
            return;
        case FaultKind::huge:
            // Valid JSON, only far too much of it.
            reply.body.insert(0, fault.mib * bytes_in_mib, ' ');
            return;
        case FaultKind::slow:
            reply.delivery = Delivery::dripped;
            reply.drip = fault.delay;
            return;
        case FaultKind::latency:
        case FaultKind::hold:
        case FaultKind::error:
        case FaultKind::success_without_effect:
        case FaultKind::code_as_string:
        case FaultKind::partial:
        case FaultKind::unbind:
            return;
    }
}

HttpReply spoiled(const Api& api, json::object body, const Fault& fault) {
    if (fault.kind == FaultKind::error) body = api.failure(fault.code, fault.code_desc, fault.message);
    if (fault.kind == FaultKind::code_as_string) api.spell_code(body);
    HttpReply reply = plain(body);
    spoil(reply, fault);
    return reply;
}

}  // namespace

Awaitable<HttpReply> ApiServer::answer(HttpCall call) {
    Api* const api = find_api(call.path());
    if (api != nullptr) {
        HttpReply reply = co_await serve(*api, std::move(call));
        reply.date = world_.now();
        co_return reply;
    }
    HttpReply nothing_here;
    nothing_here.status = 404;
    nothing_here.content_type = "text/plain";
    nothing_here.body = "Nothing is here. API 2.0 is at /v2/index.php, API 3.0 at /.\n";
    co_return nothing_here;
}

Api* ApiServer::find_api(std::string_view path) {
    if (path == api2_path) return &api2_;
    return path == api3_path ? &api3_ : nullptr;
}

Awaitable<HttpReply> ApiServer::serve(Api& api, HttpCall call) {
    const std::unique_ptr<ApiCall> api_call = api.read(call);
    LoggedCall arrival;
    arrival.first_byte = call.first_byte;
    arrival.arrived = world_.now();
    arrival.action = api_call->action();
    arrival.parameters = api_call->shown();
    const std::uint64_t number = world_.calls.arrived(std::move(arrival));

    const Strike strike = world_.faults.strike(api_call->action());
    if (strike.latency > Duration::zero()) co_await pause(strike.latency);
    const json::object body = co_await carry_out(*api_call, strike);
    const std::string code = body.empty() ? "" : api.code_of(body);
    HttpReply reply = strike.fault ? spoiled(api, body, *strike.fault) : plain(body);
    world_.calls.answered(number, code, strike.fault ? std::string(to_text(strike.fault->kind)) : "");
    co_return reply;
}

Awaitable<json::object> ApiServer::carry_out(ApiCall& call, const Strike& strike) {
    const std::optional<Fault>& fault = strike.fault;
    const bool held = fault && fault->kind == FaultKind::hold;
    json::object body;
    world_.settle();
    if (!fault || fault->executed) body = call.execute(extent_of(fault));
    while (held && world_.faults.holds(strike)) co_await pause(glance);
    world_.settle();
    if (held && !fault->executed) body = call.execute(Extent::whole);
    co_return body;
}

}  // namespace certferry::sandbox
