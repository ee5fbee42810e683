// SPDX-License-Identifier: MIT
#include "cloud/posix_credentials.hpp"

#include "cloud/cvm_role_credentials.hpp"
#include "cloud/refreshing_credentials.hpp"
#include "cloud/sts_credentials.hpp"
#include "cloud/toml_credentials.hpp"

#include <cstdlib>

#include <fmt/format.h>

namespace certferry {
namespace {

class FilePlace final : public CredentialsPlace {
public:
    explicit FilePlace(std::filesystem::path path) : path_(std::move(path)) {}

    Awaitable<Result<Credentials>> look() override { co_return without_blanks(read_credentials_file(path_)); }

private:
    std::filesystem::path path_;
};

/// A file that the official tools may have left. In a directory that is closed to this process, as
/// ProtectHome= does it, it is not there.
class ToolsFilePlace final : public CredentialsPlace {
public:
    explicit ToolsFilePlace(std::filesystem::path path) : path_(std::move(path)) {}

    Awaitable<Result<Credentials>> look() override {
        std::error_code closed;
        if (!std::filesystem::exists(path_, closed))
            co_return Error(Errc::file_missing, fmt::format("{}: not there", path_.string()));
        co_return without_blanks(read_credentials_file(path_));
    }

private:
    std::filesystem::path path_;
};

class SystemdPlace final : public CredentialsPlace {
public:
    SystemdPlace(std::string name, Environment environment)
        : name_(std::move(name)), environment_(std::move(environment)) {}

    Awaitable<Result<Credentials>> look() override {
        const std::string_view directory = value_of(environment_, "CREDENTIALS_DIRECTORY");
        if (directory.empty())
            co_return Error(Errc::file_missing,
                            "systemd: the unit has no LoadCredential= (CREDENTIALS_DIRECTORY is not set)");
        co_return without_blanks(read_credentials_file(std::filesystem::path(directory) / name_));
    }

private:
    std::string name_;
    Environment environment_;
};

using Place = std::unique_ptr<CredentialsPlace>;

/// Makes the place that a configuration speaks of.
struct PlaceMaker {
    const config::Account& account;
    const CredentialsPorts& ports;
    const Environment& environment;

    Place operator()(const config::EnvironmentCredentials&) const {
        return std::make_unique<EnvironmentPlace>(environment);
    }
    Place operator()(const config::SystemdCredentials& systemd) const {
        return std::make_unique<SystemdPlace>(systemd.name, environment);
    }
    Place operator()(const config::FileCredentials& file) const {
        return std::make_unique<FilePlace>(file.path);
    }
    Place operator()(const config::CvmRoleCredentials& cvm) const {
        return std::make_unique<CvmRolePlace>(cvm, account.endpoint, ports.http);
    }
    Place operator()(const config::OidcCredentials&) const {
        return std::make_unique<OidcPlace>(account, environment, ports.files, sts_ports());
    }
    Place operator()(const config::FirstCredentialsFound& first) const {
        CredentialsPlaces places;
        places.push_back((*this)(config::EnvironmentCredentials{}));
        places.push_back((*this)(first.systemd));
        places.push_back((*this)(first.file));
        if (const std::string_view home = value_of(environment, "HOME"); !home.empty())
            places.push_back(
                std::make_unique<ToolsFilePlace>(std::filesystem::path(home) / ".tencentcloud/credentials"));
        places.push_back(std::make_unique<ToolsFilePlace>("/etc/tencentcloud/credentials"));
        places.push_back((*this)(config::OidcCredentials{}));
        places.push_back((*this)(config::CvmRoleCredentials{}));
        return std::make_unique<FirstOfPlaces>(std::move(places));
    }

    StsPorts sts_ports() const {
        return {ports.executor, ports.http, ports.clock, ports.random, ports.log, ports.meter};
    }
};

}  // namespace

Environment process_environment() {
    return [](const char* name) { return std::getenv(name); };
}

std::shared_ptr<CredentialsSource> make_credentials(const config::Account& account,
                                                    const CredentialsPorts& ports,
                                                    const Environment& environment) {
    const auto refreshed = [&](Place place) {
        return std::make_shared<RefreshingCredentials>(account.name, std::move(place), ports.executor,
                                                       ports.clock, ports.log);
    };
    const PlaceMaker make{account, ports, environment};
    auto found = refreshed(std::visit(make, account.credentials.place));
    if (!account.credentials.role) return found;
    return refreshed(std::make_unique<AssumedRolePlace>(account, std::move(found), make.sts_ports()));
}

}  // namespace certferry
