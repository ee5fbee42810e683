// SPDX-License-Identifier: MIT
#include "cloud/posix_credentials.hpp"

#include "cloud/toml_credentials.hpp"

#include <cstdlib>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace certferry {
namespace {

/// Looks in one place. Errors: file_missing when the place is not there at all; their messages name the
/// place.
using Look = std::function<Result<Credentials>()>;

std::string_view value_of(const Environment& environment, const char* name) {
    const char* const value = environment(name);
    return value == nullptr ? std::string_view() : std::string_view(value);
}

Result<Credentials> from_environment(const Environment& environment) {
    const std::string_view id = value_of(environment, "TENCENTCLOUD_SECRET_ID");
    const std::string_view key = value_of(environment, "TENCENTCLOUD_SECRET_KEY");
    if (id.empty() && key.empty())
        return Error(Errc::file_missing, "environment: TENCENTCLOUD_SECRET_ID is not set");
    if (id.empty() || key.empty())
        return Error(Errc::credentials_missing,
                     fmt::format("environment: TENCENTCLOUD_SECRET_{} is set, TENCENTCLOUD_SECRET_{} is not",
                                 id.empty() ? "KEY" : "ID", id.empty() ? "ID" : "KEY"))
            .with_remedy("set both of them, or neither");

    Credentials found;
    found.secret_id = id;
    found.secret_key = Secret(key);
    for (const char* name :
         {"TENCENTCLOUD_SESSION_TOKEN", "TENCENTCLOUD_TOKEN", "TENCENTCLOUD_SECURITY_TOKEN"})
        if (found.token.empty()) found.token = Secret(value_of(environment, name));
    found.source = "environment";
    return found;
}

Result<Credentials> from_systemd(const Environment& environment, const std::string& name) {
    const std::string_view directory = value_of(environment, "CREDENTIALS_DIRECTORY");
    if (directory.empty())
        return Error(Errc::file_missing,
                     "systemd: the unit has no LoadCredential= (CREDENTIALS_DIRECTORY is not set)");
    return read_credentials_file(std::filesystem::path(directory) / name);
}

bool surrounded_by_blanks(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    return blanks.find(text.front()) != std::string_view::npos ||
           blanks.find(text.back()) != std::string_view::npos;
}

/// A pasted blank would only show as a signature that the API refuses.
Result<Credentials> without_blanks(Credentials found) {
    if (surrounded_by_blanks(found.secret_id) || surrounded_by_blanks(found.secret_key.reveal()))
        return Error(Errc::credentials_missing,
                     fmt::format("{}: there are blanks around the secret id or key", found.source))
            .with_remedy("remove them");
    return found;
}

class RememberedCredentials final : public CredentialsSource {
public:
    explicit RememberedCredentials(std::vector<Look> places) : places_(std::move(places)) {}

    Awaitable<Result<Credentials>> current() override {
        if (!found_) {
            Result<Credentials> found = look();
            if (!found) co_return found.error();
            found_ = std::move(*found);
        }
        co_return *found_;
    }

    void forget() override { found_.reset(); }

private:
    Result<Credentials> look() const {
        std::string reasons;
        for (const Look& look : places_) {
            Result<Credentials> found = look();
            if (found) found = without_blanks(std::move(*found));
            if (found) return found;
            const Error reason = found.error();
            reasons += (reasons.empty() ? "" : "; ") + reason.message();
            if (reason.code() != Errc::file_missing)
                return missing(reasons).with_remedy(std::string(reason.remedy()));
        }
        return missing(reasons);
    }

    static Error missing(const std::string& reasons) {
        return {Errc::credentials_missing, "no credentials: " + reasons};
    }

    std::vector<Look> places_;
    std::optional<Credentials> found_;
};

Look place(const config::EnvironmentCredentials&, const Environment& environment) {
    return [environment] { return from_environment(environment); };
}

Look place(const config::SystemdCredentials& systemd, const Environment& environment) {
    return [environment, name = systemd.name] { return from_systemd(environment, name); };
}

Look place(const config::FileCredentials& file, const Environment&) {
    return [path = file.path] { return read_credentials_file(path); };
}

struct Places {
    const Environment& environment;

    template <class One>
    std::vector<Look> operator()(const One& one) const {
        return {place(one, environment)};
    }

    std::vector<Look> operator()(const config::FirstCredentialsFound& first) const {
        return {place(config::EnvironmentCredentials{}, environment), place(first.systemd, environment),
                place(first.file, environment)};
    }
};

}  // namespace

Environment process_environment() {
    return [](const char* name) { return std::getenv(name); };
}

std::unique_ptr<CredentialsSource> make_credentials(const config::Credentials& where,
                                                    const Environment& environment) {
    return std::make_unique<RememberedCredentials>(std::visit(Places{environment}, where));
}

}  // namespace certferry
