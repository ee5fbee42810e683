// SPDX-License-Identifier: MIT
#include "cloud/toml_credentials.hpp"

#include "base/posix_private_file.hpp"
#include "cloud/ini_credentials.hpp"
#include "config/nearest.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

namespace certferry {
namespace {

constexpr std::size_t largest_file = 64UL * 1024;
constexpr std::string_view keys = "secret_id, secret_key, token";

class CredentialsFile {
public:
    CredentialsFile(const std::filesystem::path& path, std::string_view text)
        : path_(path), table_(toml::parse(text)) {}
    CredentialsFile(const CredentialsFile&) = delete;
    CredentialsFile& operator=(const CredentialsFile&) = delete;
    ~CredentialsFile() {
        for (auto&& [key, node] : table_)
            if (auto* const text = node.as_string()) OPENSSL_cleanse(text->get().data(), text->get().size());
    }

    Result<Credentials> credentials() const {
        for (const auto& [key, node] : table_) {
            if (!known(key.str())) return unknown(key);
            if (!node.is_string())
                return refusal(node.source(), fmt::format("{} must be a text", key.str()),
                               fmt::format("write {} = \"…\", in quotes", key.str()));
        }
        Credentials found;
        found.secret_id = text("secret_id");
        found.secret_key = Secret(text("secret_key"));
        found.token = Secret(text("token"));
        found.source = path_.string();
        if (found.secret_id.empty()) return missing("secret_id");
        if (found.secret_key.empty()) return missing("secret_key");
        return found;
    }

private:
    static bool known(std::string_view key) {
        return key == "secret_id" || key == "secret_key" || key == "token";
    }

    std::string_view text(std::string_view key) const { return table_[key].value_or(std::string_view()); }

    // A key that is nothing like a known one may itself be a secret in the wrong place.
    Error unknown(const toml::key& key) const {
        const auto near = config::nearest(key.str(), {"secret_id", "secret_key", "token"});
        if (near)
            return refusal(key.source(), fmt::format("unknown key \"{}\"", key.str()),
                           fmt::format("did you mean \"{}\"?", *near));
        return refusal(key.source(), "unknown key", fmt::format("known here: {}", keys));
    }

    Error missing(std::string_view key) const {
        return Error(Errc::config_invalid, fmt::format("{}: {} is missing or empty", path_.string(), key))
            .with_remedy(fmt::format("add {} = \"…\"", key));
    }

    Error refusal(const toml::source_region& where, const std::string& reason, std::string remedy) const {
        return Error(Errc::config_invalid, fmt::format("{}:{}: {}", path_.string(), where.begin.line, reason))
            .with_remedy(std::move(remedy));
    }

    const std::filesystem::path& path_;
    toml::table table_;
};

Error unfit(const Error& error) {
    return error.with_remedy("name a regular file of less than 64 KiB");
}

}  // namespace

Result<Credentials> read_credentials_file(const std::filesystem::path& path) {
    const Result<Secret> text = read_private_file(path, largest_file);
    if (!text) return text.error().code() == Errc::file_unfit ? unfit(text.error()) : text.error();
    if (is_ini_credentials(text->reveal())) return read_ini_credentials(text->reveal(), path.string());
    try {
        return CredentialsFile(path, text->reveal()).credentials();
    } catch (const toml::parse_error& error) {
        // Its description may repeat a part of the line.
        return Error(Errc::config_invalid,
                     fmt::format("{}:{}: this is not TOML", path.string(), error.source().begin.line))
            .with_remedy("write secret_id = \"…\", in quotes");
    }
}

}  // namespace certferry
