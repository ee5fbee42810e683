// SPDX-License-Identifier: MIT
#include "cloud/api_errors.hpp"

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
    std::string_view remedy = {};  // where it knows more than that of the Errc
};

constexpr Row unknown = {"", Errc::api_unknown, "the API reports an error that certferry does not know"};
/// What api_gone is where there is no later generation to go to.
constexpr Row not_here = {"", Errc::api_invalid, "API 3.0 does not know this action at this host",
                          "check site and endpoint of the account"};
constexpr Row busy = {"", Errc::api_busy, "the load balancer is at work on another change"};

constexpr std::string_view unfit_key = "the private key does not fit the certificate";

constexpr std::string_view wrong_site =
    "check secret_id and secret_key of the account, and its site: neither Tencent's mainland nor its "
    "international site knows the other's keys";
constexpr std::string_view allow_address = "allow this machine's address in the account's API key settings";
constexpr std::string_view free_quota = "raise the account's quota, or delete what is not used";
constexpr std::string_view readable_pem = "check that the files hold plain PEM and nothing else";
constexpr std::string_view matching_key = "name the key that belongs to the certificate";
constexpr std::string_view known_region = "check region and regions of the account";
constexpr std::string_view look_in_console =
    "see in the console whether the load balancer and its listener are still there";
constexpr std::string_view whole_chain = "name the full chain as the ACME client wrote it";

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
    // API 3.0. A row also stands for the codes below it, as X for X.Y, unless they have their own.
    Row{"ActionOffline", Errc::api_gone, "API 2.0 is offline for this action"},
    Row{"InvalidAction", Errc::api_gone,
        "API 2.0 no longer knows this action, at this host or for this account"},
    Row{"NoSuchProduct", Errc::api_gone, "API 2.0 is gone from this host"},
    Row{"NoSuchVersion", Errc::api_gone, "API 2.0 is gone from this host"},
    Row{"AuthFailure", Errc::api_forbidden, "access management refuses the call"},
    Row{"AuthFailure.InvalidAuthorization", Errc::api_credentials, "the API refuses the signature"},
    Row{"AuthFailure.InvalidSecretId", Errc::api_credentials, "the SecretId is unknown or disabled",
        wrong_site},
    Row{"AuthFailure.MFAFailure", Errc::api_credentials, "multi-factor authentication failed"},
    Row{"AuthFailure.SecretIdNotFound", Errc::api_credentials, "the SecretId is unknown or disabled",
        wrong_site},
    Row{"AuthFailure.SignatureExpire", Errc::api_clock_skew, "the request has expired: the clocks differ"},
    Row{"AuthFailure.SignatureFailure", Errc::api_credentials, "the API refuses the signature"},
    Row{"AuthFailure.TokenFailure", Errc::api_credentials,
        "the token of the temporary credentials is wrong or has run out"},
    Row{"UnauthorizedOperation", Errc::api_forbidden, "the sub-account may not call this action"},
    Row{"IpInBlacklist", Errc::api_forbidden, "the account bars this machine's address", allow_address},
    Row{"IpNotInWhitelist", Errc::api_forbidden, "the account does not list this machine's address",
        allow_address},
    Row{"RequestLimitExceeded", Errc::api_throttled, "too many requests"},
    Row{"LimitExceeded", Errc::api_forbidden, "a quota of the account is used up", free_quota},
    Row{"LimitExceeded.RateLimitExceeded", Errc::api_throttled, "too many requests"},
    Row{"ResourceInsufficient", Errc::api_forbidden, "the cloud lacks resources for this", free_quota},
    Row{"ResourcesSoldOut", Errc::api_forbidden, "the cloud lacks resources for this", free_quota},
    Row{"InternalError", Errc::api_internal, "the API failed inside"},
    Row{"ServiceUnavailable", Errc::api_internal, "the API is not available"},
    Row{"FailedOperation", Errc::api_unknown, "the operation failed"},
    Row{"FailedOperation.ResourceInCloning", Errc::api_busy, busy.meaning},
    Row{"FailedOperation.ResourceInOperating", Errc::api_busy, busy.meaning},
    Row{"ResourceBusy", Errc::api_busy, busy.meaning},
    Row{"ResourceInUse", Errc::api_busy, busy.meaning},
    Row{"ResourceUnavailable", Errc::api_busy, busy.meaning},
    Row{"ResourceNotFound", Errc::api_not_found, "the account has no such resource"},
    Row{"DryRunOperation", Errc::api_invalid, "the API took the call for a dry run"},
    Row{"InvalidParameter", Errc::api_invalid, "the API refuses a parameter"},
    Row{"InvalidParameter.LBIdNotFound", Errc::api_not_found, "the load balancer is gone", look_in_console},
    Row{"InvalidParameter.ListenerIdNotFound", Errc::api_not_found, "the listener is gone", look_in_console},
    Row{"InvalidParameter.LocationNotFound", Errc::api_not_found, "the listener's rule is gone",
        look_in_console},
    Row{"InvalidParameter.RegionNotFound", Errc::api_invalid, "the API does not know the account's region",
        known_region},
    Row{"InvalidParameterValue", Errc::api_invalid, "the API refuses a parameter"},
    Row{"InvalidRequest", Errc::api_invalid, "the API refuses the request"},
    Row{"MissingParameter", Errc::api_invalid, "the API misses a parameter"},
    Row{"OperationDenied", Errc::api_invalid, "the API denies the operation"},
    Row{"RequestSizeLimitExceeded", Errc::api_invalid, "the request is too large"},
    Row{"ResponseSizeLimitExceeded", Errc::api_invalid, "the answer would be too large"},
    Row{"UnknownParameter", Errc::api_invalid, "the API refuses a parameter"},
    Row{"UnsupportedOperation", Errc::api_invalid, "the API does not support this"},
    Row{"UnsupportedProtocol", Errc::api_invalid, "the API wants https"},
    Row{"UnsupportedRegion", Errc::api_invalid, "the API does not serve the account's region", known_region},
    // The certificate store of API 3.0.
    Row{"FailedOperation.AuthError", Errc::api_forbidden, "access management refuses the call"},
    Row{"FailedOperation.BoundResources", Errc::api_in_use, "the certificate is still bound somewhere"},
    Row{"FailedOperation.CAMAuthorizedFail", Errc::api_forbidden, "access management refuses the call"},
    Row{"FailedOperation.CertificateCaError", Errc::api_invalid, "the API does not take it for a CA"},
    Row{"FailedOperation.CertificateChainError", Errc::api_invalid,
        "the API finds the certificate's chain out of order", whole_chain},
    Row{"FailedOperation.CertificateDeployHasPendingRecord", Errc::api_busy,
        "the certificate is at work in another deployment"},
    Row{"FailedOperation.CertificateDeployInstanceEmpty", Errc::api_invalid,
        "the certificate is deployed nowhere"},
    Row{"FailedOperation.CertificateEncryptInvalid", Errc::api_invalid,
        "the API does not take the certificate's algorithm", "issue it with an RSA or ECDSA key"},
    // What is there is looked for before the next attempt.
    Row{"FailedOperation.CertificateExists", Errc::api_unknown, "the account has this certificate already"},
    Row{"FailedOperation.CertificateHostDeployCanNotAllow", Errc::api_invalid,
        "the certificate may not be deployed there"},
    Row{"FailedOperation.CertificateHostResourceInstanceHugeLimit", Errc::api_invalid,
        "the certificate is used in too many places for this action"},
    Row{"FailedOperation.CertificateInvalid", Errc::api_invalid, "the API finds the certificate invalid",
        readable_pem},
    Row{"FailedOperation.CertificateMatchError", Errc::api_invalid, unfit_key, matching_key},
    Row{"FailedOperation.CertificateMismatch", Errc::api_invalid, unfit_key, matching_key},
    Row{"InvalidParameter.MissMatchPrivateKey", Errc::api_invalid, unfit_key, matching_key},
    Row{"FailedOperation.CertificateNotAvailable", Errc::api_invalid,
        "the certificate is not in a state to be used"},
    Row{"FailedOperation.CertificateNotDeployInstance", Errc::api_invalid,
        "the certificate is deployed nowhere"},
    Row{"FailedOperation.CertificateNotFound", Errc::api_not_found, "the account has no such certificate"},
    Row{"FailedOperation.CertificateParseError", Errc::api_invalid, "the API cannot read the certificate",
        readable_pem},
    Row{"FailedOperation.CertificateWhiteFuncError", Errc::api_invalid,
        "the action is for accounts that Tencent has listed"},
    Row{"FailedOperation.DeleteResourceFailed", Errc::api_in_use, "the certificate is still bound somewhere"},
    Row{"FailedOperation.NetworkError", Errc::api_internal, "the API failed inside"},
    Row{"FailedOperation.NoProjectPermission", Errc::api_forbidden,
        "the sub-account has no right to the certificate's project",
        "grant the sub-user the project of the certificate"},
    Row{"FailedOperation.NoRealNameAuth", Errc::api_forbidden, "the account's owner is not verified",
        "verify the account's owner in the console"},
    Row{"FailedOperation.RoleNotFoundAuthorization", Errc::api_forbidden, missing_role, missing_role_remedy},
    Row{"FailedOperation.SystemError", Errc::api_internal, "the API failed inside"},
    Row{"InvalidParameterValue.IntermediateCertNotSame", Errc::api_invalid,
        "the API finds another intermediate certificate than before", whole_chain},
};

/// How the message of a code that says no more says that another task holds the load balancer. Tencent's own
/// controller waits on every 4000; that would hide a wrong parameter for good.
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

bool may_mean_busy(std::string_view code) {
    return code == "4000" || code == "FailedOperation";
}

const Row& row_for(const ApiAnswer& words) {
    if (may_mean_busy(words.code) && speaks_of_another_task(words.message)) return busy;
    const std::string_view code = words.code;
    if (const Row* const exact = find_row(code)) return *exact;
    if (const Row* const family = find_row(code.substr(0, code.find('.')))) return *family;
    return unknown;
}

const Row& row_for(const ApiAnswer& words, config::Api generation) {
    const Row& row = row_for(words);
    const bool no_successor = row.errc == Errc::api_gone && generation == config::Api::v3;
    return no_successor ? not_here : row;
}

}  // namespace

Error api_error(const ApiReply& reply, config::Api generation) {
    const Row& row = row_for(reply.words, generation);
    std::string message(row.meaning);
    if (!reply.reason.empty()) message += fmt::format(" ({})", reply.reason);
    return Error(row.errc, std::move(message)).with_api(reply.words).with_remedy(std::string(row.remedy));
}

}  // namespace certferry
