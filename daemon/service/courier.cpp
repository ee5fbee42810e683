// SPDX-License-Identifier: MIT
#include "service/courier.hpp"

#include <iterator>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace certferry {
namespace {

namespace asio = boost::asio;

constexpr std::size_t notices_max = 1000;  // in one message
constexpr std::size_t rows_max = 500;      // in one transaction

}  // namespace

Courier::Courier(NotifierName name, Duration gather, std::shared_ptr<Notifier> notifier, CourierPorts ports,
                 WallTime since)
    : ports_(std::move(ports)),
      gather_(gather),
      since_(since),
      notifier_(std::move(notifier)),
      wakeup_(ports_.executor) {
    state_.name = std::move(name);
}

bool Courier::differs(const TargetCondition& target, WallTime now) const {
    return !idle_ || certferry::differs(target, told_, now);
}

void Courier::hand(std::vector<TargetCondition> picture) {
    picture_ = std::move(picture);
    idle_ = false;
    wakeup_.notify();
}

void Courier::retire() {
    retired_ = true;
    wakeup_.notify();
}

Awaitable<void> Courier::run() {
    bool remembered = false;
    while (!retired_ && !remembered) remembered = co_await remember();
    while (!retired_) {
        idle_ = !picture_;
        if (idle_)
            co_await wakeup_.wait();
        else
            co_await tell_news();
    }
}

Awaitable<bool> Courier::remember() {
    Result<ToldByTarget> told = ports_.journal.told(state_.name);
    if (!told) {
        co_await wait_after(told.error());
        co_return false;
    }
    told_ = std::move(*told);
    failures_ = 0;
    co_return true;
}

// Whom it meets is written down before anything is told: a restart meanwhile makes nobody new again. What
// comes while it waits for more is part of the message.
Awaitable<void> Courier::tell_news() {
    ToldByTarget met = first_acquaintance(*picture_, told_, since_);
    co_await note(std::move(met));
    const WallTime now = ports_.clock.now();
    Decision decision = decide(*picture_, told_, now, notices_max);
    if (decision.notices.empty()) {
        noticed_.reset();
        picture_.reset();
        co_await note(std::move(decision.told));
        co_return;
    }
    if (!noticed_) noticed_ = Noticed{now, ports_.clock.steady_now()};
    const SteadyTime due = noticed_->since + gather_;
    if (ports_.clock.steady_now() < due)
        co_await rest_until(due);
    else
        co_await deliver(std::move(decision));
}

Awaitable<void> Courier::deliver(Decision decision) {
    Message message;
    message.at = noticed_->at;
    message.sender = ports_.sender;
    message.notices = std::move(decision.notices);
    const std::string what = summary(message);
    const Result<void> sent = co_await send(std::move(message));
    if (!sent) {
        co_await wait_after(sent.error());
        co_return;
    }
    noticed_.reset();
    if (!state_.name.empty())
        ports_.log.write(LogLevel::info, "notify.delivered",
                         {{"notifier", state_.name.str()}, {"detail", what}});
    co_await note(std::move(decision.told));
}

Awaitable<Result<void>> Courier::send(Message message) {
    const std::shared_ptr<Notifier> notifier = notifier_;
    Result<void> sent = co_await notifier->deliver(message);
    if (sent) {
        note_success();
    } else {
        ++state_.failed;
        state_.failure = sent.error();
    }
    co_return sent;
}

void Courier::note_success() {
    ++state_.delivered;
    state_.last_delivery = ports_.clock.now();
    state_.failure.reset();
    failures_ = 0;
    said_.over();
}

// What the journal cannot take is told again after a restart, and not before.
Awaitable<void> Courier::note(ToldByTarget told) {
    while (!told.empty()) {
        ToldByTarget some;
        while (!told.empty() && some.size() < rows_max) some.insert(told.extract(told.begin()));
        for (const auto& [target, what] : some) told_[target] = what;
        if (const auto written = ports_.journal.note_told(state_.name, some); !written)
            ports_.log.write(LogLevel::warning, "journal.failed",
                             {{"notifier", state_.name.str()}, {"detail", describe(written.error())}});
        if (!told.empty()) co_await asio::post(ports_.executor, asio::use_awaitable);
    }
}

Awaitable<void> Courier::wait_after(const Error& failure) {
    const Backoff backoff;
    const SteadyTime now = ports_.clock.steady_now();
    const Duration wait = backoff_delay(backoff, ++failures_, ports_.random.uniform());
    if (const auto left_out = said_.say(failure.label(), now))
        ports_.log.write(LogLevel::warning, "notify.failed",
                         {{"notifier", state_.name.str()},
                          {"reason", std::string(failure.label())},
                          {"detail", describe(failure)},
                          {"next_attempt", to_utc(ports_.clock.now() + wait)},
                          {"left_out", *left_out > 0 ? std::to_string(*left_out) : ""}});
    co_await rest_until(now + wait);
}

// A newer picture is no reason to go sooner.
Awaitable<void> Courier::rest_until(SteadyTime deadline) {
    while (!retired_ && ports_.clock.steady_now() < deadline)
        co_await wakeup_.wait_until(ports_.clock, deadline);
}

Awaitable<Result<void>> Courier::try_out() {
    Notice trial;
    trial.kind = NoticeKind::trial;
    Message message;
    message.at = ports_.clock.now();
    message.sender = ports_.sender;
    message.notices.push_back(std::move(trial));
    co_return co_await send(std::move(message));
}

}  // namespace certferry
