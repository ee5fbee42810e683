// SPDX-License-Identifier: MIT
#include "cloud/api3_cloud.hpp"

#include "cloud/api_task.hpp"
#include "cloud/replacement.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace certferry {
namespace {

constexpr std::size_t page_size = 100;
constexpr std::size_t pages_max = 10;
constexpr std::size_t ids_per_reading = 20;
constexpr std::size_t ids_per_muting = 50;

std::vector<std::vector<CertificateId>> portions(const std::vector<CertificateId>& ids, std::size_t size) {
    std::vector<std::vector<CertificateId>> all;
    for (const CertificateId& id : ids) {
        if (all.empty() || all.back().size() == size) all.emplace_back();
        all.back().push_back(id);
    }
    return all;
}

Error not_of_classic_ones(const Place& place) {
    return Error(Errc::api_unsupported,
                 fmt::format("API 3.0 cannot bind a certificate to a single listener of a classic load "
                             "balancer ({}/{})",
                             place.load_balancer, place.listener))
        .with_remedy("bind the certificate to this listener in the console");
}

// Why bindings that mix mutual TLS cannot be bound one by one.
std::optional<Error> not_one_by_one(const CertificateId& old_id, const Replacement& replacement,
                                    const BindingSet& bindings) {
    const std::string mix = fmt::format(
        "{} is bound with and without mutual TLS, or with several kinds of it, and API 3.0 has one mode for "
        "all",
        old_id.str());
    const auto classic = std::find_if(bindings.begin(), bindings.end(),
                                      [](const Binding& binding) { return binding.classic; });
    if (classic != bindings.end())
        return Error(Errc::api_unsupported,
                     fmt::format("{}; it cannot bind a listener of a classic load balancer ({}) by itself",
                                 mix, classic->place.load_balancer))
            .with_remedy(
                "give the listeners of the classic load balancer another certificate, and a mapping of its "
                "own");
    if (std::holds_alternative<Upload>(replacement))
        return Error(Errc::api_unsupported,
                     fmt::format("{}; a certificate that is sent with the call cannot be "
                                 "bound to the listeners one by one",
                                 mix))
            .with_remedy("set deliver = \"id\" for the mapping");
    return std::nullopt;
}

Error in_part(const Error& error, std::size_t bound, const BindingSet& bindings) {
    if (bound == 0) return error;
    return error.as(Errc::api_partial)
        .within(fmt::format("{} of {} listeners are bound", bound, bindings.size()));
}

bool refused_as(const Result<RequestId>& request, Errc code) {
    return !request && request.error().code() == code;
}

// A load balancer in one region, and those of some bindings that are there.
using ByBalancer = std::map<std::tuple<std::string, LoadBalancer>, std::vector<Binding>>;

ByBalancer by_balancer(const BindingSet& bindings) {
    ByBalancer all;
    for (const Binding& binding : bindings) {
        LoadBalancer balancer{binding.place.load_balancer, binding.classic};
        all[{binding.region, std::move(balancer)}].push_back(binding);
    }
    return all;
}

void add_bindings(BindingSet& all, const CertificateId& id, const std::vector<Installed>& installed,
                  const std::string& region, bool classic) {
    for (const Installed& there : installed) {
        std::optional<Binding> binding = binding_of(id, there);
        if (!binding) continue;
        binding->region = region;
        binding->classic = classic;
        all.insert(std::move(*binding));
    }
}

void add_occupants(std::map<Place, CertificateId>& all, const std::vector<Installed>& installed,
                   const std::vector<Binding>& bindings) {
    for (const Binding& binding : bindings)
        for (const Installed& there : installed)
            if (there.place == binding.place)
                if (const auto id = occupant_of(binding, there)) all[binding.place] = *id;
}

Binding as_it_is_now(const Binding& binding, const CertificateId& id,
                     const std::vector<Installed>& installed) {
    const auto there = std::find_if(installed.begin(), installed.end(),
                                    [&](const Installed& one) { return one.place == binding.place; });
    if (there == installed.end()) return binding;
    return with_companions(binding, staying_beside(id, binding, *there), there->client_ca);
}

}  // namespace

Awaitable<Result<std::optional<CertificateId>>> Api3Cloud::find(const Upload& certificate) {
    if (certificate.chain_pem.empty()) return find_by_alias(certificate);
    return find_by_contents(certificate);
}

Awaitable<Result<std::optional<CertificateId>>> Api3Cloud::find_by_contents(const Upload& certificate) {
    const Api3Call call = certificate_exists_call(certificate);
    const Result<ApiReply> reply = co_await caller_.call(call, served_until_);
    if (!reply) co_return reply.error();
    Result<std::optional<CertificateId>> id = read_existing_id(reply->body);
    if (!id) co_return id.error().within(call.action());
    co_return id;
}

Awaitable<Result<std::optional<CertificateId>>> Api3Cloud::find_by_alias(const Upload& certificate) {
    for (std::size_t number = 0; number < pages_max; ++number) {
        const Api3Call call = search_call(certificate, number, page_size);
        const Result<ApiReply> reply = co_await caller_.call(call, served_until_);
        if (!reply) co_return reply.error();
        const Result<CertificatePage> page = read_certificates(reply->body);
        if (!page) co_return page.error().within(call.action());
        if (auto id = find_in(*page, certificate.alias, certificate.certificate)) co_return id;
        if (page->entries.empty() || (number + 1) * page_size >= page->total) break;
    }
    co_return std::optional<CertificateId>();
}

Awaitable<Result<CertificateId>> Api3Cloud::upload(const Upload& certificate) {
    const Api3Call call = upload_call(certificate);
    const Result<ApiReply> reply = co_await caller_.call(call, served_until_);
    if (!reply) co_return reply.error();
    Result<CertificateId> id = read_upload(reply->body);
    // It said yes: the certificate is there, under an id that is still to be found.
    if (!id) co_return id.error().as(Errc::answer_lost).within(call.action());
    co_return id;
}

Awaitable<Result<RequestId>> Api3Cloud::replace(const CertificateId& old_id, const Replacement& replacement,
                                                const BindingSet& bindings) {
    if (const auto itself = replaces_itself(old_id, replacement)) co_return itself->within(replace_action);
    if (!has_mutual_tls(bindings)) co_return co_await replace_at_once(old_id, replacement, bindings);

    const std::vector<CertificateId> ids{old_id};
    Result<std::map<CertificateId, BindingSet>> found = co_await this->bindings(ids);
    if (!found) co_return found.error();
    const BindingSet now = brought_up_to_date(bindings, (*found)[old_id]);
    if (now.empty())
        co_return Error(Errc::unbound, fmt::format("{} is bound nowhere now", old_id.str()))
            .within(replace_action);
    if (mixes_mutual_tls(now)) co_return co_await replace_one_by_one(old_id, replacement, now);
    co_return co_await replace_at_once(old_id, replacement, now);
}

Awaitable<Result<RequestId>> Api3Cloud::replace_at_once(const CertificateId& old_id,
                                                        const Replacement& replacement,
                                                        const BindingSet& bindings) {
    const bool client_ca = replaces_client_ca(replacement, bindings);
    const Api3Call call =
        replace_call(old_id, replacement, bindings, client_ca ? Naming::as_client_ca : Naming::as_server);
    Result<RequestId> request = co_await request_of(call);
    if (!client_ca || !refused_as(request, Errc::api_invalid)) co_return request;

    const Api3Call other = replace_call(old_id, replacement, bindings, Naming::as_server);
    Result<RequestId> second = co_await request_of(other);
    if (refused_as(second, Errc::api_invalid)) co_return request;
    co_return second;
}

// A load balancer takes one change at a time: those of its listeners that it is too busy for are bound at the
// next attempt.
Awaitable<Result<RequestId>> Api3Cloud::replace_one_by_one(const CertificateId& old_id,
                                                           const Replacement& replacement,
                                                           const BindingSet& bindings) {
    if (const auto unfit = not_one_by_one(old_id, replacement, bindings))
        co_return unfit->within(replace_action);
    const auto& new_id = std::get<CertificateId>(replacement);
    std::size_t bound = 0;
    RequestId last;
    std::optional<Error> failure;
    for (const Binding& binding : bindings) {
        Result<RequestId> request = co_await bind_with(binding, new_id);
        if (request) {
            last = *request;
            ++bound;
            continue;
        }
        failure = request.error();
        if (failure->error_class() != ErrorClass::busy) break;
    }
    if (failure) co_return in_part(*failure, bound, bindings);
    co_return last;
}

Awaitable<Result<RequestId>> Api3Cloud::bind(const Binding& binding, const CertificateId& id) {
    if (binding.classic) co_return not_of_classic_ones(binding.place).within(bind_call(binding, id).action());
    const LoadBalancer balancer{binding.place.load_balancer, binding.classic};
    const Result<std::vector<Installed>> there = co_await installed(balancer, binding.region);
    if (!there) co_return there.error();
    const Binding current = as_it_is_now(binding, id, *there);
    co_return co_await bind_with(current, id);
}

Awaitable<Result<RequestId>> Api3Cloud::bind_with(const Binding& binding, const CertificateId& id) {
    const Api3Call call = bind_call(binding, id);
    Result<RequestId> request = co_await request_of(call);
    if (request) bind_regions_[*request] = binding.region;
    co_return request;
}

Awaitable<Result<RequestId>> Api3Cloud::request_of(const Api3Call& call) {
    const Result<ApiReply> reply = co_await caller_.call(call, served_until_);
    if (!reply) co_return reply.error();
    co_return reply->words.request_id;
}

Awaitable<Result<std::map<Place, CertificateId>>> Api3Cloud::occupants(const BindingSet& places) {
    std::map<Place, CertificateId> all;
    const ByBalancer balancers = by_balancer(places);
    for (const auto& entry : balancers) {
        const auto& [region, balancer] = entry.first;
        const Result<std::vector<Installed>> there = co_await installed(balancer, region);
        if (!there) co_return there.error();
        add_occupants(all, *there, entry.second);
    }
    co_return all;
}

Awaitable<Result<TaskReport>> Api3Cloud::task(const RequestId& request) {
    TaskReport report;
    if (request.empty()) {
        report.state = TaskState::finished;
        co_return report;
    }
    const auto bound = bind_regions_.find(request);
    const std::string region = bound == bind_regions_.end() ? std::string(replace_region) : bound->second;
    const Api3Call call = task_call(request, region);
    const Result<ApiReply> reply = co_await caller_.call(call, served_until_);
    co_return task_report(reply, read_task_status);
}

Awaitable<Result<std::map<CertificateId, BindingSet>>> Api3Cloud::bindings(
    const std::vector<CertificateId>& ids) {
    std::map<CertificateId, BindingSet> all;
    for (const CertificateId& id : ids) all[id];
    for (const std::string& region : regions_) {
        const Result<std::vector<LoadBalancer>> balancers = co_await load_balancers(ids, region);
        if (!balancers) co_return balancers.error();
        for (const LoadBalancer& balancer : *balancers) {
            const Result<std::vector<Installed>> there = co_await installed(balancer, region);
            if (!there) co_return there.error();
            for (auto& [id, bindings] : all) add_bindings(bindings, id, *there, region, balancer.classic);
        }
    }
    co_return all;
}

Awaitable<Result<BindingSet>> Api3Cloud::bindings_beside(const CertificateId& id, const BindingSet& places) {
    BindingSet all;
    const ByBalancer balancers = by_balancer(places);
    for (const auto& entry : balancers) {
        const auto& [region, balancer] = entry.first;
        const Result<std::vector<Installed>> there = co_await installed(balancer, region);
        if (!there) co_return there.error();
        add_bindings(all, id, *there, region, balancer.classic);
    }
    co_return all;
}

Awaitable<Result<std::vector<LoadBalancer>>> Api3Cloud::load_balancers(const std::vector<CertificateId>& ids,
                                                                       const std::string& region) {
    std::set<LoadBalancer> all;
    const std::vector<std::vector<CertificateId>> calls = portions(ids, ids_per_reading);
    for (const std::vector<CertificateId>& some : calls) {
        const Api3Call call = load_balancers_call(some, region);
        const Result<ApiReply> reply = co_await caller_.call(call, served_until_);
        if (!reply) co_return reply.error();
        const Result<std::vector<LoadBalancer>> found = read_load_balancers(reply->body);
        if (!found) co_return found.error().within(call.action());
        all.insert(found->begin(), found->end());
    }
    co_return std::vector<LoadBalancer>(all.begin(), all.end());
}

// A load balancer that is gone has nothing installed.
Awaitable<Result<std::vector<Installed>>> Api3Cloud::installed(const LoadBalancer& balancer,
                                                               const std::string& region) {
    const Api3Call call = listeners_call(balancer.id, balancer.classic, region);
    const Result<ApiReply> reply = co_await caller_.call(call, served_until_);
    if (!reply && reply.error().code() == Errc::api_not_found) co_return std::vector<Installed>();
    if (!reply) co_return reply.error();
    Result<std::vector<Installed>> found = read_listeners(reply->body, balancer.id);
    if (!found) co_return found.error().within(call.action());
    co_return found;
}

Awaitable<Result<CertificateFacts>> Api3Cloud::describe(const CertificateId& id) {
    const std::vector<CertificateId> ids{id};
    const Api3Call call = certificates_call(ids);
    const Result<ApiReply> reply = co_await caller_.call(call, served_until_);
    if (!reply) co_return reply.error();
    const Result<CertificatePage> page = read_certificates(reply->body);
    if (!page) co_return page.error().within(call.action());
    Result<CertificateFacts> facts = facts_in(*page, id);
    if (!facts) co_return facts.error().within(call.action());
    co_return facts;
}

Awaitable<Result<void>> Api3Cloud::mute(const std::vector<CertificateId>& ids) {
    const std::vector<std::vector<CertificateId>> calls = portions(ids, ids_per_muting);
    for (const std::vector<CertificateId>& some : calls) {
        const Api3Call call = mute_call(some);
        const Result<ApiReply> reply = co_await caller_.call(call, served_until_);
        if (!reply) co_return reply.error();
    }
    co_return Result<void>();
}

Awaitable<Result<RequestId>> Api3Cloud::remove(const CertificateId& id) {
    const Api3Call call = remove_call(id);
    const Result<ApiReply> reply = co_await caller_.call(call, served_until_);
    if (!reply) co_return reply.error();
    Result<RequestId> task = read_removal_task(reply->body);
    if (!task) co_return task.error().within(call.action());
    co_return task;
}

Awaitable<Result<TaskReport>> Api3Cloud::removal(const RequestId& task) {
    TaskReport report;
    if (task.empty()) {
        report.state = TaskState::finished;
        co_return report;
    }
    const Api3Call call = removal_call(task);
    const Result<ApiReply> reply = co_await caller_.call(call, served_until_);
    if (!reply) co_return reply.error();
    Result<TaskReport> found = read_removal(reply->body, task);
    if (!found) co_return found.error().within(call.action());
    co_return found;
}

bool Api3Cloud::crowded() const {
    return caller_.crowded(served_until_);
}

Awaitable<void> Api3Cloud::room() {
    return caller_.room(served_until_);
}

void Api3Cloud::set_urgency(WallTime served_until) {
    served_until_ = served_until;
}

}  // namespace certferry
