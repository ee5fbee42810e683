// SPDX-License-Identifier: MIT
#include "rotate/tls_probe.hpp"

#include "base/asio_reason.hpp"
#include "bundle/certificate.hpp"
#include "bundle/openssl_ptr.hpp"
#include "cloud/tls_server_name.hpp"
#include "config/forms.hpp"

#include <memory>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <openssl/ssl.h>

namespace certferry {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

// A probe on its way. It outlives the wait for it when that ends at the deadline: a name may still be looked
// up, so the one who waits leaves, and the attempt ends by itself at its next step.
struct Attempt {
    Attempt(const asio::any_io_executor& executor, config::ProbeEndpoint where, Offer offer_,
            Duration timeout)
        : endpoint(std::move(where)), offer(offer_), stream(executor, context), over(executor, timeout) {}

    config::ProbeEndpoint endpoint;
    Offer offer;
    asio::ssl::context context{asio::ssl::context::tls_client};
    asio::ssl::stream<Tcp::socket> stream;
    asio::steady_timer over;  // at the deadline or, set forward, when there is an outcome
    asio::cancellation_signal abandon;
    std::optional<Result<CertificateFacts>> outcome;
};

Error unreachable(const config::ProbeEndpoint& endpoint, std::string_view reason) {
    return Error(Errc::unreachable, fmt::format("{}: {}", config::host_and_port(endpoint), reason));
}

std::string reason(const error_code& error) {
    if (error == asio::error::eof || error == asio::ssl::error::stream_truncated)
        return "connection closed during the TLS handshake";
    return reason_of(error);
}

// TLS 1.2 goes by the ciphers, TLS 1.3 by the signature algorithms.
void make_offer(SSL& session, Offer offer) {
    SSL_set_verify(&session, SSL_VERIFY_NONE, nullptr);
    switch (offer) {
        case Offer::anything:
            SSL_set_cipher_list(&session, "DEFAULT:@SECLEVEL=0");
            return;
        case Offer::rsa:
            SSL_set_cipher_list(&session, "aRSA:@SECLEVEL=0");
            SSL_set1_sigalgs_list(&session,
                                  "RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA1");
            return;
        case Offer::ecdsa:
            SSL_set_cipher_list(&session, "aECDSA:@SECLEVEL=0");
            SSL_set1_sigalgs_list(&session, "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512");
            return;
    }
}

// Whether the handshake ended with an alert of the other side: OpenSSL numbers those from an offset on.
bool refused_by_peer(const error_code& error) {
    return error.category() == asio::error::get_ssl_category() &&
           ERR_GET_REASON(static_cast<unsigned long>(error.value())) > SSL_AD_REASON_OFFSET;
}

Awaitable<Result<CertificateFacts>> look(Attempt& attempt, AsioNames& names) {
    const config::ProbeEndpoint& endpoint = attempt.endpoint;
    const std::string host = endpoint.address.value_or(endpoint.host);
    const auto addresses = co_await names.look_up(host, endpoint.port);
    if (!addresses) co_return unreachable(endpoint, reason(addresses.error()));

    const auto [unconnected, address] =
        co_await asio::async_connect(attempt.stream.next_layer(), *addresses, as_tuple);
    if (unconnected) co_return unreachable(endpoint, reason(unconnected));

    SSL& session = *attempt.stream.native_handle();
    make_offer(session, attempt.offer);
    set_server_name(session, endpoint.host);
    const auto [broken] = co_await attempt.stream.async_handshake(asio::ssl::stream_base::client, as_tuple);
    if (broken && !refused_by_peer(broken)) co_return unreachable(endpoint, reason(broken));

    const X509Ptr leaf(SSL_get1_peer_certificate(&session));
    if (!leaf) co_return unreachable(endpoint, broken ? reason(broken) : "no certificate was served");
    co_return facts_of(*leaf);
}

void start(const asio::any_io_executor& executor, AsioNames& names, const std::shared_ptr<Attempt>& attempt) {
    auto conclude = [attempt](const std::exception_ptr& thrown, Result<CertificateFacts> outcome) {
        if (!thrown) attempt->outcome = std::move(outcome);
        attempt->over.expires_after(Duration::zero());
    };
    asio::co_spawn(executor, look(*attempt, names),
                   asio::bind_cancellation_slot(attempt->abandon.slot(), std::move(conclude)));
}

}  // namespace

Awaitable<Result<CertificateFacts>> TlsProbe::probe(const config::ProbeEndpoint& endpoint, Offer offer) {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    const auto attempt = std::make_shared<Attempt>(executor, endpoint, offer, timeout_);
    start(executor, names_, attempt);
    const auto [cancelled] = co_await attempt->over.async_wait(as_tuple);
    if (attempt->outcome) co_return *attempt->outcome;

    attempt->abandon.emit(asio::cancellation_type::terminal);
    if (cancelled) co_return Error(Errc::interrupted, config::host_and_port(endpoint) + ": probe cancelled");
    co_return unreachable(endpoint, fmt::format("timed out after {}", to_text(timeout_)));
}

}  // namespace certferry
