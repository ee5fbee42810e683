// SPDX-License-Identifier: MIT
#include "cloud/posix_credentials.hpp"

#include "support/run.hpp"
#include "support/temp_dir.hpp"

#include <map>

#include <doctest/doctest.h>

namespace certferry {
namespace {

using tests::run;
using tests::TempDir;

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

TEST_CASE("the environment gives an id, a key and the first token that is set") {
    const auto source = make_credentials(config::EnvironmentCredentials{},
                                         environment({{"TENCENTCLOUD_SECRET_ID", "id"},
                                                      {"TENCENTCLOUD_SECRET_KEY", "key"},
                                                      {"TENCENTCLOUD_SESSION_TOKEN", ""},
                                                      {"TENCENTCLOUD_TOKEN", "second"},
                                                      {"TENCENTCLOUD_SECURITY_TOKEN", "third"}}));
    const auto found = run(source->current());
    REQUIRE(found.has_value());
    CHECK(found->secret_id == "id");
    CHECK(found->secret_key.reveal() == "key");
    CHECK(found->token.reveal() == "second");
    CHECK(found->source == "environment");
}

TEST_CASE("of several places the first that is there serves") {
    const TempDir dir;
    const auto file = write_private(dir, "credentials.toml", from_file);
    write_private(dir, "certferry-credentials", "secret_id = \"unit-id\"\nsecret_key = \"unit-key\"\n");
    std::map<std::string, std::string> variables = {{"TENCENTCLOUD_SECRET_ID", "env-id"},
                                                    {"TENCENTCLOUD_SECRET_KEY", "env-key"},
                                                    {"CREDENTIALS_DIRECTORY", dir.path()}};
    const auto id_with = [&](const std::map<std::string, std::string>& set) {
        const auto source = make_credentials(first_found(file), environment(set));
        return run(source->current())->secret_id;
    };
    CHECK(id_with(variables) == "env-id");
    variables["TENCENTCLOUD_SECRET_ID"] = variables["TENCENTCLOUD_SECRET_KEY"] = "";
    CHECK(id_with(variables) == "unit-id");
    variables.erase("CREDENTIALS_DIRECTORY");
    CHECK(id_with(variables) == "file-id");
}

TEST_CASE("without credentials, every place that was looked at is named") {
    const TempDir dir;
    const auto file = dir.path() / "none.toml";
    const auto source =
        make_credentials(first_found(file), environment({{"CREDENTIALS_DIRECTORY", dir.path()}}));
    const auto found = run(source->current());
    REQUIRE(found.has_error());
    CHECK(found.error().code() == Errc::credentials_missing);
    CHECK(found.error().message() == "no credentials: environment: TENCENTCLOUD_SECRET_ID is not set; " +
                                         dir.path().string() +
                                         "/certferry-credentials: No such file or directory; " +
                                         file.string() + ": No such file or directory");
    CHECK(found.error().remedy().starts_with("give the account credentials"));
}

TEST_CASE("a credentials file that is too open is refused with what mends it, and nothing else") {
    const TempDir dir;
    const auto file = write_private(dir, "credentials.toml", from_file);
    std::filesystem::permissions(file, std::filesystem::perms(0644));
    const auto source = make_credentials(config::FileCredentials{file}, environment({}));
    const auto found = run(source->current());
    REQUIRE(found.has_error());
    CHECK(found.error().code() == Errc::credentials_missing);
    CHECK(found.error().remedy() == "run: chmod 0600 " + file.string());
}

TEST_CASE("a place that is there but does not serve is not passed over for another identity") {
    const TempDir dir;
    const auto file = write_private(dir, "credentials.toml", from_file);
    const auto source =
        make_credentials(first_found(file), environment({{"TENCENTCLOUD_SECRET_ID", "env-id"}}));
    const auto found = run(source->current());
    REQUIRE(found.has_error());
    CHECK(describe(found.error()) ==
          "no credentials: environment: TENCENTCLOUD_SECRET_ID is set, TENCENTCLOUD_SECRET_KEY is not. "
          "Set both of them, or neither");
}

TEST_CASE("a pasted blank is found before the API finds it") {
    for (const char* key : {" key", "key\n"}) {
        const auto source = make_credentials(
            config::EnvironmentCredentials{},
            environment({{"TENCENTCLOUD_SECRET_ID", "id"}, {"TENCENTCLOUD_SECRET_KEY", key}}));
        const auto found = run(source->current());
        REQUIRE(found.has_error());
        CHECK(describe(found.error()) ==
              "no credentials: environment: there are blanks around the secret id or key. Remove them");
    }
}

TEST_CASE("credentials are remembered until they are to be forgotten") {
    const TempDir dir;
    const auto file = write_private(dir, "credentials.toml", from_file);
    const auto source = make_credentials(config::FileCredentials{file}, environment({}));
    CHECK(run(source->current())->secret_id == "file-id");

    write_private(dir, "credentials.toml", "secret_id = \"new-id\"\nsecret_key = \"new-key\"\n");
    CHECK(run(source->current())->secret_id == "file-id");
    source->forget();
    CHECK(run(source->current())->secret_id == "new-id");
}

}  // namespace
}  // namespace certferry
