// SPDX-License-Identifier: MIT
#pragma once

#include "base/random.hpp"
#include "cloud/api_caller.hpp"
#include "support/manual_clock.hpp"
#include "support/recorded_log.hpp"
#include "support/recorded_meter.hpp"
#include "support/run.hpp"
#include "support/scripted_http.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace certferry::tests {

inline Credentials credentials(const std::string& secret_id, const std::string& token = "") {
    Credentials made;
    made.secret_id = secret_id;
    made.secret_key = Secret("key of " + secret_id);
    made.token = Secret(token);
    made.source = "the test";
    return made;
}

/// Gives one set of credentials, or reason why there are none, after the other: the next one whenever it is
/// told to forget the one before.
class CredentialsInTurn final : public CredentialsSource {
public:
    Awaitable<Result<Credentials>> current() override { co_return turns.at(at_); }
    void forget(const Credentials& refused) override {
        const Result<Credentials>& held = turns.at(at_);
        if (held && same_keys(*held, refused) && at_ + 1 < turns.size()) ++at_;
    }

    std::vector<Result<Credentials>> turns{credentials("AKIDtest")};

private:
    std::size_t at_ = 0;
};

/// A clock that is a minute further whenever it is asked, so that nobody has to wait for a turn.
class HurryingClock final : public Clock {
public:
    WallTime now() const override { return WallTime(); }
    SteadyTime steady_now() const override { return asked_ += std::chrono::minutes(1); }
    Awaitable<void> sleep_until(SteadyTime) override { co_return; }

private:
    mutable SteadyTime asked_;
};

/// All that speaking to the API needs, and an account in Shanghai.
struct ApiWorld {
    ApiWorld() { account.region = "ap-shanghai"; }

    /// The parameters of the request that came as number `index`, the common ones too.
    Parameters sent(std::size_t index) const { return decode_form(http.requests().at(index).body.reveal()); }

    ScriptedHttp http;
    CredentialsInTurn source;
    ManualClock clock{WallTime(std::chrono::seconds(1700000000))};
    SeededRandom random{1};
    RecordedLog log;
    RecordedMeter meter;
    config::Account account;
    boost::asio::io_context loop;  // nobody has to wait on it
    HurryingClock pace_clock;
    Pace pace{loop.get_executor(), pace_clock, account.requests_per_second};
    ApiPorts ports{http, source, pace, clock, random, log, meter};
};

inline HttpResponse answer_at(std::string_view body, std::string date) {
    HttpResponse response = answer(body);
    response.date = std::move(date);
    return response;
}

inline HttpResponse status(int number, std::string_view body = "") {
    HttpResponse response = answer(body);
    response.status = number;
    return response;
}

}  // namespace certferry::tests
