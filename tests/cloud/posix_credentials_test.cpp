// SPDX-License-Identifier: MIT
#include "cloud/posix_credentials.hpp"

#include "cloud/replies_in_turn.hpp"
#include "support/fake_files.hpp"
#include "support/manual_clock.hpp"
#include "support/recorded_log.hpp"
#include "support/recorded_meter.hpp"
#include "support/run.hpp"
#include "support/temp_dir.hpp"

#include <map>

#include <doctest/doctest.h>

namespace certferry {
namespace {

using tests::TempDir;

/// Where an account's keys are looked for.
struct Search {
    std::shared_ptr<CredentialsSource> in(config::CredentialsPlace place, const Environment& environment) {
        config::Account account;
        account.credentials.place = std::move(place);
        const CredentialsPorts ports(loop.get_executor(), http, files, clock, random, log, meter);
        return make_credentials(account, ports, environment);
    }

    Result<Credentials> result(const std::shared_ptr<CredentialsSource>& source) {
        return tests::run(loop, source->current());
    }

    Result<Credentials> find(config::CredentialsPlace place, const Environment& environment) {
        return result(in(std::move(place), environment));
    }

    boost::asio::io_context loop;
    tests::RepliesInTurn http;
    tests::FakeFiles files;
    tests::ManualClock clock{WallTime(std::chrono::seconds(1700000000))};
    SeededRandom random{1};
    tests::RecordedLog log;
    tests::RecordedMeter meter;
};

const Error off_cloud(Errc::unreachable, "metadata.tencentyun.com: the name does not resolve");

Environment environment(std::map<std::string, std::string> variables) {
    return [variables = std::move(variables)](const char* name) {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
    };
}

std::filesystem::path write_private(const TempDir& dir, const char* name, std::string_view text) {
    auto file = dir.write(name, text);
    std::filesystem::permissions(file, std::filesystem::perms(0600));
    return file;
}

config::FirstCredentialsFound first_found(const std::filesystem::path& file) {
    config::FirstCredentialsFound first;
    first.file.path = file;
    return first;
}

constexpr std::string_view from_file = "secret_id = \"file-id\"\nsecret_key = \"file-key\"\n";

TEST_CASE_FIXTURE(Search, "the environment gives an id, a key and the first token that is set") {
    const auto found =
        find(config::EnvironmentCredentials{}, environment({{"TENCENTCLOUD_SECRET_ID", "id"},
                                                            {"TENCENTCLOUD_SECRET_KEY", "key"},
                                                            {"TENCENTCLOUD_SESSION_TOKEN", ""},
                                                            {"TENCENTCLOUD_TOKEN", "second"},
                                                            {"TENCENTCLOUD_SECURITY_TOKEN", "third"}}));
    REQUIRE(found.has_value());
    CHECK(found->secret_id == "id");
    CHECK(found->secret_key.reveal() == "key");
    CHECK(found->token.reveal() == "second");
    CHECK(found->source == "environment");
}

TEST_CASE_FIXTURE(Search, "of several places the first that is there serves") {
    const TempDir dir;
    const auto file = write_private(dir, "credentials.toml", from_file);
    write_private(dir, "certferry-credentials", "secret_id = \"unit-id\"\nsecret_key = \"unit-key\"\n");
    write_private(dir, ".tencentcloud/credentials",
                  "[default]\nsecret_id = tools-id\nsecret_key = tools-key\n");
    http.add(200, "CVM_QCSRole");
    http.add(200, R"({"TmpSecretId":"cvm-id","TmpSecretKey":"k","Token":"t","ExpiredTime":1700007200})");
    std::map<std::string, std::string> variables = {{"TENCENTCLOUD_SECRET_ID", "env-id"},
                                                    {"TENCENTCLOUD_SECRET_KEY", "env-key"},
                                                    {"CREDENTIALS_DIRECTORY", dir.path()},
                                                    {"HOME", dir.path()}};
    const auto id = [&] { return find(first_found(file), environment(variables))->secret_id; };
    CHECK(id() == "env-id");
    variables["TENCENTCLOUD_SECRET_ID"] = variables["TENCENTCLOUD_SECRET_KEY"] = "";
    CHECK(id() == "unit-id");
    variables.erase("CREDENTIALS_DIRECTORY");
    CHECK(id() == "file-id");
    std::filesystem::remove(file);
    CHECK(id() == "tools-id");
    CHECK(http.requests().empty());
    variables.erase("HOME");
    CHECK(id() == "cvm-id");
}

TEST_CASE_FIXTURE(Search, "without credentials, every place that was looked at is named") {
    const TempDir dir;
    const auto file = dir.path() / "none.toml";
    http.add(off_cloud);
    const auto found = find(first_found(file), environment({{"CREDENTIALS_DIRECTORY", dir.path()}}));
    REQUIRE(found.has_error());
    // The machine may be a CVM whose metadata service does not answer for a moment.
    CHECK(found.error().code() == Errc::unreachable);
    CHECK(found.error().message() ==
          "no credentials: environment: TENCENTCLOUD_SECRET_ID is not set; " + dir.path().string() +
              "/certferry-credentials: No such file or directory; " + file.string() +
              ": No such file or directory; /etc/tencentcloud/credentials: not "
              "there; OIDC: TKE_ROLE_ARN is not set; metadata.tencentyun.com: the "
              "name does not resolve");
    CHECK(found.error().remedy().starts_with("give the account credentials"));
}

TEST_CASE_FIXTURE(Search,
                  "a credentials file that is too open is refused with what mends it, and nothing else") {
    const TempDir dir;
    const auto file = write_private(dir, "credentials.toml", from_file);
    std::filesystem::permissions(file, std::filesystem::perms(0644));
    const auto found = find(config::FileCredentials{file}, environment({}));
    REQUIRE(found.has_error());
    CHECK(found.error().code() == Errc::credentials_missing);
    CHECK(found.error().remedy() == "run: chmod 0600 " + file.string());
}

TEST_CASE_FIXTURE(Search,
                  "a place that is there but does not serve is not passed over for another identity") {
    const TempDir dir;
    const auto file = write_private(dir, "credentials.toml", from_file);
    const auto found = find(first_found(file), environment({{"TENCENTCLOUD_SECRET_ID", "env-id"}}));
    REQUIRE(found.has_error());
    CHECK(describe(found.error()) ==
          "no credentials: environment: TENCENTCLOUD_SECRET_ID is set, TENCENTCLOUD_SECRET_KEY is not. "
          "Set both of them, or neither");
}

TEST_CASE_FIXTURE(Search, "a pasted blank is found before the API finds it") {
    for (const char* key : {" key", "key\n"}) {
        const auto found =
            find(config::EnvironmentCredentials{},
                 environment({{"TENCENTCLOUD_SECRET_ID", "id"}, {"TENCENTCLOUD_SECRET_KEY", key}}));
        REQUIRE(found.has_error());
        CHECK(describe(found.error()) ==
              "no credentials: environment: there are blanks around the secret id or key. Remove them");
    }
}

TEST_CASE_FIXTURE(Search, "credentials are remembered until they are to be forgotten") {
    const TempDir dir;
    const auto file = write_private(dir, "credentials.toml", from_file);
    const auto source = in(config::FileCredentials{file}, environment({}));
    CHECK(result(source)->secret_id == "file-id");

    write_private(dir, "credentials.toml", "secret_id = \"new-id\"\nsecret_key = \"new-key\"\n");
    CHECK(result(source)->secret_id == "file-id");
    source->forget(*result(source));
    CHECK(result(source)->secret_id == "new-id");
}

}  // namespace
}  // namespace certferry
