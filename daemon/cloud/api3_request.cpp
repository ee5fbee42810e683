// SPDX-License-Identifier: MIT
#include "cloud/api3_request.hpp"

#include "cloud/sign_api3.hpp"
#include "cloud/url.hpp"
#include "cloud/wiped_json.hpp"

#include <array>
#include <cstdlib>

#include <boost/json/serializer.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>
#include <openssl/crypto.h>

namespace certferry {
namespace {

namespace json = boost::json;

struct Product {
    std::string_view name;
    std::string_view version;
};

Product product_of(Api3Service service) {
    switch (service) {
        case Api3Service::clb:
            return {"clb", "2018-03-17"};
        case Api3Service::ssl:
            return {"ssl", "2019-12-05"};
        case Api3Service::sts:
            return {"sts", "2018-08-13"};
    }
    std::abort();
}

const std::optional<std::string>& override_of(const config::Endpoint& endpoint, Api3Service service) {
    switch (service) {
        case Api3Service::clb:
            return endpoint.clb;
        case Api3Service::ssl:
            return endpoint.ssl;
        case Api3Service::sts:
            return endpoint.sts;
    }
    std::abort();
}

bool is_finance_region(std::string_view region) {
    return region.ends_with("-fsi");
}

Secret serialized(const json::object& body) {
    Secret text;
    std::array<char, 4096> buffer{};
    json::serializer serializer;
    serializer.reset(&body);
    while (!serializer.done()) text.append(serializer.read(buffer.data(), buffer.size()));
    OPENSSL_cleanse(buffer.data(), buffer.size());
    return text;
}

std::string authorization_of(const Api3Message& message, const Credentials& credentials) {
    if (credentials.secret_id.empty()) return "SKIP";
    return api3_authorization(message, credentials.secret_id, credentials.secret_key);
}

}  // namespace

std::string api3_endpoint(config::Site site, std::string_view service, std::string_view region) {
    if (service == "clb" && is_finance_region(region))
        return fmt::format("https://clb.{}.tencentcloudapi.com", region);
    return fmt::format("https://{}{}.tencentcloudapi.com", service,
                       site == config::Site::intl ? ".intl" : "");
}

Api3Call::Api3Call(Api3Service to, std::string action, Effect effect, std::string region)
    : ApiCall(config::Api::v3, std::move(action), effect),
      service_(to),
      region_(std::move(region)),
      body_(wiping_memory()) {}

void Api3Call::set_secret(json::object& object, std::string_view name, const Secret& value) {
    object[name].emplace_string() = value.reveal();
    secrets_.push_back(value);
}

SignedRequest Api3Call::request(const Signing& signing) const {
    const Product product = product_of(service_);
    const auto& elsewhere = override_of(signing.account.endpoint, service_);
    const std::string endpoint =
        elsewhere.value_or(api3_endpoint(signing.account.site, product.name, region_));

    SignedRequest request;
    request.http = post(signing.account, endpoint + "/");
    request.http.body = serialized(body_);

    Api3Message message;
    message.service = product.name;
    message.host = url_host(request.http.url);
    message.body = request.http.body.reveal();
    message.time = signing.time;
    const std::string authorization = authorization_of(message, signing.credentials);

    auto& headers = request.http.headers;
    headers = {fmt::format("Content-Type: {}", api3_content_type),
               fmt::format("X-TC-Action: {}", action()),
               fmt::format("X-TC-Version: {}", product.version),
               fmt::format("X-TC-Timestamp: {}", signing.time.time_since_epoch().count()),
               "X-TC-Language: en-US",
               fmt::format("Authorization: {}", authorization)};
    if (!region_.empty()) headers.push_back(fmt::format("X-TC-Region: {}", region_));
    if (const Secret& token = signing.credentials.token; !token.empty())
        request.http.secret_headers.emplace_back("X-TC-Token: ").append(token.reveal());

    request.secrets = secrets_;
    request.secrets.emplace_back(authorization.substr(authorization.rfind('=') + 1));
    return request;
}

}  // namespace certferry
