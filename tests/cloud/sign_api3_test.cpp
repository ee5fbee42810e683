// SPDX-License-Identifier: MIT
// The vectors were made by running the official SDKs; data/signature-vectors.json says how.
#include "cloud/sign_api3.hpp"

#include "support/read_file.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

namespace certferry {
namespace {

namespace json = boost::json;

struct Vector {
    explicit Vector(const json::value& entry) : fields(entry.as_object()) {}

    std::string_view text(std::string_view name) const { return fields.at(name).as_string(); }
    std::string_view header(std::string_view name) const {
        return fields.at("headers").as_object().at(name).as_string();
    }
    Api3Message message() const {
        Api3Message message;
        message.service = text("service");
        message.host = text("host");
        message.body = text("body");
        message.time = std::chrono::sys_seconds(std::chrono::seconds(fields.at("timestamp").as_int64()));
        message.method = text("method");
        message.query = text("query");
        message.content_type = header("Content-Type");
        return message;
    }

    const json::object& fields;
};

const json::array& vectors() {
    static const json::value parsed = json::parse(tests::read_test_data("cloud/data/signature-vectors.json"));
    return parsed.at("tc3").as_array();
}

TEST_CASE("every API 3.0 signature of the official SDKs is reproduced") {
    for (const json::value& entry : vectors()) {
        const Vector vector(entry);
        CAPTURE(vector.text("name"));
        const std::string header =
            api3_authorization(vector.message(), vector.text("secret_id"), Secret(vector.text("secret_key")));
        CHECK(header == vector.header("Authorization"));
        CHECK(header.ends_with(vector.text("signature")));
    }
    CHECK(vectors().size() == 10);
}

TEST_CASE("what certferry sends is signed as the SDKs sign it, from the defaults") {
    const Vector vector(vectors().front());
    Api3Message message;
    message.service = "clb";
    message.host = "clb.tencentcloudapi.com";
    message.body = vector.text("body");
    message.time = vector.message().time;
    CHECK(api3_authorization(message, vector.text("secret_id"), Secret(vector.text("secret_key"))) ==
          vector.header("Authorization"));
}

TEST_CASE("an endpoint elsewhere changes the host that is signed, and not the service") {
    Api3Message message;
    message.service = "clb";
    message.host = "127.0.0.1";
    message.body = "{}";
    const std::string header = api3_authorization(message, "AKID", Secret("key"));
    CHECK(
        header.starts_with("TC3-HMAC-SHA256 Credential=AKID/1970-01-01/clb/tc3_request, "
                           "SignedHeaders=content-type;host, Signature="));
}

}  // namespace
}  // namespace certferry
