// SPDX-License-Identifier: MIT
#include "api3.hpp"

#include "api3_actions.hpp"
#include "tc3_check.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace certferry::sandbox {
namespace {

namespace json = boost::json;

struct Service {
    std::string_view name;
    std::string_view version;
    bool regional;
    std::span<const Api3ActionRow> (*actions)();
};

constexpr std::array services = {
    Service{"ssl", "2019-12-05", false, ssl_actions},
    Service{"clb", "2018-03-17", true, clb_reading_actions},
    Service{"clb", "2018-03-17", true, clb_changing_actions},
    Service{"sts", "2018-08-13", false, sts_actions},
};

struct Found {
    const Service* service = nullptr;
    const Api3ActionRow* row = nullptr;
};

Found find_action(std::string_view name) {
    for (const Service& service : services)
        for (const Api3ActionRow& row : service.actions())
            if (row.name == name) return {&service, &row};
    return {};
}

bool is_region(std::string_view name) {
    constexpr std::array<std::string_view, 22> regions = {
        "ap-guangzhou",     "ap-shanghai",      "ap-beijing",   "ap-chengdu",  "ap-chongqing",
        "ap-nanjing",       "ap-hongkong",      "ap-singapore", "ap-bangkok",  "ap-seoul",
        "ap-tokyo",         "ap-mumbai",        "ap-jakarta",   "na-toronto",  "na-ashburn",
        "na-siliconvalley", "eu-frankfurt",     "eu-moscow",    "sa-saopaulo", "ap-shanghai-fsi",
        "ap-shenzhen-fsi",  "ap-guangzhou-open"};
    return std::ranges::find(regions, name) != regions.end();
}

/// `fields` are the Response.
json::object enveloped(json::object fields, const std::string& request_id) {
    fields["RequestId"] = request_id;
    return {{"Response", std::move(fields)}};
}

json::object error_of(const std::string& code, const std::string& message) {
    return {{"Error", json::object{{"Code", code}, {"Message", message}}}};
}

class Api3Call final : public ApiCall {
public:
    Api3Call(World& world, HttpCall call, std::string request_id)
        : world_(world),
          call_(std::move(call)),
          request_id_(std::move(request_id)),
          found_(find_action(call_.header("x-tc-action"))),
          body_(read_body(call_)) {}

    std::string action() const override {
        return found_.row == nullptr ? "(unknown)" : std::string(found_.row->name);
    }

    std::map<std::string, std::string> shown() const override {
        std::map<std::string, std::string> shown = body_ ? sandbox::shown(body_->values) : decltype(shown)();
        if (const std::string& region = call_.header("x-tc-region"); !region.empty())
            shown["Region"] = region;
        return shown;
    }

    json::object execute(Extent extent) override {
        Api3Outcome outcome = run(extent);
        if (const auto* const refusal = std::get_if<Api3Refusal>(&outcome))
            return enveloped(error_of(refusal->code, refusal->message), request_id_);
        return enveloped(std::move(std::get<json::object>(outcome)), request_id_);
    }

private:
    Api3Outcome run(Extent extent) {
        if (const auto refusal = check_action()) return *refusal;
        if (const auto refusal = check_signature()) return *refusal;
        if (!world_.limits.admit(action(), world_.behaviour.requests_per_second, world_.steady_now()))
            return Api3Refusal{"RequestLimitExceeded", "Your current request times equals to the limit."};
        if (const auto refusal = check_region()) return *refusal;
        if (!body_) return Api3Refusal{"InvalidParameter", "The body is not a JSON object."};
        if (auto refusal = check_names(*body_, found_.row->parameters)) return *refusal;

        if (extent != Extent::nothing) return found_.row->action(context(world_.store, extent));
        Store scratch = world_.store;
        Api3Outcome outcome = found_.row->action(context(scratch, Extent::whole));
        world_.store.note_try(scratch);
        return outcome;
    }

    std::optional<Api3Refusal> check_action() const {
        const std::string& name = call_.header("x-tc-action");
        if (name.empty()) return missing_parameter("Action");
        const std::string hosted = service_of_host(call_.header("host"));
        if (found_.row == nullptr || (!hosted.empty() && hosted != found_.service->name))
            return Api3Refusal{"InvalidAction", fmt::format("The action `{}` is not found here.", name)};
        const std::string& version = call_.header("x-tc-version");
        if (version.empty()) return missing_parameter("Version");
        if (version != found_.service->version)
            return Api3Refusal{"NoSuchVersion", fmt::format("The version `{}` is not found.", version)};
        return std::nullopt;
    }

    std::optional<Api3Refusal> check_signature() const {
        if (!found_.row->signed_only && call_.header("authorization") == "SKIP") return std::nullopt;
        return check_tc3(call_, std::string(found_.service->name), world_.keys, world_.now());
    }

    std::optional<Api3Refusal> check_region() const {
        if (!found_.service->regional) return std::nullopt;
        const std::string& region = call_.header("x-tc-region");
        if (region.empty()) return missing_parameter("Region");
        if (!is_region(region))
            return Api3Refusal{"UnsupportedRegion", fmt::format("The region `{}` is not supported.", region)};
        return std::nullopt;
    }

    Api3Context context(Store& store, Extent extent) const {
        return {body_->values, world_, store, extent, call_.header("x-tc-region"), request_id_, world_.now()};
    }

    World& world_;
    HttpCall call_;
    std::string request_id_;
    Found found_;
    std::optional<Api3Body> body_;
};

}  // namespace

std::unique_ptr<ApiCall> Api3::read(const HttpCall& call) {
    return std::make_unique<Api3Call>(world_, call, new_request_id());
}

json::object Api3::failure(int /*code*/, const std::string& code_desc, const std::string& message) const {
    return enveloped(error_of(code_desc, message), "injected-by-the-sandbox");
}

std::string Api3::code_of(const json::object& body) const {
    const json::object& response = body.at("Response").as_object();
    const json::value* const error = response.if_contains("Error");
    return error == nullptr ? "Success" : std::string(error->as_object().at("Code").as_string());
}

void Api3::spell_code(json::object& /*body*/) const {}

std::string Api3::new_request_id() {
    const std::uint64_t high = world_.chance();
    const std::uint64_t low = world_.chance();
    return fmt::format("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", high >> 32U, (high >> 16U) & 0xffffU,
                       high & 0xfffU, low >> 52U, low & 0xffffffffffffU);
}

}  // namespace certferry::sandbox
