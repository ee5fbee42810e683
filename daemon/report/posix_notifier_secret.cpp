// SPDX-License-Identifier: MIT
#include "report/posix_notifier_secret.hpp"

#include "base/posix_private_file.hpp"

#include <cstdlib>

namespace certferry {
namespace {

constexpr std::size_t largest_secret = 4096;

Result<Secret> read_secret(const std::filesystem::path& path) {
    const Result<Secret> contents = read_private_file(path, largest_secret);
    if (!contents) return contents.error();
    const std::string_view text = contents->reveal();
    const std::size_t end = text.find_last_not_of(" \t\r\n");
    if (end == std::string_view::npos)
        return Error(Errc::config_invalid, path.string() + ": empty").with_remedy("put the secret into it");
    return Secret(text.substr(0, end + 1));
}

struct SourceMaker {
    SecretSource operator()(const config::SecretFile& file) const {
        return [path = file.path] { return read_secret(path); };
    }
    SecretSource operator()(const config::SystemdSecret& systemd) const {
        return [name = systemd.name]() -> Result<Secret> {
            const char* const directory = std::getenv("CREDENTIALS_DIRECTORY");
            if (directory == nullptr)
                return Error(Errc::file_missing,
                             "the unit has no LoadCredential= (CREDENTIALS_DIRECTORY is not set)");
            return read_secret(std::filesystem::path(directory) / name);
        };
    }
};

}  // namespace

SecretSource secret_source(const config::SecretPlace& place) {
    return std::visit(SourceMaker{}, place);
}

}  // namespace certferry
