// SPDX-License-Identifier: MIT
#include "base/error.hpp"

#include "base/exit_codes.hpp"
#include "base/result.hpp"

#include <array>
#include <cstdlib>

#include <fmt/format.h>

namespace certferry {
namespace {

using enum ErrorClass;

// In the order of Errc, which the static_assert below holds it to.
constexpr std::array table = {
    ErrorTraits{Errc::file_missing, "file_missing", refused, exit_gate,
                "issue the certificate, or correct the mapping's path"},
    ErrorTraits{Errc::file_unreadable, "file_unreadable", refused, exit_gate,
                "let the daemon's user read the file and every directory above it"},
    ErrorTraits{Errc::file_unfit, "file_unfit", refused, exit_gate,
                "name a regular PEM file of less than 256 KiB"},
    ErrorTraits{Errc::pem_invalid, "pem_invalid", refused, exit_gate,
                "have the ACME client write the file again"},
    ErrorTraits{Errc::key_encrypted, "key_encrypted", refused, exit_gate,
                "store the key without a passphrase: openssl pkey -in KEY -out KEY.plain"},
    ErrorTraits{Errc::key_missing, "key_missing", refused, exit_gate,
                "name the file that holds the private key"},
    ErrorTraits{Errc::key_mismatch, "key_mismatch", refused, exit_gate,
                "wait for the ACME client to finish; if it stays so, renew the certificate"},
    ErrorTraits{Errc::leaf_ambiguous, "leaf_ambiguous", refused, exit_gate,
                "keep one leaf certificate in the chain file"},
    ErrorTraits{Errc::bundle_changing, "bundle_changing", refused, exit_gate,
                "wait for the ACME client to finish"},
    ErrorTraits{Errc::not_yet_valid, "not_yet_valid", refused, exit_gate,
                "check this machine's clock, or wait until its time has come"},
    ErrorTraits{Errc::expired, "expired", refused, exit_gate, "renew the certificate"},
    ErrorTraits{Errc::expires_too_soon, "expires_too_soon", refused, exit_gate,
                "renew the certificate, or lower gate.min_remaining of the mapping"},
    ErrorTraits{Errc::chain_incomplete, "chain_incomplete", refused, exit_gate,
                "name the full chain (certbot: fullchain.pem); or set gate.require_chain = false, and have "
                "the issuer in "
                "gate.trust"},
    ErrorTraits{
        Errc::issuer_untrusted, "issuer_untrusted", refused, exit_gate,
        "was it issued by a staging CA? otherwise set gate.trust to the CA's PEM file, or to \"any\""},
    ErrorTraits{Errc::names_lost, "names_lost", refused, exit_gate,
                "issue it for all names, or set gate.allow_name_loss = true"},
    ErrorTraits{Errc::older_than_deployed, "older_than_deployed", refused, exit_gate,
                "renew the certificate, or set gate.allow_older = true to go back on purpose"},
    ErrorTraits{Errc::not_a_ca, "not_a_ca", refused, exit_gate,
                "name a CA certificate, or set kind = \"server\" for the mapping"},
    ErrorTraits{Errc::unreachable, "unreachable", transient, exit_retrying,
                "check DNS, the route and any firewall to the endpoint"},
    ErrorTraits{Errc::tls_untrusted, "tls_untrusted", transient, exit_retrying,
                "check the clock and ca-certificates; a private endpoint needs the account's ca_file"},
    ErrorTraits{Errc::read_failed, "read_failed", transient, exit_retrying, ""},
    ErrorTraits{Errc::answer_lost, "answer_lost", ambiguous, exit_retrying,
                "nothing to do: what happened is read back before anything is repeated"},
    ErrorTraits{Errc::answer_malformed, "answer_malformed", transient, exit_retrying,
                "check that the endpoint is Tencent's and no proxy answers in its place"},
    ErrorTraits{Errc::api_throttled, "api_throttled", throttled, exit_retrying, ""},
    ErrorTraits{Errc::api_busy, "api_busy", busy, exit_retrying, ""},
    ErrorTraits{Errc::api_clock_skew, "api_clock_skew", clock_skew, exit_retrying,
                "set this machine's clock (timedatectl set-ntp true)"},
    ErrorTraits{Errc::api_credentials, "api_credentials", credentials, exit_rejected,
                "check secret_id and secret_key of the account"},
    ErrorTraits{Errc::api_forbidden, "api_forbidden", credentials, exit_rejected,
                "grant the sub-user the action (CLB certificate work needs ssl permissions too)"},
    ErrorTraits{Errc::api_not_found, "api_not_found", permanent, exit_rejected,
                "check old_cert_id and account of the mapping against the console"},
    ErrorTraits{Errc::api_invalid, "api_invalid", permanent, exit_rejected, ""},
    ErrorTraits{Errc::api_gone, "api_gone", permanent, exit_rejected,
                "API 2.0 may be gone for this account: set api = \"3.0\" for it"},
    ErrorTraits{Errc::api_internal, "api_internal", transient, exit_retrying, ""},
    ErrorTraits{Errc::api_partial, "api_partial", ambiguous, exit_retrying, ""},
    ErrorTraits{Errc::api_unsupported, "api_unsupported", permanent, exit_rejected,
                "set api = \"3.0\" for the account"},
    ErrorTraits{Errc::api_in_use, "api_in_use", permanent, exit_rejected, ""},
    ErrorTraits{Errc::api_unknown, "api_unknown", transient, exit_retrying, ""},
    ErrorTraits{Errc::upload_gone, "upload_gone", transient, exit_retrying,
                "nothing to do: the certificate is uploaded again"},
    ErrorTraits{Errc::unbound, "unbound", transient, exit_retrying,
                "check old_cert_id and account: no load balancer uses this certificate"},
    ErrorTraits{
        Errc::head_stale, "head_stale", refused, exit_gate,
        "if this certificate is to be replaced from now on, `certferry adopt` its id, or set old_cert_id "
        "of the mapping to it"},
    ErrorTraits{Errc::split, "split", transient, exit_retrying,
                "nothing to do: the replacement is repeated for the listeners left behind"},
    ErrorTraits{
        Errc::binding_lost, "binding_lost", transient, exit_unproven,
        "bind the new certificate to these listeners in the console now, if certferry does not succeed "
        "in it within minutes"},
    ErrorTraits{Errc::not_proven, "not_proven", transient, exit_unproven,
                "the API said yes but the bindings did not move: look at the listeners in the console"},
    ErrorTraits{Errc::binding_altered, "binding_altered", transient, exit_unproven,
                "set the listener's TLS mode and client CA again in the console"},
    ErrorTraits{Errc::served_other, "served_other", transient, exit_unproven,
                "check that verify.endpoint reaches the load balancer that the old certificate was bound to"},
    ErrorTraits{Errc::rolled_back, "rolled_back", refused, exit_unproven,
                "the next renewal goes forward again, and so does `certferry rotate --force`"},
    ErrorTraits{Errc::journal_locked, "journal_locked", permanent, exit_other_instance,
                "stop the other daemon, or give this one its own daemon.state_dir"},
    ErrorTraits{Errc::journal_unwritable, "journal_unwritable", transient, exit_failure,
                "make room or give the daemon's user write access to daemon.state_dir"},
    ErrorTraits{Errc::journal_corrupt, "journal_corrupt", permanent, exit_failure,
                "move journal.db, journal.db-wal and journal.db-shm aside together, and set old_cert_id of "
                "each mapping to "
                "the id bound now, or restore a backup"},
    ErrorTraits{Errc::journal_newer, "journal_newer", permanent, exit_failure,
                "run the certferry version that wrote it, or a later one"},
    ErrorTraits{Errc::journal_conflict, "journal_conflict", transient, exit_failure,
                "see that no other certferryd writes this journal; certferry reads it again by itself"},
    ErrorTraits{Errc::config_invalid, "config_invalid", permanent, exit_config, ""},
    ErrorTraits{
        Errc::credentials_missing, "credentials_missing", credentials, exit_rejected,
        "give the account credentials: a file, the environment, systemd's LoadCredential or a CVM role"},
    ErrorTraits{Errc::not_delivered, "not_delivered", transient, exit_failure,
                "see that the notifier's receiver works; `certferry doctor --notify` tries it"},
    ErrorTraits{Errc::paused, "paused", refused, exit_gate,
                "`certferry resume` lets it go on, `certferry rotate` rotates it once"},
    ErrorTraits{Errc::under_way, "under_way", transient, exit_retrying,
                "`certferry status` shows how it goes on"},
    ErrorTraits{Errc::interrupted, "interrupted", transient, exit_retrying, ""},
    ErrorTraits{Errc::daemon_unreachable, "daemon_unreachable", transient, exit_unreachable,
                "start it (systemctl start certferryd), or name its configuration with --config"},
    ErrorTraits{Errc::daemon_silent, "daemon_silent", transient, exit_retrying,
                "what was under way is in the journal and goes on; the log says why"},
    ErrorTraits{Errc::not_permitted, "not_permitted", permanent, exit_failure,
                "ask as root, as the daemon's user or as a member of the group certferry"},
    ErrorTraits{Errc::request_invalid, "request_invalid", permanent, exit_usage, ""},
    ErrorTraits{Errc::declined, "declined", permanent, exit_failure, ""},
};

constexpr bool in_order() {
    for (std::size_t row = 0; row < table.size(); ++row)
        if (table[row].code != static_cast<Errc>(row)) return false;
    return table.size() == static_cast<std::size_t>(Errc::declined) + 1;
}
static_assert(in_order(), "one row for each Errc, in its order");

std::string as_sentence(std::string_view words) {
    std::string sentence(words);
    char& first = sentence.front();
    if (first >= 'a' && first <= 'z') first = static_cast<char>(first - 'a' + 'A');
    return sentence;
}

}  // namespace

const ErrorTraits& traits(Errc code) {
    return table.at(static_cast<std::size_t>(code));
}

Error Error::within(std::string_view place) const {
    Error outer = *this;
    outer.message_ = fmt::format("{}: {}", place, message_);
    return outer;
}

Error Error::with_api(ApiAnswer answer) const {
    Error told = *this;
    told.api_ = std::make_shared<const ApiAnswer>(std::move(answer));
    return told;
}

Error Error::with_remedy(std::string remedy) const {
    Error told = *this;
    told.remedy_ = std::move(remedy);
    return told;
}

Error Error::as(Errc code) const {
    Error other = *this;
    other.code_ = code;
    return other;
}

std::string describe(const Error& error) {
    std::string text = error.message();
    if (const ApiAnswer* const api = error.api()) {
        text += fmt::format(" [API code {}: {}]", api->code, api->message);
        if (!api->request_id.empty()) text += fmt::format(" [RequestId {}]", api->request_id.str());
    }
    if (!error.remedy().empty()) text += ". " + as_sentence(error.remedy());
    return text;
}

std::ostream& operator<<(std::ostream& out, const Error& error) {
    return out << describe(error);
}

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
    fmt::print(stderr, "bug: value() of a failed Result at {}:{}: {}\n", where.file_name(), where.line(),
               error.message());
    std::abort();
}

}  // namespace certferry
