// SPDX-License-Identifier: MIT
#include "cloud/api2_request.hpp"

#include "cloud/url.hpp"

namespace certferry {
namespace {

constexpr std::string_view path = "/v2/index.php";

std::string endpoint(const config::Endpoint& overrides, Api2Service service) {
    if (service == Api2Service::lb) return overrides.lb.value_or("https://lb.api.qcloud.com");
    return overrides.wss.value_or("https://wss.api.qcloud.com");
}

void add_common(Api2Parameters& parameters, const std::string& action, const Signing& signing) {
    const auto set = [&](const std::string& name, std::string_view value) {
        parameters[name] = Secret(value);
    };
    set("Action", action);
    set("Region", signing.account.region);
    set("Timestamp", std::to_string(signing.time.time_since_epoch().count()));
    set("Nonce", std::to_string(signing.random.nonce()));
    set("SecretId", signing.credentials.secret_id);
    if (!signing.credentials.token.empty()) parameters["Token"] = signing.credentials.token;
    // HmacSHA1 is what the API takes the absence for.
    if (signing.account.signature_method == config::SignatureMethod::hmac_sha256)
        set("SignatureMethod", "HmacSHA256");
}

}  // namespace

void Api2Call::set_secret(const std::string& name, const Secret& value) {
    parameters_[name] = value;
    secrets_.push_back(value);
}

SignedRequest Api2Call::request(const Signing& signing) const {
    SignedRequest request;
    request.http = post(signing.account, endpoint(signing.account.endpoint, service_) + std::string(path));
    request.http.headers = {"Content-Type: application/x-www-form-urlencoded"};

    Api2Parameters parameters = parameters_;
    add_common(parameters, action(), signing);
    const Secret text = api2_string_to_sign("POST", url_host(request.http.url), path, parameters);
    const Secret signature(
        api2_signature(signing.account.signature_method, signing.credentials.secret_key, text.reveal()));
    parameters["Signature"] = signature;
    request.http.body = form_encode(parameters);

    request.secrets = secrets_;
    request.secrets.push_back(signature);
    return request;
}

}  // namespace certferry
