// SPDX-License-Identifier: MIT
#include "report/site.hpp"

#include "config/find_mapping.hpp"
#include "report/history_json.hpp"
#include "report/host_check.hpp"
#include "report/metrics.hpp"

#include <algorithm>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace certferry {
namespace {

namespace json = boost::json;

constexpr const char* plain = "text/plain; charset=utf-8";
constexpr const char* prometheus = "text/plain; version=0.0.4; charset=utf-8";
constexpr const char* json_type = "application/json";

WebReply sentence(unsigned status, std::string text) {
    return {status, plain, std::move(text) + "\n"};
}

WebReply failure(const Error& error) {
    return sentence(500, describe(error));
}

WebReply of_json(const json::object& object) {
    return {200, json_type, json::serialize(object) + "\n"};
}

struct Target {
    std::string_view path;
    std::string_view query;
};

Target split(std::string_view target) {
    const std::size_t mark = target.find('?');
    if (mark == std::string_view::npos) return {target, {}};
    return {target.substr(0, mark), target.substr(mark + 1)};
}

// Names need no escapes (config/forms.hpp).
std::string_view value_in(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == name)
            return pair.substr(equals + 1);
    }
    return {};
}

// Marked as weak: the time in it may differ.
std::string etag_of(std::string_view tag) {
    return fmt::format(R"(W/"{}")", tag);
}

bool has_it(const WebRequest& request, std::string_view etag) {
    return request.if_none_match.find(etag) != std::string::npos;
}

WebReply not_modified(std::string etag) {
    WebReply reply;
    reply.status = 304;
    reply.headers.emplace_back("ETag", std::move(etag));
    return reply;
}

}  // namespace

Site::Site(SitePorts ports, config::Http http)
    : ports_(std::move(ports)),
      http_(std::move(http)),
      page_(make_page()),
      page_tag_(fmt::format("{:016x}", std::hash<std::string>()(page_.html))),
      snapshot_(ports_.executor, ports_.clock, [this] { return ports_.snapshot(); }),
      status_(ports_.executor, ports_.clock, [this] { return make_status(); }),
      metrics_(ports_.executor, ports_.clock, [this] { return make_metrics(); }) {}

Awaitable<WebReply> Site::answer(WebRequest request) {
    if (!may_ask_by(request.host, http_))
        co_return sentence(421, "This name is not one of mine: add it to http.hosts if it should be.");
    if (request.method != "GET" && request.method != "HEAD") {
        WebReply refused = sentence(405, "There is nothing to change here: only GET and HEAD.");
        refused.headers.emplace_back("Allow", "GET, HEAD");
        co_return refused;
    }
    co_return co_await find(std::move(request));
}

Awaitable<WebReply> Site::find(WebRequest request) {
    const auto [path, query] = split(request.target);
    if (path == "/") co_return page(request);
    if (path == "/status.json") co_return co_await status(std::move(request));
    if (path == "/recent.json") co_return recent();
    if (path == "/history.json") co_return co_await history(query);
    if (path == "/metrics") co_return co_await metrics();
    if (path == "/healthz") co_return sentence(200, "alive");
    if (path == "/readyz") co_return ready(request);
    co_return sentence(404,
                       "There is no such page: /, /status.json, /recent.json, /history.json?mapping=NAME, "
                       "/metrics, /healthz and /readyz are there.");
}

Awaitable<Result<SnapshotText>> Site::make_status() {
    auto snapshot = co_await snapshot_.get();
    if (!snapshot) co_return snapshot.error();
    Slices slices(ports_.clock);
    co_return co_await to_json_text(**snapshot, slices);
}

Awaitable<Result<std::string>> Site::make_metrics() {
    auto snapshot = co_await snapshot_.get();
    if (!snapshot) co_return snapshot.error();
    Slices slices(ports_.clock);
    const Vitals vitals = ports_.vitals();
    co_return co_await metrics_text(**snapshot, ports_.tally, vitals, slices);
}

Awaitable<WebReply> Site::status(WebRequest request) {
    auto made = co_await status_.get();
    if (!made) co_return failure(made.error());
    std::string etag = etag_of((*made)->tag);
    if (has_it(request, etag)) co_return not_modified(std::move(etag));
    WebReply reply;
    reply.content_type = json_type;
    reply.body = std::shared_ptr<const std::string>(*made, &(*made)->text);
    reply.headers.emplace_back("ETag", std::move(etag));
    co_return reply;
}

Awaitable<WebReply> Site::metrics() {
    auto made = co_await metrics_.get();
    if (!made) co_return failure(made.error());
    WebReply reply;
    reply.content_type = prometheus;
    reply.body = *made;
    co_return reply;
}

WebReply Site::page(const WebRequest& request) const {
    std::string etag = etag_of(page_tag_);
    WebReply reply(200, "text/html; charset=utf-8", page_.html);
    if (has_it(request, etag))
        reply = not_modified(std::move(etag));
    else
        reply.headers.emplace_back("ETag", std::move(etag));
    // Also of what is not modified: a browser may take its headers for those of the page that it has.
    reply.headers.emplace_back("Content-Security-Policy", page_.policy);
    return reply;
}

WebReply Site::recent() const {
    const auto recent = recent_json(ports_.journal, ports_.mapping_of, ports_.clock.now());
    return recent ? of_json(*recent) : failure(recent.error());
}

Awaitable<WebReply> Site::history(std::string_view query) const {
    const MappingName mapping{std::string(value_in(query, "mapping"))};
    const auto known = config::find_mapping(ports_.config(), mapping);
    if (!known) co_return sentence(404, describe(known.error()));
    Slices slices(ports_.clock);
    auto pieces = co_await history_text(ports_.journal, ports_.config(), mapping, ports_.clock.now(), slices);
    if (!pieces) co_return failure(pieces.error());
    co_return WebReply(200, json_type, fmt::format("{}\n", fmt::join(*pieces, "")));
}

WebReply Site::ready(const WebRequest& request) const {
    const Readiness readiness = ports_.readiness();
    WebReply reply = request.accept.find(json_type) != std::string::npos
                         ? of_json(to_json(readiness))
                         : WebReply(200, plain, to_lines(readiness));
    reply.status = readiness.ready() ? 200 : 503;
    return reply;
}

}  // namespace certferry
