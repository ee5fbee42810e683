// SPDX-License-Identifier: MIT
#include "cloud/curl_http.hpp"

#include "cloud/curl_multi.hpp"
#include "cloud/curl_trust.hpp"
#include "cloud/url.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <cstring>
#include <new>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <openssl/crypto.h>

namespace certferry {
namespace {

constexpr std::size_t headers_max = std::size_t{64} << 10U;
constexpr long reuse_idle_max_seconds = 30;
constexpr long reuse_age_max_seconds = 300;
constexpr auto sessions_age_max = std::chrono::hours(24);  // as of the roots: CurlTrust
constexpr long stalled_bytes_per_second = 1;
constexpr long stalled_seconds = 30;

struct EasyDeleter {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct ListDeleter {
    void operator()(curl_slist* list) const {
        for (const curl_slist* item = list; item != nullptr; item = item->next)
            OPENSSL_cleanse(item->data, std::strlen(item->data));
        curl_slist_free_all(list);
    }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

/// What one exchange needs while curl is at it. It stays where it is: curl holds pointers to its parts.
struct Exchange {
    Exchange(const HttpRequest& asked, std::shared_ptr<CURLSH> shared)
        : request(asked), tls_sessions(std::move(shared)) {
        curl_easy_setopt(easy.get(), CURLOPT_SHARE, tls_sessions.get());
    }

    const HttpRequest& request;
    std::shared_ptr<CURLSH> tls_sessions;
    HeaderList headers;
    Secret body;
    std::size_t header_bytes = 0;
    bool too_large = false;
    std::array<char, CURL_ERROR_SIZE> words{};
    // Last, so that it goes first.
    Easy easy{curl_easy_init()};
};

// A change has a connection of its own, but need not shake hands from the beginning: curl resumes a session
// only for the same host, roots and rules.
std::shared_ptr<CURLSH> shared_tls_sessions() {
    std::shared_ptr<CURLSH> shared(curl_share_init(), [](CURLSH* share) { curl_share_cleanup(share); });
    if (shared == nullptr) throw std::bad_alloc();
    curl_share_setopt(shared.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    return shared;
}

std::size_t on_body(const char* data, std::size_t /*one*/, std::size_t size, void* context) noexcept {
    auto& exchange = *static_cast<Exchange*>(context);
    exchange.too_large = exchange.body.reveal().size() + size > exchange.request.answer_max;
    if (exchange.too_large) return 0;
    exchange.body.append({data, size});
    return size;
}

std::size_t on_header(const char* /*data*/, std::size_t /*one*/, std::size_t size, void* context) noexcept {
    auto& exchange = *static_cast<Exchange*>(context);
    exchange.header_bytes += size;
    exchange.too_large = exchange.header_bytes > headers_max;
    return exchange.too_large ? 0 : size;
}

void set_transport(CURL* easy, bool plain_http) {
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, plain_http ? "http" : "https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    // Without it, giving up during a name lookup blocks the loop until the resolver is done.
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "certferry/" CERTFERRY_VERSION);
}

void set_limits(CURL* easy, const config::Timeout& timeout) {
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(timeout.connect.count()));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.total.count()));
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, stalled_bytes_per_second);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, stalled_seconds);
}

void set_reuse(CURL* easy, Effect effect) {
    const bool once = effect == Effect::changes;
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, long{once});
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, long{once});
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, reuse_idle_max_seconds);
    curl_easy_setopt(easy, CURLOPT_MAXLIFETIME_CONN, reuse_age_max_seconds);
}

void add_header(HeaderList& headers, const char* header) {
    headers.reset(curl_slist_append(headers.release(), header));
}

void set_headers(Exchange& exchange) {
    for (const std::string& header : exchange.request.headers) add_header(exchange.headers, header.c_str());
    for (Secret header : exchange.request.secret_headers) {
        constexpr char end = '\0';
        header.append({&end, 1});
        add_header(exchange.headers, header.reveal().data());
    }
    add_header(exchange.headers, "Expect:");
    curl_easy_setopt(exchange.easy.get(), CURLOPT_HTTPHEADER, exchange.headers.get());
}

void set_body(CURL* easy, std::string_view body) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    // By pointer, not copied: it may carry a private key.
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.empty() ? "" : body.data());
}

void set_message(Exchange& exchange) {
    CURL* const easy = exchange.easy.get();
    curl_easy_setopt(easy, CURLOPT_URL, exchange.request.url.c_str());
    if (exchange.request.method == Method::post) set_body(easy, exchange.request.body.reveal());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &exchange);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange.words.data());
}

bool was_sent(CURL* easy) {
    long sent = 0;
    curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &sent);
    return sent > 0;
}

bool is_distrust(CURLcode result) {
    return result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_CACERT_BADFILE ||
           result == CURLE_SSL_ISSUER_ERROR || result == CURLE_SSL_INVALIDCERTSTATUS;
}

bool is_not_http(const Exchange& exchange, CURLcode result) {
    return exchange.too_large || result == CURLE_UNSUPPORTED_PROTOCOL || result == CURLE_WEIRD_SERVER_REPLY ||
           result == CURLE_BAD_CONTENT_ENCODING;
}

Errc classify(const Exchange& exchange, CURLcode result) {
    const bool changes = exchange.request.effect == Effect::changes;
    if (!was_sent(exchange.easy.get())) return is_distrust(result) ? Errc::tls_untrusted : Errc::unreachable;
    if (changes) return Errc::answer_lost;
    return is_not_http(exchange, result) ? Errc::answer_malformed : Errc::read_failed;
}

std::string connect_failure(CURL* easy) {
    long number = 0;
    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number);
    if (number == 0) return "no connection";
    std::string reason = std::generic_category().message(static_cast<int>(number));
    reason.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(reason.front())));
    return reason;
}

std::string timeout_failure(const Exchange& exchange) {
    const config::Timeout& timeout = exchange.request.timeout;
    if (was_sent(exchange.easy.get())) return fmt::format("no answer within {}", to_text(timeout.total));
    return fmt::format("no connection within {}", to_text(std::min(timeout.connect, timeout.total)));
}

std::string reason(const Exchange& exchange, CURLcode result) {
    if (exchange.too_large)
        return fmt::format("an answer over {} bytes of headers or {} of body", headers_max,
                           exchange.request.answer_max);
    switch (result) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return "the name does not resolve";
        case CURLE_COULDNT_CONNECT:
            return connect_failure(exchange.easy.get());
        case CURLE_OPERATION_TIMEDOUT:
            return timeout_failure(exchange);
        case CURLE_GOT_NOTHING:
            return "the connection closed without an answer";
        default:
            return exchange.words.front() != '\0' ? exchange.words.data() : curl_easy_strerror(result);
    }
}

Error interrupted(const Exchange& exchange) {
    const bool lost = exchange.request.effect == Effect::changes && was_sent(exchange.easy.get());
    return {lost ? Errc::answer_lost : Errc::interrupted,
            lost ? "given up while the answer was awaited" : "given up before the end"};
}

HttpResponse response(Exchange& exchange) {
    CURL* const easy = exchange.easy.get();
    HttpResponse answer;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    answer.body = std::move(exchange.body);
    curl_header* date = nullptr;
    if (curl_easy_header(easy, "Date", 0, CURLH_HEADER, -1, &date) == CURLHE_OK) answer.date = date->value;
    return answer;
}

Result<HttpResponse> outcome(Exchange& exchange, std::optional<CURLcode> result) {
    if (!result) return interrupted(exchange);
    if (*result == CURLE_OK) return response(exchange);
    const Error error(classify(exchange, *result), reason(exchange, *result));
    if (!exchange.too_large || error.code() != Errc::answer_malformed) return error;
    return error.with_remedy(
        "check that the endpoint is Tencent's and no proxy answers in its place; if the answer is about "
        "a load balancer, spread its listeners over several");
}

}  // namespace

CurlHttp::CurlHttp(boost::asio::any_io_executor executor)
    : trust_(std::make_unique<CurlTrust>()),
      tls_sessions_(shared_tls_sessions()),
      multi_(std::make_unique<CurlMulti>(std::move(executor))) {}

CurlHttp::~CurlHttp() = default;

// A resumed session is not verified again, and brings the next one.
std::shared_ptr<void> CurlHttp::tls_sessions() {
    const auto now = std::chrono::steady_clock::now();
    if (now - sessions_since_ > sessions_age_max) {
        tls_sessions_ = shared_tls_sessions();
        sessions_since_ = now;
    }
    return tls_sessions_;
}

Awaitable<Result<HttpResponse>> CurlHttp::fetch(HttpRequest request) {
    Exchange exchange(request, tls_sessions());
    CURL* const easy = exchange.easy.get();
    set_transport(easy, request.plain_http);
    set_limits(easy, request.timeout);
    set_reuse(easy, request.effect);
    set_headers(exchange);
    set_message(exchange);
    const std::string_view place = url_authority(request.url);
    const Result<CurlTrust::Roots> roots = trust_->set(easy, request.ca_file);
    if (!roots) co_return roots.error().within(place);

    const std::optional<CURLcode> result = co_await multi_->perform(easy);
    // This CurlHttp may be gone by now.
    Result<HttpResponse> answer = outcome(exchange, result);
    if (!answer) co_return answer.error().within(place);
    co_return answer;
}

}  // namespace certferry
