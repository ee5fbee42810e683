// SPDX-License-Identifier: MIT
#include "cloud/beast_http.hpp"

#include "support/loopback_server.hpp"
#include "support/run.hpp"

#include <csignal>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

namespace certferry {
namespace {

using namespace tests;

namespace asio = boost::asio;

using Reply = LoopbackServer::Reply;
using Then = LoopbackServer::Then;

class TemporaryDirectory {
public:
    TemporaryDirectory() {
        std::string name = std::filesystem::temp_directory_path() / "certferry-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
        path_ = name;
    }
    ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    std::filesystem::path write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name) << text;
        return path_ / name;
    }

private:
    std::filesystem::path path_;
};

/// A body in one chunk, and what follows it.
std::string chunked(const std::string& body, const std::string& trailers = "") {
    return fmt::format("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{}\r\n0\r\n{}\r\n",
                       body.size(), body, trailers);
}

/// A server, the client, and a list of replies that the server gives in turn; the last one again and again.
struct Fixture {
    Fixture() { std::signal(SIGPIPE, SIG_IGN); }

    HttpRequest request(Effect effect = Effect::reads) const {
        HttpRequest made;
        made.url = fmt::format("https://127.0.0.1:{}/v2/index.php", server.port());
        made.headers = {"Content-Type: application/x-www-form-urlencoded"};
        made.body = Secret("Action=DoIt");
        made.effect = effect;
        made.ca_file = ca_file;
        // A busy machine is no failure.
        made.timeout.connect = made.timeout.total = std::chrono::seconds(50);
        return made;
    }

    Result<HttpResponse> fetch(HttpRequest request) { return run(loop, http->fetch(std::move(request))); }

    /// Turns the loop until `reached`; for a minute at most.
    void run_until(const std::function<bool()>& reached) {
        loop.restart();
        const auto limit = std::chrono::steady_clock::now() + std::chrono::minutes(1);
        while (!reached() && loop.run_one_until(limit) != 0) {
        }
        REQUIRE(reached());
    }

    Awaitable<Reply> reply(const LoopbackServer::Request& request) {
        last = request;
        const Reply next = replies.front();
        if (replies.size() > 1) replies.pop_front();
        co_return next;
    }

    /// The server calls `when_it_came` and keeps the request waiting until silence_over is cancelled.
    LoopbackServer::Handler silence(std::function<void()> when_it_came) {
        return [this, when_it_came](const LoopbackServer::Request&) { return keep_waiting(when_it_came); };
    }
    Awaitable<Reply> keep_waiting(std::function<void()> when_it_came) {
        when_it_came();
        boost::system::error_code ignored;
        co_await silence_over.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        Reply late;
        late.bytes = http_ok("too late");
        co_return late;
    }

    TemporaryDirectory directory;
    TestCertificate ca = loopback_ca();
    std::filesystem::path ca_file = directory.write("ca.pem", ca.pem());
    std::deque<Reply> replies = {{http_ok("hello"), Then::keep_open}};
    LoopbackServer::Request last;
    LoopbackServer::Handler handler = [this](const LoopbackServer::Request& request) {
        return reply(request);
    };
    asio::io_context loop;
    asio::steady_timer silence_over{loop, asio::steady_timer::time_point::max()};
    LoopbackServer server{loop, loopback_identity("IP:127.0.0.1", ca),
                          [this](const LoopbackServer::Request& request) { return handler(request); }};
    AsioNames names{loop.get_executor()};
    std::unique_ptr<BeastHttp> http = std::make_unique<BeastHttp>(loop.get_executor(), names);
};

TEST_CASE_FIXTURE(Fixture, "a request is posted as it is, and the answer comes back") {
    const auto response = fetch(request());
    REQUIRE(response.has_value());
    CHECK(response->status == 200);
    CHECK(response->body.reveal() == "hello");
    CHECK(response->date == "Tue, 24 Nov 2026 10:15:32 GMT");
    CHECK(last.body == "Action=DoIt");
    CHECK(last.head.starts_with("POST /v2/index.php HTTP/1.1\r\n"));
    CHECK(last.head.find("\r\nUser-Agent: certferry/" CERTFERRY_VERSION "\r\n") != std::string::npos);
    CHECK(last.head.find("Expect:") == std::string::npos);
    CHECK(last.head.find("Accept-Encoding:") == std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "a body of a certificate's size goes out whole, without asking first") {
    HttpRequest large = request(Effect::changes);
    large.body = Secret(std::string(60000, 'k'));
    REQUIRE(fetch(large).has_value());
    CHECK(last.body.size() == 60000);
    CHECK(last.head.find("Expect:") == std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "headers go out as they are, the secret ones too") {
    HttpRequest asked = request();
    asked.headers = {"Content-Type: application/json", "X-TC-Action: DoIt"};
    asked.secret_headers.emplace_back("X-TC-Token: a token");
    REQUIRE(fetch(std::move(asked)).has_value());
    CHECK(last.head.find("\r\nContent-Type: application/json\r\n") != std::string::npos);
    CHECK(last.head.find("\r\nX-TC-Action: DoIt\r\n") != std::string::npos);
    CHECK(last.head.find("\r\nX-TC-Token: a token\r\n") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "reads share a connection, each change has its own") {
    REQUIRE(fetch(request()).has_value());
    REQUIRE(fetch(request()).has_value());
    CHECK(server.connections() == 1);
    REQUIRE(fetch(request(Effect::changes)).has_value());
    REQUIRE(fetch(request(Effect::changes)).has_value());
    CHECK(server.connections() == 3);
    CHECK(server.resumed_sessions() == 2);
}

TEST_CASE_FIXTURE(Fixture, "a connection on which no more is to come, or too much has, is not used again") {
    const std::string last_words = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    replies = {{last_words, Then::keep_open},
               {http_ok("hello") + http_ok("unasked"), Then::keep_open},
               {http_ok("hello"), Then::keep_open}};
    for (const int connections : {1, 2, 3}) {
        const auto response = fetch(request());
        REQUIRE(response.has_value());
        CHECK(response->body.reveal() != "unasked");
        CHECK(server.connections() == connections);
    }
}

TEST_CASE_FIXTURE(Fixture, "what TLS has read beyond an answer is not taken for the next one's") {
    replies = {{http_ok("hello"), Then::keep_open, http_ok("unasked")}, {http_ok("hello"), Then::keep_open}};
    for (const int connections : {1, 2}) {
        const auto response = fetch(request());
        REQUIRE(response.has_value());
        CHECK(response->body.reveal() == "hello");
        CHECK(server.connections() == connections);
    }
}

TEST_CASE_FIXTURE(Fixture, "an answer that only says that the answer will come is not the answer") {
    replies = {{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + http_ok("hello"),
                Then::keep_open},
               {http_ok("again"), Then::keep_open}};
    const auto response = fetch(request(Effect::changes));
    REQUIRE(response.has_value());
    CHECK(response->status == 200);
    CHECK(response->body.reveal() == "hello");
    CHECK(fetch(request())->body.reveal() == "again");
}

TEST_CASE_FIXTURE(Fixture, "an answer may come in chunks, or have no body") {
    replies = {{chunked("hello", "X: later\r\n"), Then::keep_open},
               {"HTTP/1.1 204 No Content\r\n\r\n", Then::keep_open}};
    CHECK(fetch(request())->body.reveal() == "hello");
    const auto empty = fetch(request());
    REQUIRE(empty.has_value());
    CHECK(empty->status == 204);
    CHECK(empty->body.reveal().empty());
    CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a session that one ca_file vouches for is not resumed by requests without it") {
    REQUIRE(fetch(request(Effect::changes)).has_value());
    HttpRequest without_ca = request(Effect::changes);
    without_ca.ca_file.reset();
    CHECK(fetch(without_ca).error().code() == Errc::tls_untrusted);
    CHECK(server.resumed_sessions() == 0);
}

TEST_CASE_FIXTURE(Fixture, "an error status is an answer, and a redirect is not followed") {
    replies = {
        {fmt::format("HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:{}/\r\nContent-Length: 0\r\n\r\n",
                     server.port()),
         Then::keep_open}};
    const auto response = fetch(request());
    REQUIRE(response.has_value());
    CHECK(response->status == 302);
    CHECK(server.requests() == 1);
}

TEST_CASE_FIXTURE(Fixture, "the proxies of the environment are not used") {
    ::setenv("https_proxy", "http://127.0.0.1:1", 1);
    const auto response = fetch(request());
    ::unsetenv("https_proxy");
    CHECK(response.has_value());
}

// ---- nothing was sent

TEST_CASE_FIXTURE(Fixture, "a port where nobody listens is unreachable") {
    asio::ip::tcp::acceptor unused(loop, {asio::ip::address_v4::loopback(), 0});
    const auto port = unused.local_endpoint().port();
    unused.close();
    HttpRequest lost = request(Effect::changes);
    lost.url = fmt::format("https://127.0.0.1:{}/", port);
    const auto response = fetch(lost);
    REQUIRE(!response);
    CHECK(response.error().code() == Errc::unreachable);
    CHECK(response.error().message() == fmt::format("127.0.0.1:{}: connection refused", port));
}

TEST_CASE_FIXTURE(Fixture, "a name that does not resolve is unreachable") {
    HttpRequest lost = request(Effect::changes);
    lost.url = "https://certferry.invalid/";
    const auto response = fetch(lost);
    REQUIRE(!response);
    CHECK(response.error().code() == Errc::unreachable);
    CHECK(response.error().message() == "certferry.invalid: the name does not resolve");
}

TEST_CASE_FIXTURE(Fixture, "a server that never shakes hands is unreachable within the connect timeout") {
    const asio::ip::tcp::acceptor deaf(loop, {asio::ip::address_v4::loopback(), 0});
    HttpRequest lost = request(Effect::changes);
    lost.url = fmt::format("https://127.0.0.1:{}/", deaf.local_endpoint().port());
    lost.timeout.connect = std::chrono::milliseconds(100);
    const auto response = fetch(lost);
    REQUIRE(!response);
    CHECK(response.error().code() == Errc::unreachable);
    CHECK(response.error().message().find("no connection within 100ms") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "plain http is refused") {
    HttpRequest plain = request(Effect::changes);
    plain.url.replace(0, 5, "http");
    CHECK(fetch(plain).error().code() == Errc::unreachable);
}

TEST_CASE_FIXTURE(Fixture, "plain http is spoken where a request says so, and then nothing else") {
    asio::ip::tcp::acceptor acceptor(loop, {asio::ip::address_v4::loopback(), 0});
    std::string head;
    auto answer_once = [&]() -> Awaitable<void> {
        asio::ip::tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
        co_await asio::async_read_until(socket, asio::dynamic_buffer(head), "\r\n\r\n", asio::use_awaitable);
        const std::string bytes = http_ok("a role");
        co_await asio::async_write(socket, asio::buffer(bytes), asio::use_awaitable);
    };
    asio::co_spawn(loop, answer_once(), asio::detached);
    HttpRequest plain;
    plain.method = Method::get;
    plain.plain_http = true;
    plain.url = fmt::format("http://127.0.0.1:{}/latest/", acceptor.local_endpoint().port());
    const auto response = fetch(plain);
    REQUIRE(response.has_value());
    CHECK(response->body.reveal() == "a role");
    CHECK(head.starts_with("GET /latest/ HTTP/1.1\r\n"));
    CHECK(head.find("Content-Length") == std::string::npos);

    HttpRequest secure = request();
    secure.plain_http = true;
    CHECK(fetch(secure).error().code() == Errc::unreachable);
}

TEST_CASE_FIXTURE(Fixture, "a certificate of an unknown issuer is not trusted, and nothing is sent") {
    HttpRequest without_ca = request(Effect::changes);
    without_ca.ca_file.reset();
    const auto response = fetch(without_ca);
    REQUIRE(!response);
    CHECK(response.error().code() == Errc::tls_untrusted);
    CHECK(response.error().message().starts_with(fmt::format("127.0.0.1:{}: ", server.port())));
    CHECK(server.requests() == 0);
}

TEST_CASE_FIXTURE(Fixture, "a certificate for another name is not trusted, and nothing is sent") {
    LoopbackServer other(loop, loopback_identity("other.test", ca), handler);
    HttpRequest misdirected = request(Effect::changes);
    misdirected.url = fmt::format("https://127.0.0.1:{}/", other.port());
    CHECK(fetch(misdirected).error().code() == Errc::tls_untrusted);
    CHECK(other.requests() == 0);
}

TEST_CASE_FIXTURE(Fixture, "a ca_file that cannot be read is named") {
    HttpRequest misconfigured = request();
    misconfigured.ca_file = "/nonexistent/ca.pem";
    const auto response = fetch(misconfigured);
    REQUIRE(!response);
    CHECK(response.error().code() == Errc::tls_untrusted);
    CHECK(response.error().message().find("ca_file /nonexistent/ca.pem") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "a ca_file adds to the system's roots and does not replace them") {
    const auto other_ca = directory.write("other.pem", loopback_ca().pem());
    // Where OpenSSL takes the system's roots from.
    ::setenv("SSL_CERT_FILE", ca_file.c_str(), 1);
    HttpRequest both = request();
    both.ca_file = other_ca;
    const auto response = fetch(both);
    ::unsetenv("SSL_CERT_FILE");
    CHECK(response.has_value());
}

TEST_CASE_FIXTURE(Fixture, "a connection that one ca_file vouches for is not used by requests without it") {
    REQUIRE(fetch(request()).has_value());
    HttpRequest without_ca = request();
    without_ca.ca_file.reset();
    CHECK(fetch(without_ca).error().code() == Errc::tls_untrusted);
}

TEST_CASE_FIXTURE(Fixture, "who gave up while a name was looked up sends nothing afterwards") {
    const LoopbackServer named(loop, loopback_identity("localhost", ca), handler);
    HttpRequest hasty = request(Effect::changes);
    hasty.url = fmt::format("https://localhost:{}/", named.port());
    asio::cancellation_signal signal;
    std::optional<Result<HttpResponse>> response;
    auto done = [&](std::exception_ptr, Result<HttpResponse> result) { response = std::move(result); };
    asio::co_spawn(loop, http->fetch(hasty), asio::bind_cancellation_slot(signal.slot(), done));
    loop.poll();
    signal.emit(asio::cancellation_type::terminal);
    run_until([&] { return response.has_value(); });
    CHECK(response->error().code() == Errc::interrupted);
    // By the end of these, what was begun before them has had its time.
    for (const Effect effect : {Effect::reads, Effect::changes, Effect::changes})
        REQUIRE(fetch(request(effect)).has_value());
    CHECK(named.connections() == 0);
}

// ---- it may have been sent

TEST_CASE_FIXTURE(Fixture,
                  "a change whose connection dies before the answer was done once, and is ambiguous") {
    REQUIRE(fetch(request()).has_value());  // leaves a connection in the pool
    replies = {{"", Then::reset}, {http_ok("again"), Then::keep_open}};
    const auto response = fetch(request(Effect::changes));
    REQUIRE(!response);
    CHECK(response.error().code() == Errc::answer_lost);
    CHECK(server.requests() == 2);
}

TEST_CASE_FIXTURE(Fixture, "a change that is closed on without an answer says so") {
    replies = {{"", Then::close}};
    const auto response = fetch(request(Effect::changes));
    REQUIRE(!response);
    CHECK(response.error().code() == Errc::answer_lost);
    CHECK(server.requests() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a read whose pooled connection dies is sent again") {
    REQUIRE(fetch(request()).has_value());
    replies = {{"", Then::reset}, {http_ok("again"), Then::keep_open}};
    const auto response = fetch(request());
    REQUIRE(response.has_value());
    CHECK(response->body.reveal() == "again");
    CHECK(server.requests() == 3);
}

TEST_CASE_FIXTURE(Fixture, "a read whose answer has begun is not sent again") {
    REQUIRE(fetch(request()).has_value());
    replies = {{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", Then::close}};
    CHECK(fetch(request()).error().code() == Errc::read_failed);
    CHECK(server.requests() == 2);
}

TEST_CASE_FIXTURE(Fixture, "after a pooled connection has died, a new one has the time that any has") {
    REQUIRE(fetch(request()).has_value());
    replies = {{"", Then::reset}};
    HttpRequest hasty = request();
    hasty.timeout.connect = std::chrono::milliseconds(200);
    hasty.timeout.total = std::chrono::minutes(2);  // longer than the test waits
    // Between the two, the server goes deaf.
    handler = [&](const LoopbackServer::Request& asked) {
        server.go_deaf();
        return reply(asked);
    };
    const auto response = fetch(hasty);
    REQUIRE(!response);
    CHECK(response.error().code() == Errc::unreachable);
    CHECK(response.error().message().find("no connection within 200ms") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture,
                  "an answer that does not come, breaks off, is no HTTP or is too large fails by effect") {
    struct Case {
        const char* what;
        Reply reply;
        Errc as_read;
    };
    const std::string half = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";
    const std::string endless_header = "HTTP/1.1 200 OK\r\nX: " + std::string(70000, 'x') + "\r\n\r\n";
    const std::vector<Case> cases = {
        {"closed", {"", Then::close}, Errc::read_failed},
        {"half", {half, Then::close}, Errc::read_failed},
        {"no HTTP", {"220 mail.test ESMTP\r\n", Then::close}, Errc::answer_malformed},
        {"body over 1 MiB",
         {http_ok(std::string((1U << 20U) + 1, 'x')), Then::close},
         Errc::answer_malformed},
        {"headers over 64 KiB", {endless_header, Then::close}, Errc::answer_malformed},
        {"trailers over 64 KiB",
         {chunked("hi", "X: " + std::string(70000, 'x') + "\r\n"), Then::close},
         Errc::answer_malformed},
    };
    for (const Case& broken : cases) {
        CAPTURE(broken.what);
        replies = {broken.reply};
        CHECK(fetch(request(Effect::reads)).error().code() == broken.as_read);
        CHECK(fetch(request(Effect::changes)).error().code() == Errc::answer_lost);
    }
}

TEST_CASE_FIXTURE(Fixture, "a body of exactly 1 MiB is taken") {
    replies = {{http_ok(std::string(1U << 20U, 'x')), Then::keep_open}};
    const auto response = fetch(request());
    REQUIRE(response.has_value());
    CHECK(response->body.reveal().size() == 1U << 20U);
}

TEST_CASE_FIXTURE(Fixture,
                  "an answer may be as large as its request says, and what to do with a larger one is told") {
    HttpRequest patient = request();
    patient.answer_max = 3U << 20U;
    replies = {{http_ok(std::string(3U << 20U, 'x')), Then::keep_open}};
    CHECK(fetch(patient).has_value());

    replies = {{http_ok(std::string((3U << 20U) + 1, 'x')), Then::close}};
    const auto larger = fetch(patient);
    REQUIRE(!larger);
    CHECK(larger.error().code() == Errc::answer_malformed);
    CHECK(larger.error().message().find("3145728 of body") != std::string::npos);
    CHECK(larger.error().remedy().find("spread its listeners over several") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "an answer that does not come in time fails by effect") {
    handler = silence([] {});
    for (const auto& [effect, code] :
         {std::pair(Effect::reads, Errc::read_failed), std::pair(Effect::changes, Errc::answer_lost)}) {
        HttpRequest patient = request(effect);
        patient.timeout.total = std::chrono::milliseconds(100);
        Result<HttpResponse> response = fetch(patient);
        // However slow this machine is: until the request gets as far as the server.
        while (response.has_error() && response.error().code() == Errc::unreachable) {
            patient.timeout.total *= 2;
            response = fetch(patient);
        }
        REQUIRE(!response);
        CHECK(response.error().code() == code);
        CHECK(response.error().message().find("no answer within " + to_text(patient.timeout.total)) !=
              std::string::npos);
    }
}

// ---- given up

TEST_CASE_FIXTURE(Fixture, "a fetch that is cancelled ends at once and hangs up") {
    for (const auto& [effect, code] :
         {std::pair(Effect::reads, Errc::interrupted), std::pair(Effect::changes, Errc::answer_lost)}) {
        asio::cancellation_signal signal;
        handler = silence([&] { signal.emit(asio::cancellation_type::terminal); });
        std::optional<Result<HttpResponse>> response;
        auto done = [&](std::exception_ptr, Result<HttpResponse> result) {
            response = std::move(result);
            silence_over.cancel();
        };
        asio::co_spawn(loop, http->fetch(request(effect)), asio::bind_cancellation_slot(signal.slot(), done));
        const int hung_up_before = server.hung_up();
        run_until([&] { return server.hung_up() > hung_up_before; });
        REQUIRE(response);
        CHECK(response->error().code() == code);
    }
}

TEST_CASE_FIXTURE(Fixture, "a client that goes away ends the fetches that are pending") {
    handler = silence([&] { http.reset(); });
    auto pending = http->fetch(request(Effect::changes));
    const auto response = run(loop, std::move(pending));
    REQUIRE(!response);
    CHECK(response.error().code() == Errc::answer_lost);
    CHECK(response.error().message() ==
          fmt::format("127.0.0.1:{}: given up while the answer was awaited", server.port()));
}

TEST_CASE_FIXTURE(Fixture, "a loop that stops with a fetch pending takes it along") {
    handler = silence([&] { loop.stop(); });
    bool ended = false;
    auto done = [&](std::exception_ptr, Result<HttpResponse>) { ended = true; };
    asio::co_spawn(loop, http->fetch(request()), done);
    loop.run_for(std::chrono::minutes(1));
    CHECK(server.requests() == 1);
    http.reset();
    CHECK(!ended);
}

// ---- side by side

TEST_CASE_FIXTURE(Fixture, "twenty requests are under way at the same time") {
    constexpr int all = 20;
    asio::steady_timer gate(loop, asio::steady_timer::time_point::max());
    int here = 0;
    // None is answered before all have come.
    auto meet = [&](const LoopbackServer::Request&) -> Awaitable<Reply> {
        if (++here == all) gate.expires_at(asio::steady_timer::time_point::min());
        boost::system::error_code ignored;
        co_await gate.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        Reply reply;
        reply.bytes = http_ok("met");
        co_return reply;
    };
    handler = meet;
    int met = 0;
    for (int number = 0; number < all; ++number) {
        const Effect effect = number % 2 == 0 ? Effect::reads : Effect::changes;
        auto count = [&](std::exception_ptr, Result<HttpResponse> response) {
            met += response.has_value() && response->body.reveal() == "met" ? 1 : 0;
            if (--here == 0) loop.stop();
        };
        asio::co_spawn(loop, http->fetch(request(effect)), count);
    }
    loop.run_for(std::chrono::minutes(1));
    CHECK(met == all);
}

}  // namespace
}  // namespace certferry
