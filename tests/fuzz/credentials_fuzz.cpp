// SPDX-License-Identifier: MIT
// Where an account's keys come from: a credentials file in TOML or INI, or what the metadata service of a CVM
// and STS answer. The input is the file; it is the answer of STS; and it is those of the metadata service,
// the role first.
#include "cloud/api_world.hpp"
#include "cloud/cvm_role_credentials.hpp"
#include "cloud/sts_credentials.hpp"
#include "cloud/toml_credentials.hpp"
#include "config/forms.hpp"
#include "fuzz/memory_file.hpp"
#include "fuzz/property.hpp"
#include "support/run.hpp"

#include <algorithm>
#include <memory>

namespace certferry::tests {
namespace {

// The corpus and the dictionary have it, and no message of ours does.
constexpr std::string_view secret = "hunter2hunter2hunter2hunter2";

HttpResponse ok(std::string_view body) {
    HttpResponse response;
    response.status = 200;
    response.body = Secret(body);
    return response;
}

/// The metadata service: names the role, then lends its keys.
class Metadata final : public Http {
public:
    explicit Metadata(std::string_view answers) : answers_(answers) {}

    Awaitable<Result<HttpResponse>> fetch(HttpRequest request) override {
        const std::size_t end = std::min(answers_.find('\n'), answers_.size());
        if (!asked_) {
            asked_ = true;
            co_return ok(answers_.substr(0, end));
        }
        const std::string role = request.url.substr(request.url.rfind('/') + 1);
        demand(config::is_role_name(role), "what is asked for is a role's name");
        co_return ok(answers_.substr(std::min(end + 1, answers_.size())));
    }

private:
    std::string_view answers_;
    bool asked_ = false;
};

/// STS, which answers always the same.
class Sts final : public Http {
public:
    explicit Sts(std::string_view answer) : answer_(answer) {}

    Awaitable<Result<HttpResponse>> fetch(HttpRequest /*request*/) override { co_return ok(answer_); }

private:
    std::string_view answer_;
};

void check_found(const Credentials& found) {
    demand(!found.secret_id.empty() && !found.secret_key.empty(), "keys that are found are not empty");
    if (!found.expires) return;
    demand(*found.expires > WallTime(), "what expires does so at a time");
    demand(!found.token.empty(), "keys that expire have a token");
}

void check_refused(const Error& error) {
    const std::string message = describe(error);
    demand(!has_control_characters(message), "what is refused is told in one line");
    demand(message.find(secret) == std::string::npos, "no message repeats a secret");
}

void check(const Result<Credentials>& found) {
    if (found)
        check_found(*found);
    else
        check_refused(found.error());
}

Result<Credentials> look_at_metadata(std::string_view answers) {
    Metadata http(answers);
    CvmRolePlace place({}, {}, http);
    return run(place.look());
}

Result<Credentials> assume_role(std::string_view answer) {
    Sts http(answer);
    boost::asio::io_context loop;
    ManualClock clock{WallTime(std::chrono::seconds(1700000000))};
    SeededRandom random{1};
    RecordedLog log;
    RecordedMeter meter;
    config::Account account;
    account.credentials.role.emplace().arn = "qcs::cam::uin/100000000001:roleName/certferry";
    AssumedRolePlace place(account, std::make_shared<CredentialsInTurn>(),
                           {loop.get_executor(), http, clock, random, log, meter});
    return run(loop, place.look());
}

}  // namespace
}  // namespace certferry::tests

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace certferry;
    const std::string_view text = tests::text_of(data, size);
    const tests::MemoryFile file(text);
    tests::check(read_credentials_file(file.path()));
    const auto lent_by_metadata = tests::look_at_metadata(text);
    const bool role_is_secret = text.substr(0, text.find('\n')).find(tests::secret) != text.npos;
    if (!role_is_secret) tests::check(lent_by_metadata);
    // What STS says when it says no is for people to read.
    if (const auto lent = tests::assume_role(text)) tests::check_found(*lent);
    return 0;
}
