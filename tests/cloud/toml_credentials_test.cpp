// SPDX-License-Identifier: MIT
#include "cloud/toml_credentials.hpp"

#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using tests::TempDir;

Result<Credentials> read(const TempDir& dir, std::string_view text, unsigned mode = 0600) {
    const auto file = dir.write("credentials.toml", text);
    std::filesystem::permissions(file, std::filesystem::perms(mode));
    return read_credentials_file(file);
}

std::string refusal(std::string_view text, unsigned mode = 0600) {
    const TempDir dir;
    const auto found = read(dir, text, mode);
    REQUIRE(found.has_error());
    return describe(found.error()).substr(dir.path().string().size() + 1);
}

constexpr std::string_view good = "secret_id = \"AKID1\"\nsecret_key = \"hunter2\"\n";

TEST_CASE("a file gives an id, a key and perhaps a token") {
    const TempDir dir;
    const auto lasting = read(dir, good);
    REQUIRE(lasting.has_value());
    CHECK(lasting->secret_id == "AKID1");
    CHECK(lasting->secret_key.reveal() == "hunter2");
    CHECK(lasting->token.empty());
    CHECK(lasting->source == (dir.path() / "credentials.toml").string());

    const auto temporary = read(dir, std::string(good) + "token = \"t\"\n");
    REQUIRE(temporary.has_value());
    CHECK(temporary->token.reveal() == "t");
}

TEST_CASE("the official tools' file serves too") {
    const TempDir dir;
    const auto found = read(dir, "[default]\nsecret_id = AKID1\nsecret_key = hunter2\n");
    REQUIRE(found.has_value());
    CHECK(found->secret_key.reveal() == "hunter2");
    CHECK(found->source == (dir.path() / "credentials.toml").string());
    CHECK(refusal("[default]\nsecret_id = AKID1\n", 0644).ends_with("credentials.toml"));
}

TEST_CASE("a link to a file serves, as systemd and Kubernetes make them") {
    const TempDir dir;
    REQUIRE(read(dir, good).has_value());
    std::filesystem::create_symlink("credentials.toml", dir.path() / "link");
    CHECK(read_credentials_file(dir.path() / "link").has_value());
}

TEST_CASE("a file that others can read is refused with the command that mends it") {
    const TempDir dir;
    const auto found = read(dir, good, 0644);
    REQUIRE(found.has_error());
    CHECK(found.error().code() == Errc::file_unreadable);
    const std::string file = (dir.path() / "credentials.toml").string();
    CHECK(describe(found.error()) ==
          file + ": others may read or write it (mode 0644). Run: chmod 0600 " + file);
    CHECK(read(dir, good, 0440).has_value());
}

TEST_CASE("a file that is no credentials file is refused without repeating what is in it") {
    CHECK(refusal("secretid = \"AKID1\"\n") ==
          "credentials.toml:1: unknown key \"secretid\". Did you mean \"secret_id\"?");
    CHECK(refusal("AKIDhunter2 = \"hunter2\"\n") ==
          "credentials.toml:1: unknown key. Known here: secret_id, secret_key, token");
    CHECK(refusal("secret_id = AKIDhunter2\n") ==
          "credentials.toml:1: this is not TOML. Write secret_id = \"…\", in quotes");
    CHECK(refusal("secret_id = 5\n") ==
          "credentials.toml:1: secret_id must be a text. Write secret_id = \"…\", in quotes");
    CHECK(refusal("secret_id = \"AKID1\"\nsecret_key = \"\"\n") ==
          "credentials.toml: secret_key is missing or empty. Add secret_key = \"…\"");
}

TEST_CASE("a file that is not there is told from one that does not serve") {
    const TempDir dir;
    CHECK(read_credentials_file(dir.path() / "none").error().code() == Errc::file_missing);
}

}  // namespace
}  // namespace certferry
