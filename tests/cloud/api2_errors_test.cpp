// SPDX-License-Identifier: MIT
#include "cloud/api2_errors.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

Error error_of(const std::string& code, const std::string& message = "") {
    Api2Answer answer;
    answer.words.code = code;
    answer.words.message = message;
    return api2_error(answer);
}

TEST_CASE("every code of API 2.0 has its meaning") {
    const std::vector<std::pair<std::string, Errc>> codes = {
        {"4000", Errc::api_invalid},     {"4100", Errc::api_credentials}, {"4101", Errc::api_forbidden},
        {"4102", Errc::api_forbidden},   {"4103", Errc::api_forbidden},   {"4104", Errc::api_credentials},
        {"4105", Errc::api_credentials}, {"4106", Errc::api_credentials}, {"4110", Errc::api_forbidden},
        {"4200", Errc::api_clock_skew},  {"4300", Errc::api_invalid},     {"4400", Errc::api_throttled},
        {"4500", Errc::api_clock_skew},  {"4600", Errc::api_invalid},     {"5000", Errc::api_not_found},
        {"5100", Errc::api_unknown},     {"5200", Errc::api_invalid},     {"5300", Errc::api_invalid},
        {"5400", Errc::api_partial},     {"5500", Errc::api_invalid},     {"6000", Errc::api_internal},
        {"6100", Errc::api_gone},        {"6200", Errc::api_internal},    {"9999", Errc::api_unknown},
        {"-1", Errc::api_unknown},       {"", Errc::api_unknown},
    };
    for (const auto& [code, meaning] : codes) {
        CAPTURE(code);
        CHECK(error_of(code).code() == meaning);
        CHECK(error_of(code).api()->code == code);
    }
}

TEST_CASE("every code in the shape of API 3.0 has its meaning, or that of its family") {
    const std::vector<std::pair<std::string, Errc>> codes = {
        {"ActionOffline", Errc::api_gone},
        {"InvalidAction", Errc::api_gone},
        {"NoSuchProduct", Errc::api_gone},
        {"NoSuchVersion", Errc::api_gone},
        {"AuthFailure", Errc::api_forbidden},
        {"AuthFailure.UnauthorizedOperation", Errc::api_forbidden},
        {"AuthFailure.InvalidAuthorization", Errc::api_credentials},
        {"AuthFailure.InvalidSecretId", Errc::api_credentials},
        {"AuthFailure.MFAFailure", Errc::api_credentials},
        {"AuthFailure.SecretIdNotFound", Errc::api_credentials},
        {"AuthFailure.SignatureExpire", Errc::api_clock_skew},
        {"AuthFailure.SignatureFailure", Errc::api_credentials},
        {"AuthFailure.TokenFailure", Errc::api_credentials},
        {"UnauthorizedOperation.CamNoAuth", Errc::api_forbidden},
        {"IpInBlacklist", Errc::api_forbidden},
        {"IpNotInWhitelist", Errc::api_forbidden},
        {"RequestLimitExceeded.UinLimitExceeded", Errc::api_throttled},
        {"InternalError", Errc::api_internal},
        {"ServiceUnavailable", Errc::api_internal},
        {"FailedOperation", Errc::api_unknown},
        {"FailedOperation.CertificateNotFound", Errc::api_not_found},
        {"FailedOperation.ResourceInOperating", Errc::api_busy},
        {"ResourceInUse", Errc::api_busy},
        {"ResourceUnavailable", Errc::api_busy},
        {"ResourceNotFound.Certificate", Errc::api_not_found},
        {"InvalidParameter.FormatError", Errc::api_invalid},
        {"InvalidParameterValue.Length", Errc::api_invalid},
        {"InvalidRequest", Errc::api_invalid},
        {"MissingParameter", Errc::api_invalid},
        {"RequestSizeLimitExceeded", Errc::api_invalid},
        {"UnknownParameter", Errc::api_invalid},
        {"UnsupportedOperation", Errc::api_invalid},
        {"UnsupportedProtocol", Errc::api_invalid},
        {"UnsupportedRegion", Errc::api_invalid},
        {"Brand.New", Errc::api_unknown},
    };
    for (const auto& [code, meaning] : codes) {
        CAPTURE(code);
        CHECK(error_of(code).code() == meaning);
    }
}

TEST_CASE("a 4000 that speaks of another task means busy, one that names a parameter does not") {
    for (const char* message : {"Your task is working, please try again later", "LB is Operating",
                                "listener not in normal desState", "负载均衡正在执行其他任务"}) {
        CAPTURE(message);
        CHECK(error_of("4000", message).code() == Errc::api_busy);
    }
    for (const char* message : {"oldCertId is missing", "(100004)projectId invalid", "block size", ""}) {
        CAPTURE(message);
        CHECK(error_of("4000", message).code() == Errc::api_invalid);
    }
}

TEST_CASE("6100 tells people that API 2.0 may be gone for them and what to do") {
    const std::string told = describe(error_of("6100", "action not found"));
    CHECK(told.find("API 2.0 may be gone for this account") != std::string::npos);
    CHECK(told.find("api = \"3.0\"") != std::string::npos);
    CHECK(told.find("action not found") != std::string::npos);
}

TEST_CASE("the API's word for the error is part of the sentence") {
    Api2Answer answer;
    answer.words.code = "4100";
    answer.reason = "AuthFailure";
    CHECK(api2_error(answer).message() == "the API refuses the signature (AuthFailure)");
}

}  // namespace
}  // namespace certferry
