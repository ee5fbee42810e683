// SPDX-License-Identifier: MIT
#include "cloud/api_errors.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

Error error_of(const std::string& code, const std::string& message = "",
               config::Api generation = config::Api::v2) {
    ApiReply answer;
    answer.words.code = code;
    answer.words.message = message;
    return api_error(answer, generation);
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
    for (const auto& sample : codes) {
        const std::string& code = sample.first;
        CAPTURE(code);
        CHECK(error_of(code).code() == sample.second);
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
        {"LimitExceeded", Errc::api_forbidden},
        {"LimitExceeded.RateLimitExceeded", Errc::api_throttled},
        {"ResourceInsufficient", Errc::api_forbidden},
        {"ResourcesSoldOut", Errc::api_forbidden},
        {"FailedOperation", Errc::api_unknown},
        {"FailedOperation.ResourceInCloning", Errc::api_busy},
        {"DryRunOperation", Errc::api_invalid},
        {"OperationDenied.Whatever", Errc::api_invalid},
        {"ResponseSizeLimitExceeded", Errc::api_invalid},
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
    for (const auto& sample : codes) {
        const std::string& code = sample.first;
        CAPTURE(code);
        CHECK(error_of(code).code() == sample.second);
    }
}

TEST_CASE("every code of the certificate store has its meaning") {
    const std::vector<std::pair<std::string, Errc>> codes = {
        {"FailedOperation.AuthError", Errc::api_forbidden},
        {"FailedOperation.BoundResources", Errc::api_in_use},
        {"FailedOperation.CAMAuthorizedFail", Errc::api_forbidden},
        {"FailedOperation.CertificateChainError", Errc::api_invalid},
        {"FailedOperation.CertificateDeployHasPendingRecord", Errc::api_busy},
        {"FailedOperation.CertificateExists", Errc::api_unknown},
        {"FailedOperation.CertificateMismatch", Errc::api_invalid},
        {"FailedOperation.CertificateParseError", Errc::api_invalid},
        {"FailedOperation.DeleteResourceFailed", Errc::api_in_use},
        {"FailedOperation.NetworkError", Errc::api_internal},
        {"FailedOperation.RoleNotFoundAuthorization", Errc::api_forbidden},
        {"FailedOperation.SystemError", Errc::api_internal},
        {"InvalidParameter.MissMatchPrivateKey", Errc::api_invalid},
    };
    for (const auto& sample : codes) {
        const std::string& code = sample.first;
        CAPTURE(code);
        CHECK(error_of(code, "", config::Api::v3).code() == sample.second);
    }
}

TEST_CASE("a code that knows more than its class has a remedy of its own") {
    CHECK(error_of("FailedOperation.RoleNotFoundAuthorization").remedy().find("SSL_QCSLinkedRole") !=
          std::string_view::npos);
    CHECK(error_of("AuthFailure.SecretIdNotFound").remedy().find("site") != std::string_view::npos);
    CHECK(error_of("UnauthorizedOperation").remedy() == traits(Errc::api_forbidden).remedy);
}

TEST_CASE("an action that API 3.0 does not know has no successor to point to") {
    for (const char* code : {"ActionOffline", "InvalidAction", "NoSuchVersion", "6100"}) {
        CAPTURE(code);
        const Error error = error_of(code, "", config::Api::v3);
        CHECK(error.code() == Errc::api_invalid);
        CHECK(describe(error).find("API 2.0") == std::string::npos);
        CHECK(error.remedy() == "check site and endpoint of the account");
    }
}

TEST_CASE("a bare refusal that speaks of another task means busy, one that names a parameter does not") {
    for (const char* message : {"Your task is working, please try again later", "LB is Operating",
                                "listener not in normal desState", "负载均衡正在执行其他任务"}) {
        CAPTURE(message);
        CHECK(error_of("4000", message).code() == Errc::api_busy);
        CHECK(error_of("FailedOperation", message).code() == Errc::api_busy);
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
    ApiReply answer;
    answer.words.code = "4100";
    answer.reason = "AuthFailure";
    CHECK(api_error(answer, config::Api::v2).message() == "the API refuses the signature (AuthFailure)");
}

}  // namespace
}  // namespace certferry
