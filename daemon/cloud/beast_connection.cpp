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
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/write.hpp>
#include <openssl/x509_vfy.h>

namespace certferry {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto nothing_thrown = asio::as_tuple(asio::use_awaitable);

// What the certificate must be for.
void expect(SSL& session, const std::string& host) {
    X509_VERIFY_PARAM* const parameters = SSL_get0_param(&session);
    if (config::is_address(host))
        X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str());
    else
        X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size());
}

Error not_shaken(SSL& session, const error_code& failed) {
    if (const long verdict = SSL_get_verify_result(&session); verdict != X509_V_OK)
        return {Errc::tls_untrusted, X509_verify_cert_error_string(verdict)};
    if (failed == asio::error::eof || failed == asio::ssl::error::stream_truncated)
        return {Errc::unreachable, "connection closed during the TLS handshake"};
    return {Errc::unreachable, reason_of(failed)};
}

// The header first, so that the body goes into TLS from where it is: both at once, Asio would join them in
// memory that nobody wipes.
template <class Stream>
Awaitable<error_code> write_to(Stream& stream, const BeastRequest& request) {
    http::request_serializer<BeastRequest::body_type, BeastRequest::fields_type> serializer(request);
    serializer.split(true);
    const auto [no_header, header_bytes] =
        co_await http::async_write_header(stream, serializer, nothing_thrown);
    if (no_header) co_return no_header;
    const auto [failed, bytes] = co_await http::async_write(stream, serializer, nothing_thrown);
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
    const std::string host = url_name(url);
    expect(session, host);
    set_server_name(session, host);
    if (const auto last = roots_->sessions.find(std::string(url_authority(url)));
        last != roots_->sessions.end())
        SSL_set_session(&session, last->second.get());
    const auto [failed] = co_await tls_->async_handshake(asio::ssl::stream_base::client, nothing_thrown);
    if (failed) co_return not_shaken(session, failed);
    co_return Result<void>();
}

Awaitable<error_code> BeastConnection::write(const BeastRequest& request) {
    return tls_ ? write_to(*tls_, request) : write_to(tcp_, request);
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
