// SPDX-License-Identifier: MIT
#include "api2.hpp"

#include "api2_actions.hpp"
#include "form.hpp"

#include <algorithm>
#include <array>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace certferry::sandbox {
namespace {

namespace json = boost::json;

enum class Service { lb, wss };

struct ActionRow {
    std::string_view name;
    Service service;
    Api2Action action;
};

constexpr std::array actions = {
    ActionRow{"CertUpload", Service::wss, cert_upload},
    ActionRow{"CertGetList", Service::wss, cert_get_list},
    ActionRow{"CertDelete", Service::wss, cert_delete},
    ActionRow{"ReplaceCert", Service::lb, replace_cert},
    ActionRow{"GetCertListWithLoadBalancer", Service::lb, get_cert_list_with_load_balancer},
    ActionRow{"DescribeLoadBalancersTaskResult", Service::lb, describe_load_balancers_task_result},
};

std::string_view code_desc_of(int code) {
    switch (code) {
        case 4000:
            return "InvalidParameter";
        case 4100:
            return "AuthFailure";
        case 4105:
            return "TokenFailure";
        case 4400:
            return "RequestLimitExceeded";
        case 4104:
            return "SecretIdNotFound";
        case 4500:
            return "SignatureExpire";
        case 5000:
            return "ResourceNotFound";
        case 5100:
            return "ResourceInUse";
        case 6100:
            return "ActionNotFound";
        default:
            return "InternalError";
    }
}

Parameters parameters_of(const HttpCall& call) {
    if (call.method == "GET") return form_decode(call.query());
    const bool is_form =
        call.method == "POST" && call.header("content-type").starts_with("application/x-www-form-urlencoded");
    return is_form ? form_decode(call.body.reveal()) : Parameters();
}

json::object success(json::object fields) {
    json::object body{{"code", 0}, {"message", ""}, {"codeDesc", "Success"}};
    for (auto& field : fields) body[field.key()] = std::move(field.value());
    return body;
}

/// Asking the certificate service at the load balancers' own name, or the other way round, finds nothing.
/// Under any other name (an address, localhost) all actions are there.
bool served_at(Service service, std::string_view host) {
    const std::string_view others = service == Service::lb ? "wss.api.qcloud.com" : "lb.api.qcloud.com";
    return !host.starts_with(others);
}

class Api2Call final : public ApiCall {
public:
    Api2Call(World& world, HttpCall call)
        : world_(world),
          call_(std::move(call)),
          parameters_(parameters_of(call_)),
          row_(std::ranges::find(actions, text_of(parameters_, "Action"), &ActionRow::name)) {}

    std::string action() const override {
        return row_ == actions.end() ? "(unknown)" : std::string(row_->name);
    }

    std::map<std::string, std::string> shown() const override { return sandbox::shown(parameters_); }

    json::object execute(Extent extent) override {
        Api2Outcome outcome = run(extent);
        if (const auto* const refusal = std::get_if<Refusal>(&outcome)) return refused(*refusal);
        return success(std::move(std::get<json::object>(outcome)));
    }

    static json::object refused(const Refusal& refusal) {
        return {{"code", refusal.code},
                {"message", fmt::format("({}){}", refusal.code, refusal.message)},
                {"codeDesc", std::string(code_desc_of(refusal.code))}};
    }

private:
    Api2Outcome run(Extent extent) {
        if (row_ == actions.end() || !served_at(row_->service, call_.header("host")))
            return Refusal{6100, "[action] is not supported"};
        if (auto refusal = check_signature(call_, parameters_, world_.keys, world_.replays, world_.now()))
            return *refusal;
        if (!world_.limits.admit(action(), world_.behaviour.requests_per_second, world_.steady_now()))
            return Refusal{4400, "too many requests"};
        if (row_->service == Service::lb && text_of(parameters_, "Region").empty()) return missing("Region");
        if (extent != Extent::nothing) return row_->action(context(world_.store, extent));
        Store scratch = world_.store;
        Api2Outcome outcome = row_->action(context(scratch, Extent::whole));
        world_.store.note_try(scratch);
        return outcome;
    }

    Api2Context context(Store& store, Extent extent) const {
        return {parameters_, store, world_.behaviour, extent, world_.now()};
    }

    World& world_;
    HttpCall call_;
    Parameters parameters_;
    decltype(actions)::const_iterator row_;
};

}  // namespace

std::unique_ptr<ApiCall> Api2::read(const HttpCall& call) {
    return std::make_unique<Api2Call>(world_, call);
}

json::object Api2::failure(int code, const std::string& code_desc, const std::string& message) const {
    return {{"code", code}, {"message", message}, {"codeDesc", code_desc}};
}

std::string Api2::code_of(const json::object& body) const {
    return json::serialize(body.at("code"));
}

void Api2::spell_code(json::object& body) const {
    body["code"] = code_of(body);
}

}  // namespace certferry::sandbox
