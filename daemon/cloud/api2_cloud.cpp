// SPDX-License-Identifier: MIT
#include "cloud/api2_cloud.hpp"

#include "cloud/api2_reading.hpp"
#include "cloud/api2_request.hpp"
#include "cloud/api_task.hpp"
#include "cloud/replacement.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry {
namespace {

constexpr std::size_t page_size = 20;
constexpr std::size_t pages_max = 50;
constexpr std::size_t ids_per_call = 20;

std::optional<Error> unfit_alias(const Api2Call& call, const std::string& alias) {
    if (!alias.starts_with('@')) return std::nullopt;
    return Error(Errc::api_invalid,
                 fmt::format("the certificate's name {} begins with '@', so it is not sent", alias))
        .within(call.action());
}

Error unsupported(std::string_view what) {
    return {Errc::api_unsupported, fmt::format("API 2.0 cannot {}", what)};
}

Api2Call page_call(const Upload& certificate, std::size_t page) {
    Api2Call call(Api2Service::wss, "CertGetList", Effect::reads);
    call.set("searchKey", certificate.alias);
    call.set("certType", certificate_type(certificate.kind));
    call.set("withCert", "1");
    call.set("page", std::to_string(page));
    call.set("count", std::to_string(page_size));
    return call;
}

Api2Call upload_call(const Upload& certificate) {
    Api2Call call(Api2Service::wss, "CertUpload", Effect::changes);
    call.set("cert", certificate.chain_pem);
    call.set("certType", certificate_type(certificate.kind));
    call.set("alias", certificate.alias);
    if (certificate.kind == config::Kind::server) call.set_secret("key", certificate.key_pem);
    return call;
}

Api2Call replace_call(const CertificateId& old_id, const Replacement& replacement) {
    Api2Call call(Api2Service::lb, "ReplaceCert", Effect::changes);
    call.set("oldCertId", old_id.str());
    if (const auto* const new_id = std::get_if<CertificateId>(&replacement)) {
        call.set("newCertId", new_id->str());
        return call;
    }
    const auto& certificate = std::get<Upload>(replacement);
    call.set("newCertContent", certificate.chain_pem);
    call.set("newCertName", certificate.alias);
    if (certificate.kind == config::Kind::server) call.set_secret("newCertKey", certificate.key_pem);
    return call;
}

std::optional<Error> unfit_replacement(const Api2Call& call, const CertificateId& old_id,
                                       const Replacement& replacement) {
    if (const auto* const certificate = std::get_if<Upload>(&replacement))
        return unfit_alias(call, certificate->alias);
    const auto itself = replaces_itself(old_id, replacement);
    if (!itself) return std::nullopt;
    return itself->within(call.action());
}

Api2Call bindings_call(const std::vector<CertificateId>& ids) {
    Api2Call call(Api2Service::lb, "GetCertListWithLoadBalancer", Effect::reads);
    for (std::size_t index = 0; index < ids.size(); ++index)
        call.set(fmt::format("certIds.{}", index), ids[index].str());
    return call;
}

}  // namespace

Awaitable<Result<std::optional<CertificateId>>> Api2Cloud::find(const Upload& certificate) {
    for (std::size_t number = 1; number <= pages_max; ++number) {
        const Api2Call call = page_call(certificate, number);
        const Result<ApiReply> answer = co_await caller_.call(call, served_until_);
        if (!answer) co_return answer.error();
        const Result<CertificatePage> page = read_certificate_page(answer->body);
        if (!page) co_return page.error().within(call.action());
        if (auto id = find_in(*page, certificate.alias, certificate.certificate)) co_return id;
        if (page->entries.empty() || number * page_size >= page->total) break;
    }
    co_return std::optional<CertificateId>();
}

Awaitable<Result<CertificateId>> Api2Cloud::upload(const Upload& certificate) {
    const Api2Call call = upload_call(certificate);
    if (const auto unfit = unfit_alias(call, certificate.alias)) co_return *unfit;
    const Result<ApiReply> answer = co_await caller_.call(call, served_until_);
    if (!answer) co_return answer.error();
    Result<CertificateId> id = read_uploaded_id(answer->body);
    // It said yes: the certificate is there, under an id that is still to be found.
    if (!id) co_return id.error().as(Errc::answer_lost).within(call.action());
    co_return id;
}

Awaitable<Result<RequestId>> Api2Cloud::replace(const CertificateId& old_id, const Replacement& replacement,
                                                const BindingSet& /*bindings*/) {
    const Api2Call call = replace_call(old_id, replacement);
    if (const auto unfit = unfit_replacement(call, old_id, replacement)) co_return *unfit;
    const Result<ApiReply> answer = co_await caller_.call(call, served_until_);
    if (!answer) co_return answer.error();
    co_return answer->words.request_id;
}

Awaitable<Result<RequestId>> Api2Cloud::bind(const Binding& /*binding*/, const CertificateId& /*id*/) {
    co_return unsupported("bind a certificate to a single listener");
}

Awaitable<Result<std::map<Place, CertificateId>>> Api2Cloud::occupants(const BindingSet& /*places*/) {
    co_return std::map<Place, CertificateId>();
}

Awaitable<Result<void>> Api2Cloud::mute(const std::vector<CertificateId>& /*ids*/) {
    co_return unsupported("end the mails about a certificate");
}

Awaitable<Result<RequestId>> Api2Cloud::remove(const CertificateId& /*id*/) {
    co_return unsupported("delete a certificate only if it is bound nowhere");
}

Awaitable<Result<TaskReport>> Api2Cloud::removal(const RequestId& /*task*/) {
    co_return unsupported("delete a certificate only if it is bound nowhere");
}

bool Api2Cloud::crowded() const {
    return caller_.crowded(served_until_);
}

Awaitable<void> Api2Cloud::room() {
    return caller_.room(served_until_);
}

void Api2Cloud::set_urgency(WallTime served_until) {
    served_until_ = served_until;
}

Awaitable<Result<TaskReport>> Api2Cloud::task(const RequestId& request) {
    TaskReport report;
    if (request.empty()) {
        report.state = TaskState::finished;
        co_return report;
    }
    Api2Call call(Api2Service::lb, "DescribeLoadBalancersTaskResult", Effect::reads);
    call.set("requestId", request.str());
    const Result<ApiReply> answer = co_await caller_.call(call, served_until_);
    co_return task_report(answer, read_task);
}

Awaitable<Result<std::map<CertificateId, BindingSet>>> Api2Cloud::bindings(
    const std::vector<CertificateId>& ids) {
    std::map<CertificateId, BindingSet> all;
    for (std::size_t first = 0; first < ids.size(); first += ids_per_call) {
        const auto begin = ids.begin() + static_cast<std::ptrdiff_t>(first);
        const auto count = std::min(ids_per_call, ids.size() - first);
        const std::vector<CertificateId> some(begin, begin + static_cast<std::ptrdiff_t>(count));
        const Api2Call call = bindings_call(some);
        const Result<ApiReply> answer = co_await caller_.call(call, served_until_);
        if (!answer) co_return answer.error();
        Result<std::map<CertificateId, BindingSet>> found = read_bindings(answer->body, some);
        if (!found) co_return found.error().within(call.action());
        all.merge(*found);
    }
    co_return all;
}

// One call tells of every load balancer.
Awaitable<Result<BindingSet>> Api2Cloud::bindings_beside(const CertificateId& id, const BindingSet& places) {
    std::set<std::string> balancers;
    for (const Binding& binding : places) balancers.insert(binding.place.load_balancer);
    const std::vector<CertificateId> ids{id};
    Result<std::map<CertificateId, BindingSet>> found = co_await bindings(ids);
    if (!found) co_return found.error();
    BindingSet& all = (*found)[id];
    std::erase_if(all,
                  [&](const Binding& binding) { return !balancers.contains(binding.place.load_balancer); });
    co_return std::move(all);
}

Awaitable<Result<CertificateFacts>> Api2Cloud::describe(const CertificateId& id) {
    Api2Call call(Api2Service::wss, "CertGetList", Effect::reads);
    call.set("id", id.str());
    call.set("withCert", "1");
    const Result<ApiReply> answer = co_await caller_.call(call, served_until_);
    if (!answer) co_return answer.error();
    const Result<CertificatePage> page = read_certificate_page(answer->body);
    if (!page) co_return page.error().within(call.action());
    Result<CertificateFacts> facts = facts_in(*page, id);
    if (!facts) co_return facts.error().within(call.action());
    co_return facts;
}

}  // namespace certferry
