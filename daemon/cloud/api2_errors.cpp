// SPDX-License-Identifier: MIT
#include "cloud/api2_errors.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace certferry {
namespace {

struct Row {
    std::string_view code;
    Errc errc;
    std::string_view meaning;
};

constexpr Row unknown = {"", Errc::api_unknown, "the API reports an error that certferry does not know"};
constexpr Row busy = {"", Errc::api_busy, "the load balancer is at work on another change"};

constexpr std::array rows = {
    Row{"4000", Errc::api_invalid, "the API refuses a parameter"},
    Row{"4100", Errc::api_credentials, "the API refuses the signature"},
    Row{"4101", Errc::api_forbidden, "the sub-account may not call this action"},
    Row{"4102", Errc::api_forbidden, "the account has no right to the resource"},
    Row{"4103", Errc::api_forbidden, "the account has no right to the resource"},
    Row{"4104", Errc::api_credentials, "the SecretId is unknown or disabled"},
    Row{"4105", Errc::api_credentials, "the token of the temporary credentials is wrong or has run out"},
    Row{"4106", Errc::api_credentials, "multi-factor authentication failed"},
    Row{"4110", Errc::api_forbidden, "access management refuses the call"},
    Row{"4200", Errc::api_clock_skew, "the request has expired: the clocks differ"},
    Row{"4300", Errc::api_invalid, "the account is barred from this API"},
    Row{"4400", Errc::api_throttled, "too many requests"},
    Row{"4500", Errc::api_clock_skew, "the request looks replayed: the clocks differ"},
    Row{"4600", Errc::api_invalid, "the API wants https"},
    Row{"5000", Errc::api_not_found, "the account has no such resource"},
    Row{"5100", Errc::api_unknown, "the operation on the resource failed"},
    Row{"5200", Errc::api_invalid, "the purchase failed"},
    Row{"5300", Errc::api_invalid, "the balance of the account does not suffice"},
    Row{"5400", Errc::api_partial, "the operation was done in part"},
    Row{"5500", Errc::api_invalid, "the account is not qualified for this"},
    Row{"6000", Errc::api_internal, "the API failed inside"},
    Row{"6100", Errc::api_gone, "API 2.0 no longer knows this action, at this host or for this account"},
    Row{"6200", Errc::api_internal, "the action is closed for maintenance"},
    // In the shape of API 3.0. A row also stands for the codes below it, as X for X.Y, unless they have their
    // own.
    Row{"ActionOffline", Errc::api_gone, "API 2.0 is offline for this action"},
    Row{"InvalidAction", Errc::api_gone,
        "API 2.0 no longer knows this action, at this host or for this account"},
    Row{"NoSuchProduct", Errc::api_gone, "API 2.0 is gone from this host"},
    Row{"NoSuchVersion", Errc::api_gone, "API 2.0 is gone from this host"},
    Row{"AuthFailure", Errc::api_forbidden, "access management refuses the call"},
    Row{"AuthFailure.InvalidAuthorization", Errc::api_credentials, "the API refuses the signature"},
    Row{"AuthFailure.InvalidSecretId", Errc::api_credentials, "the SecretId is unknown or disabled"},
    Row{"AuthFailure.MFAFailure", Errc::api_credentials, "multi-factor authentication failed"},
    Row{"AuthFailure.SecretIdNotFound", Errc::api_credentials, "the SecretId is unknown or disabled"},
    Row{"AuthFailure.SignatureExpire", Errc::api_clock_skew, "the request has expired: the clocks differ"},
    Row{"AuthFailure.SignatureFailure", Errc::api_credentials, "the API refuses the signature"},
    Row{"AuthFailure.TokenFailure", Errc::api_credentials,
        "the token of the temporary credentials is wrong or has run out"},
    Row{"UnauthorizedOperation", Errc::api_forbidden, "the sub-account may not call this action"},
    Row{"IpInBlacklist", Errc::api_forbidden, "the account bars this machine's address"},
    Row{"IpNotInWhitelist", Errc::api_forbidden, "the account does not list this machine's address"},
    Row{"RequestLimitExceeded", Errc::api_throttled, "too many requests"},
    Row{"InternalError", Errc::api_internal, "the API failed inside"},
    Row{"ServiceUnavailable", Errc::api_internal, "the API is not available"},
    Row{"FailedOperation.CertificateNotFound", Errc::api_not_found, "the account has no such certificate"},
    Row{"FailedOperation.ResourceInOperating", Errc::api_busy, busy.meaning},
    Row{"ResourceInUse", Errc::api_busy, busy.meaning},
    Row{"ResourceUnavailable", Errc::api_busy, busy.meaning},
    Row{"ResourceNotFound", Errc::api_not_found, "the account has no such resource"},
    Row{"InvalidParameter", Errc::api_invalid, "the API refuses a parameter"},
    Row{"InvalidParameterValue", Errc::api_invalid, "the API refuses a parameter"},
    Row{"InvalidRequest", Errc::api_invalid, "the API refuses the request"},
    Row{"MissingParameter", Errc::api_invalid, "the API misses a parameter"},
    Row{"RequestSizeLimitExceeded", Errc::api_invalid, "the request is too large"},
    Row{"UnknownParameter", Errc::api_invalid, "the API refuses a parameter"},
    Row{"UnsupportedOperation", Errc::api_invalid, "the API does not support this"},
    Row{"UnsupportedProtocol", Errc::api_invalid, "the API wants https"},
    Row{"UnsupportedRegion", Errc::api_invalid, "the API does not serve the account's region"},
};

/// How a message under 4000 says that another task holds the load balancer. Tencent's own controller waits on
/// every 4000; that would hide a wrong parameter for good.
constexpr std::array busy_phrases = {
    std::string_view("is working"),    std::string_view("operating"),  std::string_view("task is"),
    std::string_view("is locked"),     std::string_view("is running"), std::string_view("being processed"),
    std::string_view("not in normal"), std::string_view("正在"),       std::string_view("任务"),
    std::string_view("锁定"),          std::string_view("操作中"),     std::string_view("处理中"),
};

bool speaks_of_another_task(std::string message) {
    std::transform(message.begin(), message.end(), message.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::any_of(busy_phrases.begin(), busy_phrases.end(),
                       [&](std::string_view phrase) { return message.find(phrase) != std::string::npos; });
}

const Row* find_row(std::string_view code) {
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.code == code; });
    return found == rows.end() ? nullptr : &*found;
}

const Row& row_for(const ApiAnswer& words) {
    if (words.code == "4000" && speaks_of_another_task(words.message)) return busy;
    const std::string_view code = words.code;
    if (const Row* const exact = find_row(code)) return *exact;
    if (const Row* const family = find_row(code.substr(0, code.find('.')))) return *family;
    return unknown;
}

}  // namespace

Error api2_error(const Api2Answer& answer) {
    const Row& row = row_for(answer.words);
    std::string message(row.meaning);
    if (!answer.reason.empty()) message += fmt::format(" ({})", answer.reason);
    return Error(row.errc, std::move(message)).with_api(answer.words);
}

}  // namespace certferry
