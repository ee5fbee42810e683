// SPDX-License-Identifier: MIT
#include "fuzz/asked_cloud.hpp"

#include "cloud/api_json.hpp"
#include "cloud/api_world.hpp"
#include "fuzz/property.hpp"
#include "support/run.hpp"

#include <algorithm>

namespace certferry::tests {
namespace {

// More than any need takes of an API that always answers the same.
constexpr std::size_t calls_max = 60;

// The dictionary has it, so that answers repeat it.
constexpr std::string_view secret_key = "hunter2hunter2hunter2hunter2";

class AnswersInTurn final : public Http {
public:
    explicit AnswersInTurn(std::string_view lines) : lines_(lines) {}

    Awaitable<Result<HttpResponse>> fetch(HttpRequest /*request*/) override {
        demand(++calls_ <= calls_max, "one need takes a bounded number of calls");
        HttpResponse response;
        response.status = 200;
        response.body = Secret(next_line());
        co_return response;
    }

private:
    std::string_view next_line() {
        const std::size_t end = lines_.find('\n');
        const std::string_view line = lines_.substr(0, end);
        if (end != std::string_view::npos) lines_.remove_prefix(end + 1);
        return line;
    }

    std::string_view lines_;
    std::size_t calls_ = 0;
};

struct Asked {
    explicit Asked(std::string_view answers) : http(answers) {
        Credentials keys = credentials("AKIDfuzzed");
        keys.secret_key = Secret(secret_key);
        source.turns = {keys};
    }

    AnswersInTurn http;
    CredentialsInTurn source;
    ManualClock clock{WallTime(std::chrono::seconds(1700000000))};
    SeededRandom random{1};
    RecordedLog log;
    RecordedMeter meter;
    config::Account account;
    boost::asio::io_context loop;
    HurryingClock pace_clock;
    Pace pace{loop.get_executor(), pace_clock, account.requests_per_second};
    ApiCaller caller{account, {http, source, pace, clock, random, log, meter}};
};

void check_text(std::string_view text) {
    demand(!has_control_characters(text), "a text of an answer is one line");
}

void check_has_no_secret(std::string_view text) {
    demand(text.find(secret_key) == std::string_view::npos, "no message repeats a secret of the request");
}

void check_id(const std::string& id) {
    demand(is_id(id), "an id has the form of an id");
}

void check(const CertificateId& id) {
    check_id(id.str());
}

void check(const RequestId& id) {
    check_text(id.str());
}

void check(const std::optional<CertificateId>& id) {
    if (id) check(*id);
}

void check(const Binding& binding) {
    check_id(binding.place.load_balancer);
    check_id(binding.place.listener);
    check_text(binding.place.domain);
    check_text(binding.region);
    check_text(binding.ssl_mode);
    check_text(binding.verify_client);
    if (!binding.client_ca.empty()) check_id(binding.client_ca);
    for (const CertificateId& other : binding.beside) check(other);
}

void check(const BindingSet& bindings) {
    for (const Binding& binding : bindings) check(binding);
}

void check(const std::map<CertificateId, BindingSet>& bindings) {
    for (const auto& [id, places] : bindings) {
        check(places);
        for (const Binding& binding : places)
            demand(std::ranges::find(binding.beside, id) == binding.beside.end(), "nothing is beside itself");
    }
}

void check(const std::map<Place, CertificateId>& occupants) {
    for (const auto& [place, id] : occupants) check(id);
}

// The call behind a task is over, and nobody holds its secrets any more; a key in PEM still shows.
void check(const TaskReport& report) {
    check_text(report.message);
    demand(report.message.find("-----BEGIN") == std::string::npos, "no message of a task has a key in PEM");
}

void check(const CertificateFacts& facts) {
    demand(facts.not_after != std::chrono::sys_seconds(), "a certificate that is described has an end");
    check_text(to_utc(facts.not_after));
    check_text(facts.issuer);
    for (const std::string& name : facts.names) check_text(name);
}

void check(const Error& error) {
    check_text(describe(error));
    if (error.api()) check_has_no_secret(describe(error));
}

template <class T>
void check(const Result<T>& answer) {
    if (answer)
        check(*answer);
    else
        check(answer.error());
}

BindingSet some_bindings() {
    Binding mutual;
    mutual.place = {"lb-1", "lbl-1", ""};
    mutual.region = "ap-guangzhou";
    mutual.ssl_mode = "mutual";
    mutual.client_ca = "ca000001";
    mutual.beside = {CertificateId("rsa00001")};
    Binding by_rule;
    by_rule.place = {"lb-1", "lbl-2", "www.example.com"};
    by_rule.region = "ap-guangzhou";
    by_rule.ssl_mode = "unidirectional";
    return {mutual, by_rule};
}

Upload some_certificate() {
    Upload upload;
    upload.alias = "certferry-www-0123456789ab";
    upload.chain_pem = "a certificate";
    upload.key_pem = Secret(secret_key);
    upload.certificate.not_after = std::chrono::sys_seconds(std::chrono::seconds(1800000000));
    upload.certificate.names = {"www.example.com"};
    return upload;
}

}  // namespace

void ask_everything(std::string_view answers, const MakeCloud& make_cloud) {
    const auto ask = [&](const auto& need) {
        Asked asked(answers);
        const std::unique_ptr<Cloud> cloud = make_cloud(asked.caller);
        check(run(asked.loop, need(*cloud)));
        for (const std::string& line : asked.log.lines()) check_has_no_secret(line);
    };
    const CertificateId old_id("4b9fc92b");
    const CertificateId new_id("e2b6d555");
    const Replacement replacement = new_id;
    const std::vector<CertificateId> ids{old_id, new_id};
    const RequestId task("task-1");
    const BindingSet bindings = some_bindings();
    const Upload certificate = some_certificate();
    Upload known_by_name = certificate;
    known_by_name.chain_pem.clear();

    ask([&](Cloud& cloud) { return cloud.find(certificate); });
    ask([&](Cloud& cloud) { return cloud.find(known_by_name); });
    ask([&](Cloud& cloud) { return cloud.upload(certificate); });
    ask([&](Cloud& cloud) { return cloud.replace(old_id, replacement, bindings); });
    ask([&](Cloud& cloud) { return cloud.bind(*bindings.begin(), new_id); });
    ask([&](Cloud& cloud) { return cloud.occupants(bindings); });
    ask([&](Cloud& cloud) { return cloud.task(task); });
    ask([&](Cloud& cloud) { return cloud.bindings(ids); });
    ask([&](Cloud& cloud) { return cloud.bindings_beside(old_id, bindings); });
    ask([&](Cloud& cloud) { return cloud.describe(old_id); });
    ask([&](Cloud& cloud) { return cloud.remove(old_id); });
    ask([&](Cloud& cloud) { return cloud.removal(task); });
}

}  // namespace certferry::tests
