// SPDX-License-Identifier: MIT
#include "cloud/beast_connection.hpp"

#include "base/asio_reason.hpp"
#include "cloud/tls_server_name.hpp"
#include "cloud/url.hpp"
#include "config/forms.hpp"

#include <string_view>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <openssl/bio.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

namespace certferry {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto nothing_thrown = asio::as_tuple(asio::use_awaitable);

// As certificates have it.
std::string certificate_name(const std::string& url) {
    std::string name = url_name(url);
    if (name.ends_with('.')) name.pop_back();
    return name;
}

// What the certificate must be for. OpenSSL takes an empty name for any.
bool expect(SSL& session, const std::string& name) {
    X509_VERIFY_PARAM* const parameters = SSL_get0_param(&session);
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (config::is_address(name)) return X509_VERIFY_PARAM_set1_ip_asc(parameters, name.c_str()) == 1;
    return !name.empty() && X509_VERIFY_PARAM_set1_host(parameters, name.c_str(), name.size()) == 1;
}

Error not_shaken(SSL& session, const error_code& failed) {
    if (const long verdict = SSL_get_verify_result(&session); verdict != X509_V_OK)
        return {Errc::tls_untrusted, X509_verify_cert_error_string(verdict)};
    if (failed == asio::error::eof || failed == asio::ssl::error::stream_truncated)
        return {Errc::unreachable, "connection closed during the TLS handshake"};
    return {Errc::unreachable, reason_of(failed)};
}

// Whether something came that nobody has read yet.
bool has_more(SSL& session) {
    return SSL_has_pending(&session) == 1 || BIO_ctrl_pending(SSL_get_rbio(&session)) > 0;
}

template <class Stream>
Awaitable<error_code> write_to(Stream& stream, std::string_view text) {
    const auto [failed, bytes] = co_await asio::async_write(stream, asio::buffer(text), nothing_thrown);
    co_return failed;
}

template <class Stream>
Awaitable<error_code> read_from(Stream& stream, BeastBuffer& buffer, BeastParser& parser) {
    const auto [failed, bytes] = co_await http::async_read(stream, buffer, parser, nothing_thrown);
    co_return failed;
}

}  // namespace

BeastConnection::BeastConnection(const asio::any_io_executor& executor, std::shared_ptr<TlsRoots> roots)
    : tcp_(executor), roots_(std::move(roots)) {
    if (roots_) tls_.emplace(tcp_, roots_->context);
}

Awaitable<error_code> BeastConnection::connect(AsioNames::Addresses addresses,
                                               std::chrono::steady_clock::time_point deadline) {
    error_code failed = asio::error::host_not_found;
    auto left = static_cast<long>(addresses.size());
    for (const tcp::endpoint& address : addresses) {
        tcp_.expires_after((deadline - std::chrono::steady_clock::now()) / left--);
        const auto [refused] = co_await tcp_.async_connect(address, nothing_thrown);
        failed = refused;
        if (!failed || closed_) break;
        tcp_.close();  // a socket that was refused cannot be used again
    }
    tcp_.expires_never();
    if (!failed) tcp_.socket().set_option(tcp::no_delay(true), failed);
    co_return failed;
}

Awaitable<Result<void>> BeastConnection::shake_hands(const std::string& url) {
    if (!tls_) co_return Result<void>();
    SSL& session = *tls_->native_handle();
    const std::string name = certificate_name(url);
    if (!expect(session, name))
        co_return Error(Errc::tls_untrusted, "no name to look for in its certificate");
    set_server_name(session, name);
    resume(session, url);
    const auto [failed] = co_await tls_->async_handshake(asio::ssl::stream_base::client, nothing_thrown);
    if (failed) co_return not_shaken(session, failed);
    co_return Result<void>();
}

// It is taken out, until it has served once more.
void BeastConnection::resume(SSL& session, const std::string& url) {
    const auto last = roots_->sessions.extract(std::string(url_authority(url)));
    if (!last.empty()) SSL_set_session(&session, last.mapped().get());
}

Awaitable<error_code> BeastConnection::write(const Secret& text) {
    return tls_ ? write_to(*tls_, text.reveal()) : write_to(tcp_, text.reveal());
}

Awaitable<error_code> BeastConnection::read(BeastBuffer& buffer, BeastParser& parser) {
    return tls_ ? read_from(*tls_, buffer, parser) : read_from(tcp_, buffer, parser);
}

// A copy: OpenSSL takes a session for broken once its connection ends without a farewell.
void BeastConnection::remember_session(const std::string& url) {
    if (!tls_) return;
    const SSL_SESSION* const session = SSL_get0_session(tls_->native_handle());
    if (session == nullptr || SSL_SESSION_is_resumable(session) != 1) return;
    roots_->sessions[std::string(url_authority(url))] = TlsSessionPtr(SSL_SESSION_dup(session));
}

bool BeastConnection::idle() {
    if (tls_ && has_more(*tls_->native_handle())) return false;
    error_code nothing_there;
    char next = '\0';
    tcp_.socket().non_blocking(true, nothing_there);
    tcp_.socket().receive(asio::buffer(&next, 1), asio::socket_base::message_peek, nothing_there);
    return nothing_there == asio::error::would_block;
}

void BeastConnection::close() {
    closed_ = true;
    tcp_.close();
}

}  // namespace certferry
