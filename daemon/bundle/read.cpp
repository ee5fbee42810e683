// SPDX-License-Identifier: MIT
#include "bundle/read.hpp"

#include <optional>

#include <fmt/format.h>

namespace certferry {
namespace {

// None where the chain file is all there is to read.
std::optional<std::filesystem::path> separate_key_file(const config::Lineage& lineage, config::Kind kind) {
    if (kind == config::Kind::client || lineage.key == lineage.chain) return std::nullopt;
    return lineage.key;
}

Result<void> check_unchanged(const Files& files, const std::filesystem::path& path, const FileStamp& before) {
    const Result<FileStamp> now = files.stamp(path);
    if (now && *now == before) return {};
    return Error(Errc::bundle_changing,
                 fmt::format("{}: it changed while the lineage was read", path.string()));
}

Result<Bundle> make_bundle(const config::Lineage& lineage, config::Kind kind, const Secret& chain,
                           const Secret& key) {
    const std::string chain_name = lineage.chain.string();
    if (kind == config::Kind::client) return make_client_bundle(chain.reveal(), chain_name);
    return make_server_bundle(chain.reveal(), chain_name, key, lineage.key.value_or(lineage.chain).string());
}

}  // namespace

Result<Reading> read_bundle(const Files& files, const config::Lineage& lineage, config::Kind kind) {
    const std::optional<std::filesystem::path> key_file = separate_key_file(lineage, kind);
    const Result<FileContents> chain = files.read(lineage.chain, max_bundle_file_bytes);
    if (!chain) return chain.error();
    const Result<FileContents> key = key_file ? files.read(*key_file, max_bundle_file_bytes) : chain;
    if (!key) return key.error();

    // The stamps before the contents: what is wrong with a file that is being written is no finding.
    if (const auto same = check_unchanged(files, lineage.chain, chain->stamp); !same) return same.error();
    if (key_file)
        if (const auto same = check_unchanged(files, *key_file, key->stamp); !same) return same.error();

    Result<Bundle> bundle = make_bundle(lineage, kind, chain->bytes, key->bytes);
    if (!bundle) return bundle.error();
    Reading reading{std::move(*bundle), {chain->stamp}};
    if (key_file) reading.stamps.push_back(key->stamp);
    return reading;
}

}  // namespace certferry
