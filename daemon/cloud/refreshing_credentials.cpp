// SPDX-License-Identifier: MIT
#include "cloud/refreshing_credentials.hpp"

#include "base/backoff.hpp"
#include "base/wakeup.hpp"

#include <algorithm>
#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;

constexpr Duration longest_margin = 5min;
constexpr Duration shortest_margin = 5s;
constexpr Backoff renewal_backoff{.initial = 5s, .max = 1min, .multiplier = 2.0};

// Whether the reason may be gone in a moment, rather than when a person has mended it.
bool passes(const Error& reason) {
    const ErrorClass kind = reason.error_class();
    return kind == ErrorClass::transient || kind == ErrorClass::throttled || kind == ErrorClass::busy;
}

void expect_no_exception(const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
}

}  // namespace

struct RefreshingCredentials::Look {
    bool ended = false;
    Result<Credentials> outcome = Error(Errc::interrupted, "given up before the credentials were there");
    std::vector<std::shared_ptr<Wakeup>> waiting;
};

RefreshingCredentials::RefreshingCredentials(AccountName account, std::unique_ptr<CredentialsPlace> place,
                                             boost::asio::any_io_executor executor, const Clock& clock,
                                             Log& log)
    : account_(std::move(account)),
      place_(std::move(place)),
      executor_(std::move(executor)),
      clock_(clock),
      log_(log) {}

Awaitable<Result<Credentials>> RefreshingCredentials::current() {
    if (held_ && !expired()) {
        const Credentials held = *held_;
        if (due()) start_look();
        co_return held;
    }
    const std::shared_ptr<Look> look = start_look();
    if (look->ended) co_return look->outcome;
    const auto wakeup = std::make_shared<Wakeup>(executor_);
    look->waiting.push_back(wakeup);
    co_await wakeup->wait();
    co_return look->outcome;
}

void RefreshingCredentials::forget(const Credentials& refused) {
    if (!held_ || !same_keys(*held_, refused)) return;
    held_.reset();
    lapsed_.reset();
}

bool RefreshingCredentials::expired() const {
    return held_->expires && clock_.now() >= *held_->expires;
}

bool RefreshingCredentials::due() const {
    return held_->expires && clock_.now() >= *held_->expires - margin_ && clock_.steady_now() >= retry_;
}

std::shared_ptr<RefreshingCredentials::Look> RefreshingCredentials::start_look() {
    if (looking_) return looking_;
    auto look = looking_ = std::make_shared<Look>();
    boost::asio::co_spawn(
        executor_, carry_out(look),
        [self = shared_from_this()](const std::exception_ptr& thrown) { expect_no_exception(thrown); });
    return look;
}

Awaitable<void> RefreshingCredentials::carry_out(std::shared_ptr<Look> look) {
    Result<Credentials> found = co_await place_->look();
    looking_.reset();
    look->ended = true;
    if (found) {
        keep(*found);
        look->outcome = std::move(found);
    } else {
        note_failure(found.error());
        look->outcome = lack(found.error());
    }
    for (const std::shared_ptr<Wakeup>& wakeup : look->waiting) wakeup->notify();
}

void RefreshingCredentials::keep(const Credentials& found) {
    const bool news = found.expires && !(held_ && same_keys(*held_, found));
    if (found.expires)
        margin_ = std::clamp((*found.expires - clock_.now()) / 10, shortest_margin, longest_margin);
    held_ = found;
    lapsed_.reset();
    failures_ = 0;
    if (news)
        log_.write(
            LogLevel::info, "credentials.refreshed",
            {{"account", account_.str()}, {"source", found.source}, {"expires", to_utc(*found.expires)}});
}

void RefreshingCredentials::note_failure(const Error& reason) {
    const bool news = failures_ == 0 || failure_ != reason.code();
    ++failures_;
    failure_ = reason.code();
    // Each call asks anyway, so there is nobody to spread.
    retry_ = clock_.steady_now() + backoff_delay(renewal_backoff, failures_, 1.0);
    if (!held_) return;
    if (news)
        log_.write(LogLevel::warning, "credentials.refresh_failed",
                   {{"account", account_.str()},
                    {"source", held_->source},
                    {"expires", to_utc(*held_->expires)},
                    {"reason", std::string(reason.label())},
                    {"detail", describe(reason)}});
    if (!expired()) return;
    log_.write(
        LogLevel::error, "credentials.expired",
        {{"account", account_.str()}, {"source", held_->source}, {"expired", to_utc(*held_->expires)}});
    lapsed_ = held_->expires;
    held_.reset();
}

// With nothing in force. What passes must not wait for as long as a person takes, nor look as if the call
// that wants the credentials might have been sent.
Error RefreshingCredentials::lack(const Error& reason) const {
    const std::string what =
        lapsed_ ? fmt::format("the credentials expired at {} and are not renewed", to_utc(*lapsed_))
                : "no credentials";
    Error lacking = reason.as(passes(reason) ? Errc::unreachable : Errc::credentials_missing).within(what);
    if (reason.code() == Errc::file_missing) return lacking;
    return lacking.with_remedy(std::string(reason.remedy()));
}

}  // namespace certferry
