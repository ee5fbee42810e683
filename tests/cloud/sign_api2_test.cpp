// SPDX-License-Identifier: MIT
// The vectors were made by running the official SDKs; data/signature-vectors.json says how.
#include "cloud/sign_api2.hpp"

#include "support/read_file.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

namespace certferry {
namespace {

namespace json = boost::json;

const json::value& vectors() {
    static const json::value parsed = json::parse(tests::read_test_data("cloud/data/signature-vectors.json"));
    return parsed;
}

std::string text(const json::value& value) {
    return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

// A vector says its method as the SDK was told it, or as part of its name.
config::SignatureMethod method_of(const json::object& vector) {
    const std::string hint =
        text(vector.at("name")) + text(vector.contains("params") ? vector.at("params") : "");
    const bool sha256 = hint.find("HmacSHA256") != std::string::npos;
    return sha256 ? config::SignatureMethod::hmac_sha256 : config::SignatureMethod::hmac_sha1;
}

TEST_CASE("every API 2.0 signature of the official SDKs is reproduced") {
    for (const char* group : {"v2", "v1_on_api3"})
        for (const json::value& entry : vectors().at(group).as_array()) {
            const json::object& vector = entry.as_object();
            CAPTURE(text(vector.at("name")));
            CHECK(api2_signature(method_of(vector), Secret(text(vector.at("secret_key"))),
                                 text(vector.at("string_to_sign"))) == text(vector.at("signature")));
        }
}

TEST_CASE("every string to sign without '_' in a name is reproduced from its parameters") {
    int compared = 0;
    for (const json::value& entry : vectors().at("v2").as_array()) {
        const json::object& vector = entry.as_object();
        if (!vector.contains("params") || vector.contains("string_to_sign_if_sorted_after_mapping")) continue;
        CAPTURE(text(vector.at("name")));
        Api2Parameters parameters;
        for (const auto& parameter : vector.at("params").as_object())
            parameters[parameter.key()] = Secret(text(parameter.value()));

        const Secret signed_text = api2_string_to_sign(text(vector.at("method")), text(vector.at("host")),
                                                       text(vector.at("path")), parameters);
        CHECK(signed_text.reveal() == text(vector.at("string_to_sign")));

        parameters["Signature"] = Secret(text(vector.at("signature")));
        CHECK(form_encode(parameters).reveal() == text(vector.at("encoded_rfc3986_sorted")));
        ++compared;
    }
    CHECK(compared == 8);
}

}  // namespace
}  // namespace certferry
