// SPDX-License-Identifier: MIT
#include "cloud/beast_http.hpp"

#include "base/asio_reason.hpp"
#include "base/expect_no_exception.hpp"
#include "cloud/beast_message.hpp"
#include "cloud/beast_pool.hpp"
#include "cloud/tls_trust.hpp"
#include "cloud/url.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <string_view>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <fmt/format.h>

namespace certferry {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

namespace {

/// A request on its way. It outlives the wait for it when that ends first: a name may still be looked up, so
/// the one who waits leaves, and the attempt ends by itself at its next step.
struct Exchange {
    Exchange(const asio::any_io_executor& executor, HttpRequest asked, std::shared_ptr<TlsRoots> vouching)
        : request(std::move(asked)),
          place(url_authority(request.url), std::move(vouching)),
          began(Clock::now()),
          limit(executor, connected_by()) {}

    Clock::time_point over_by() const { return began + request.timeout.total; }
    Clock::time_point connected_by() const {
        return std::min(Clock::now() + request.timeout.connect, over_by());
    }

    /// The first word counts: what comes after the wait has ended is not heard any more.
    void conclude(Result<HttpResponse> with) {
        if (outcome) return;
        outcome = std::move(with);
        if (connection) connection->close();
        limit.cancel();
    }

    HttpRequest request;
    ConnectionPlace place;
    Clock::time_point began;
    asio::steady_timer limit;  // until the connection stands; then, for the whole
    std::unique_ptr<BeastConnection> connection;
    bool sent = false;  // or it may have been
    std::optional<Result<HttpResponse>> outcome;
};

struct Answer {
    void await(const HttpRequest& request) {
        parser.emplace();
        parser->header_limit(static_cast<std::uint32_t>(http_headers_max));
        parser->body_limit(request.answer_max);
    }

    /// One that only says that the answer will come (RFC 9110 §15.2).
    bool is_interim() const {
        const unsigned status = parser->get().result_int();
        return status >= 100 && status < 200 && status != 101;
    }

    // Bounds, too, what follows a body that comes in chunks: Beast has no other limit for that.
    BeastBuffer buffer{http_headers_max};
    std::optional<BeastParser> parser;
};

bool is_too_large(const error_code& failed) {
    return failed == http::error::header_limit || failed == http::error::body_limit ||
           failed == http::error::buffer_overflow;
}

bool is_closed(const error_code& failed) {
    return failed == http::error::end_of_stream || failed == http::error::partial_message ||
           failed == asio::error::eof || failed == asio::ssl::error::stream_truncated;
}

bool is_not_http(const error_code& failed) {
    return failed.category() == make_error_code(http::error::bad_version).category() && !is_closed(failed);
}

std::string reason(const Exchange& exchange, const Answer& answer, const error_code& failed) {
    if (is_too_large(failed))
        return fmt::format("an answer over {} bytes of headers or {} of body", http_headers_max,
                           exchange.request.answer_max);
    if (is_closed(failed))
        return answer.parser->got_some() ? "the connection closed before the end of the answer"
                                         : "the connection closed without an answer";
    return is_not_http(failed) ? "the answer is no HTTP: " + reason_of(failed) : reason_of(failed);
}

Errc class_of_lost(const HttpRequest& request) {
    return request.effect == Effect::changes ? Errc::answer_lost : Errc::read_failed;
}

Error no_answer(const Exchange& exchange, const Answer& answer, const error_code& failed) {
    const bool malformed = exchange.request.effect == Effect::reads && is_not_http(failed);
    Error error(malformed ? Errc::answer_malformed : class_of_lost(exchange.request),
                reason(exchange, answer, failed));
    if (!malformed || !is_too_large(failed)) return error;
    return error.with_remedy(
        "check that the endpoint is Tencent's and no proxy answers in its place; if the answer is about "
        "a load balancer, spread its listeners over several");
}

Error timed_out(const Exchange& exchange) {
    const config::Timeout& timeout = exchange.request.timeout;
    if (exchange.sent)
        return {class_of_lost(exchange.request), fmt::format("no answer within {}", to_text(timeout.total))};
    return {Errc::unreachable,
            fmt::format("no connection within {}", to_text(std::min(timeout.connect, timeout.total)))};
}

Error interrupted(const Exchange& exchange) {
    const bool lost = exchange.request.effect == Effect::changes && exchange.sent;
    return {lost ? Errc::answer_lost : Errc::interrupted,
            lost ? "given up while the answer was awaited" : "given up before the end"};
}

std::string_view scheme(const HttpRequest& request) {
    return request.plain_http ? "http://" : "https://";
}

Awaitable<error_code> read(Exchange& exchange, Answer& answer) {
    error_code failed;
    do {
        answer.await(exchange.request);
        failed = co_await exchange.connection->read(answer.buffer, *answer.parser);
    } while (!failed && answer.is_interim());
    co_return failed;
}

Awaitable<error_code> converse(Exchange& exchange, Answer& answer) {
    exchange.limit.expires_at(exchange.over_by());
    exchange.sent = true;
    answer.await(exchange.request);
    const Secret text = request_text(exchange.request);
    const error_code failed = co_await exchange.connection->write(text);
    if (failed) co_return failed;
    co_return co_await read(exchange, answer);
}

}  // namespace

// Exchanges hold it: they may end after the client has gone.
struct BeastHttp::State {
    State(asio::any_io_executor on, AsioNames& of) : executor(std::move(on)), names(of) {}

    Awaitable<Result<HttpResponse>> perform(Exchange& exchange);
    Awaitable<Result<HttpResponse>> perform_anew(Exchange& exchange);
    Awaitable<Result<void>> connect(Exchange& exchange);
    Result<HttpResponse> end(Exchange& exchange, const Answer& answer, const error_code& failed);

    asio::any_io_executor executor;
    AsioNames& names;
    TlsTrust trust;
    BeastPool pool;
    std::set<std::shared_ptr<Exchange>> pending;
};

// A connection that others have used may have died unnoticed; nothing came of it then, and to read again does
// no harm.
Awaitable<Result<HttpResponse>> BeastHttp::State::perform(Exchange& exchange) {
    if (exchange.request.effect == Effect::reads)
        exchange.connection = pool.take(exchange.place, Clock::now());
    if (exchange.connection) {
        Answer answer;
        const error_code failed = co_await converse(exchange, answer);
        const bool died = failed && !answer.parser->got_some();
        if (!died) co_return end(exchange, answer, failed);
        exchange.sent = false;
    }
    co_return co_await perform_anew(exchange);
}

Awaitable<Result<HttpResponse>> BeastHttp::State::perform_anew(Exchange& exchange) {
    Result<void> connected = co_await connect(exchange);
    if (!connected) co_return connected.error();
    Answer answer;
    const error_code failed = co_await converse(exchange, answer);
    co_return end(exchange, answer, failed);
}

Awaitable<Result<void>> BeastHttp::State::connect(Exchange& exchange) {
    if (exchange.outcome) co_return interrupted(exchange);
    const HttpRequest& request = exchange.request;
    exchange.limit.expires_at(exchange.connected_by());
    auto addresses =
        co_await names.look_up(url_name(request.url), url_port(request.url).value_or(usual_port(request)));
    if (exchange.outcome) co_return interrupted(exchange);
    if (!addresses)
        co_return Error(Errc::unreachable,
                        addresses.error() == asio::error::host_not_found
                            ? "the name does not resolve"
                            : "the name was not looked up: " + reason_of(addresses.error()));

    exchange.connection = std::make_unique<BeastConnection>(executor, exchange.place.second);
    const error_code refused =
        co_await exchange.connection->connect(*std::move(addresses), exchange.limit.expiry());
    if (refused == beast::error::timeout) co_return timed_out(exchange);
    if (refused) co_return Error(Errc::unreachable, reason_of(refused));
    co_return co_await exchange.connection->shake_hands(request.url);
}

Result<HttpResponse> BeastHttp::State::end(Exchange& exchange, const Answer& answer,
                                           const error_code& failed) {
    if (failed) return no_answer(exchange, answer, failed);
    exchange.connection->remember_session(exchange.request.url);
    const bool reusable = answer.parser->keep_alive() && answer.buffer.size() == 0;
    if (reusable && exchange.request.effect == Effect::reads)
        pool.put(exchange.place, std::move(exchange.connection), Clock::now());
    return response_of(*answer.parser);
}

namespace {

/// Until there is an outcome, whose ever.
Awaitable<void> wait(Exchange& exchange) {
    while (!exchange.outcome) {
        co_await exchange.limit.async_wait(asio::as_tuple(asio::use_awaitable));
        const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none)
            exchange.conclude(interrupted(exchange));
        else if (Clock::now() >= exchange.limit.expiry())
            exchange.conclude(timed_out(exchange));
    }
}

}  // namespace

BeastHttp::BeastHttp(asio::any_io_executor executor, AsioNames& names)
    : state_(std::make_shared<State>(std::move(executor), names)) {}

BeastHttp::~BeastHttp() {
    for (const auto& exchange : state_->pending) exchange->conclude(interrupted(*exchange));
}

Awaitable<Result<HttpResponse>> BeastHttp::fetch(HttpRequest request) {
    const std::string place(url_authority(request.url));
    if (!request.url.starts_with(scheme(request)))
        co_return Error(Errc::unreachable, fmt::format("{}: not {}", place, scheme(request)));
    std::shared_ptr<TlsRoots> vouching;
    if (!request.plain_http) {
        const auto roots = state_->trust.roots(request.ca_file, Clock::now());
        if (!roots) co_return roots.error().within(place);
        vouching = *roots;
    }

    const auto state = state_;  // this BeastHttp may go meanwhile
    const auto exchange = std::make_shared<Exchange>(state->executor, std::move(request), vouching);
    state->pending.insert(exchange);
    asio::co_spawn(state->executor, state->perform(*exchange),
                   [state, exchange](const std::exception_ptr& thrown, Result<HttpResponse> answer) {
                       expect_no_exception(thrown);
                       exchange->conclude(std::move(answer));
                   });
    co_await wait(*exchange);
    state->pending.erase(exchange);
    if (exchange->outcome->has_error()) co_return exchange->outcome->error().within(place);
    co_return *std::move(exchange->outcome);
}

}  // namespace certferry
