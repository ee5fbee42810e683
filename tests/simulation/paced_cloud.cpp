// SPDX-License-Identifier: MIT
#include "simulation/paced_cloud.hpp"

#include "simulation/crash.hpp"

#include <algorithm>

namespace certferry::simulation {
namespace {

using namespace std::chrono_literals;

Error lost() {
    return {Errc::answer_lost, "the answer was lost"};
}

// Takes its line out of the list when the wait is over, however it ends.
class InLine {
public:
    InLine(std::list<Desk::Waiting>& list, Desk::Waiting waiting)
        : list_(list), place_(list.insert(list.end(), std::move(waiting))) {}
    InLine(const InLine&) = delete;
    InLine& operator=(const InLine&) = delete;
    ~InLine() { list_.erase(place_); }
    const Desk::Waiting& turn() const { return *place_; }

private:
    std::list<Desk::Waiting>& list_;
    std::list<Desk::Waiting>::iterator place_;
};

class UnderWay {
public:
    explicit UnderWay(unsigned& count) : count_(count) { ++count_; }
    UnderWay(const UnderWay&) = delete;
    UnderWay& operator=(const UnderWay&) = delete;
    ~UnderWay() { --count_; }

private:
    unsigned& count_;
};

// The soonest to expire of those who have waited for the same since an earlier moment.
std::optional<WallTime> passed_over_by(const Desk::Waiting& turn, const std::list<Desk::Waiting>& waiting,
                                       SteadyTime now) {
    std::optional<WallTime> passed;
    for (const Desk::Waiting& other : waiting)
        if (other.action == turn.action && other.since < now && other.served_until < turn.served_until)
            passed = std::min(other.served_until, passed.value_or(other.served_until));
    return passed;
}

std::string shown(const ChangingCall& call) {
    const std::string to = call.new_id ? call.new_id->str() : call.contents ? call.contents->alias : "";
    switch (call.kind) {
        case CallKind::upload:
            return "upload " + to;
        case CallKind::replace:
            return fmt::format("replace {} -> {}", call.old_id.str(), to);
        case CallKind::bind:
            return fmt::format("bind {} at {}", to, call.binding->place.listener);
        case CallKind::mute:
            return "mute " + to;
        case CallKind::remove:
            return "remove " + to;
    }
    return to;
}

}  // namespace

void PacedCloud::set_urgency(WallTime served_until) {
    served_until_ = served_until;
    target_ = ports_.journal.last_asked();
}

std::string_view PacedCloud::who() const {
    return target_ ? std::string_view(target_->configured_id.str()) : "?";
}

Awaitable<void> PacedCloud::wait(Duration duration) {
    co_await ports_.loop.sleep_until(ports_.loop.steady_now() + duration);
}

void PacedCloud::maybe_die(std::string_view action, std::string_view when) {
    if (!ports_.weather.strikes(Fault::crash_at_call)) return;
    ports_.story.tell("daemon", "dies {} {}", when, action);
    throw Crash{};
}

Awaitable<Result<Pace::Pass>> PacedCloud::take_turn(const std::string& action) {
    if (!target_) target_ = ports_.journal.last_asked();
    const InLine line(desk_->waiting, Desk::Waiting{action, served_until_, ports_.loop.steady_now()});
    Result<Pace::Pass> pass = co_await desk_->pace.admit(action, served_until_);
    if (pass) note_exchange(line.turn());
    co_return pass;
}

void PacedCloud::note_exchange(const Desk::Waiting& turn) {
    Exchange exchange;
    exchange.account = desk_->account.name();
    exchange.action = turn.action;
    exchange.served_until = turn.served_until;
    exchange.per_second = desk_->rate;
    exchange.under_way = desk_->under_way + 1;
    exchange.passed_over = passed_over_by(turn, desk_->waiting, ports_.loop.steady_now());
    ports_.observers.tell(exchange);
}

// What the API says before it looks at a request.
std::optional<Error> PacedCloud::refused() {
    if (ports_.timeline.now() < desk_->account.keys_refused_until)
        return Error(Errc::api_credentials, "the keys have expired");
    if (ports_.weather.strikes(Fault::throttled)) return Error(Errc::api_throttled, "too many requests");
    return std::nullopt;
}

// The answer of a request that arrives, or why there is none. Without an answer, what it asked for may be
// done nevertheless, or be done later: never later than its time.
template <class T>
Awaitable<Result<T>> PacedCloud::deliver(std::string action, std::string story, Request<T> request) {
    Weather& weather = ports_.weather;
    const bool down = ports_.timeline.now() < desk_->account.down_until;
    if (down || weather.strikes(Fault::unreachable)) {
        co_await wait(ports_.chance.between(5ms, 2s));
        co_return Error(Errc::unreachable, "no route to the API");
    }
    const Duration travel =
        weather.strikes(Fault::slow) ? ports_.chance.between(1s, 12s) : ports_.chance.between(5ms, 200ms);
    if (const auto refusal = refused()) {
        co_await wait(travel);
        co_return *refusal;
    }
    const bool changes = !story.empty();
    const bool never_arrives = changes && weather.strikes(Fault::lost_before);
    const bool late = changes && weather.strikes(Fault::late);
    const bool answer_lost = never_arrives || late || (changes && weather.strikes(Fault::lost_after));
    const bool internal = weather.strikes(Fault::internal);
    const Duration arrives_in = late ? ports_.chance.between(travel, desk_->timeout) : travel;
    const auto answer = std::make_shared<std::optional<Result<T>>>();
    if (!never_arrives) {
        Account& account = desk_->account;
        ports_.timeline.in(arrives_in, [answer, request, &account] { answer->emplace(request(account)); });
    }
    if (answer_lost)
        ports_.story.tell(who(), "{}: {}", story,
                          never_arrives ? "it is lost"
                          : late        ? "it is late"
                                        : "its answer is lost");
    const Duration patience = answer_lost ? ports_.chance.between(travel, desk_->timeout) : travel;
    co_await wait(patience + 1ms);
    if (answer_lost) co_return lost();
    if (internal && changes) co_return lost();
    if (internal) co_return Error(Errc::api_internal, "internal error");
    maybe_die(action, "before it hears the answer to");
    if (changes)
        ports_.story.tell(who(), "{}: {}", story,
                          *answer && **answer ? "yes" : certferry::describe((*answer)->error()));
    co_return std::move(**answer);
}

template <class T>
Awaitable<Result<T>> PacedCloud::read(std::string action, Request<T> request) {
    Result<Pace::Pass> pass = co_await take_turn(action);
    if (!pass) co_return pass.error();
    const UnderWay counted(desk_->under_way);
    Result<T> answer = co_await deliver<T>(action, "", std::move(request));
    if (!answer && answer.error().code() == Errc::unreachable)
        pass->unanswered(answer.error());
    else if (!answer && answer.error().code() == Errc::api_throttled)
        pass->throttled();
    else
        pass->answered();
    co_return answer;
}

template <class T>
Awaitable<Result<T>> PacedCloud::change(std::string action, ChangingCall call, Request<T> request) {
    ports_.observers.tell(call);
    Result<Pace::Pass> pass = co_await take_turn(action);
    CallEnd end;
    end.call = call;
    if (!pass) {
        ports_.observers.tell(end);
        co_return pass.error();
    }
    const UnderWay counted(desk_->under_way);
    maybe_die(action, "before it sends");
    if (ports_.weather.strikes(Fault::reload_amid))
        ports_.timeline.in(ports_.chance.between(0ms, 100ms), [&reload = ports_.reload] { reload(); });
    Result<T> answer = co_await deliver<T>(action, shown(call), std::move(request));
    end.ambiguous = !answer && answer.error().error_class() == ErrorClass::ambiguous;
    ports_.observers.tell(end);
    if (!answer && (end.ambiguous || answer.error().code() == Errc::unreachable))
        pass->unanswered(answer.error());
    else if (!answer && answer.error().code() == Errc::api_throttled)
        pass->throttled();
    else
        pass->answered();
    co_return answer;
}

ChangingCall PacedCloud::call_of(CallKind kind) const {
    ChangingCall call;
    call.kind = kind;
    call.account = desk_->account.name();
    call.target = target_;
    if (target_) call.rotation = ports_.journal.open(*target_);
    return call;
}

Awaitable<Result<std::optional<CertificateId>>> PacedCloud::find(const Upload& certificate) {
    Request<std::optional<CertificateId>> request = [certificate](Account& account) {
        return account.find(certificate);
    };
    co_return co_await read("find", std::move(request));
}

Awaitable<Result<CertificateId>> PacedCloud::upload(const Upload& certificate) {
    ChangingCall call = call_of(CallKind::upload);
    call.contents = certificate;
    Request<CertificateId> request = [certificate](Account& account) { return account.upload(certificate); };
    co_return co_await change("upload", std::move(call), std::move(request));
}

Awaitable<Result<RequestId>> PacedCloud::replace(const CertificateId& old_id, const Replacement& replacement,
                                                 const BindingSet& /*bindings*/) {
    ChangingCall call = call_of(CallKind::replace);
    call.old_id = old_id;
    if (const auto* const contents = std::get_if<Upload>(&replacement))
        call.contents = *contents;
    else
        call.new_id = std::get<CertificateId>(replacement);
    Request<RequestId> request = [call](Account& account) { return account.replace(call); };
    co_return co_await change("replace", call, std::move(request));
}

Awaitable<Result<RequestId>> PacedCloud::bind(const Binding& binding, const CertificateId& id) {
    ChangingCall call = call_of(CallKind::bind);
    call.new_id = id;
    call.binding = binding;
    Request<RequestId> request = [call](Account& account) { return account.bind(call); };
    co_return co_await change("bind", call, std::move(request));
}

Awaitable<Result<std::map<Place, CertificateId>>> PacedCloud::occupants(const BindingSet& places) {
    Request<std::map<Place, CertificateId>> request = [places](Account& account) {
        return account.occupants(places);
    };
    co_return co_await read("occupants", std::move(request));
}

Awaitable<Result<TaskReport>> PacedCloud::task(const RequestId& request_id) {
    Request<TaskReport> request = [request_id](Account& account) { return account.task(request_id); };
    co_return co_await read("task", std::move(request));
}

Awaitable<Result<std::map<CertificateId, BindingSet>>> PacedCloud::bindings(
    const std::vector<CertificateId>& ids) {
    Request<std::map<CertificateId, BindingSet>> request = [ids](Account& account) {
        return account.bindings(ids);
    };
    Result<std::map<CertificateId, BindingSet>> answer = co_await read("bindings", std::move(request));
    BindingsRead told;
    told.target = target_;
    told.ids = ids;
    if (answer) ports_.observers.tell(told);
    co_return answer;
}

Awaitable<Result<BindingSet>> PacedCloud::bindings_beside(const CertificateId& id, const BindingSet& places) {
    Request<BindingSet> request = [id, places](Account& account) {
        return account.bindings_beside(id, places);
    };
    Result<BindingSet> answer = co_await read("bindings_beside", std::move(request));
    BindingsRead told;
    told.target = target_;
    told.ids = {id};
    if (answer) ports_.observers.tell(told);
    co_return answer;
}

Awaitable<Result<CertificateFacts>> PacedCloud::describe(const CertificateId& id) {
    Request<CertificateFacts> request = [id](Account& account) { return account.describe(id); };
    co_return co_await read("describe", std::move(request));
}

Awaitable<Result<void>> PacedCloud::mute(const std::vector<CertificateId>& ids) {
    ChangingCall call = call_of(CallKind::mute);
    call.new_id = ids.front();
    Request<void> request = [ids](Account& account) { return account.mute(ids); };
    co_return co_await change("mute", std::move(call), std::move(request));
}

Awaitable<Result<RequestId>> PacedCloud::remove(const CertificateId& id) {
    ChangingCall call = call_of(CallKind::remove);
    call.new_id = id;
    Request<RequestId> request = [id](Account& account) { return account.remove(id); };
    co_return co_await change("remove", std::move(call), std::move(request));
}

Awaitable<Result<TaskReport>> PacedCloud::removal(const RequestId& /*task*/) {
    TaskReport report;
    report.state = TaskState::finished;
    co_return report;
}

}  // namespace certferry::simulation
