// SPDX-License-Identifier: MIT
#include "bundle/read.hpp"

#include <optional>

#include <fmt/format.h>

namespace certferry {
namespace {

// None where the chain file is all there is to read.
std::optional<std::filesystem::path> separate_key_file(const config::CertificateFiles& place,
                                                       config::Kind kind) {
    if (kind == config::Kind::client || place.key == place.chain) return std::nullopt;
    return place.key;
}

// What cannot be told may be there.
bool has_chain(const Files& files, const config::CertificateFiles& place) {
    const auto stamp = files.stamp(place.chain);
    return stamp || stamp.error().code() != Errc::file_missing;
}

Result<void> check_unchanged(const Files& files, const std::filesystem::path& path, const FileStamp& before) {
    const Result<FileStamp> now = files.stamp(path);
    if (now && *now == before) return {};
    return Error(Errc::bundle_changing,
                 fmt::format("{}: it changed while the lineage was read", path.string()));
}

Result<Bundle> make_bundle(const config::CertificateFiles& place, config::Kind kind, const Secret& chain,
                           const Secret& key) {
    const std::string chain_name = place.chain.string();
    if (kind == config::Kind::client) return make_client_bundle(chain.reveal(), chain_name);
    return make_server_bundle(chain.reveal(), chain_name, key, place.key.value_or(place.chain).string());
}

}  // namespace

Result<Reading> read_bundle(const Files& files, const config::CertificateFiles& place, config::Kind kind) {
    const std::optional<std::filesystem::path> key_file = separate_key_file(place, kind);
    const Result<FileContents> chain = files.read(place.chain, max_bundle_file_bytes);
    if (!chain) return chain.error();
    const Result<FileContents> key = key_file ? files.read(*key_file, max_bundle_file_bytes) : chain;
    if (!key) return key.error();

    // The stamps before the contents: what is wrong with a file that is being written is no finding.
    if (const auto same = check_unchanged(files, place.chain, chain->stamp); !same) return same.error();
    if (key_file)
        if (const auto same = check_unchanged(files, *key_file, key->stamp); !same) return same.error();

    Result<Bundle> bundle = make_bundle(place, kind, chain->bytes, key->bytes);
    if (!bundle) return bundle.error();
    Reading reading{std::move(*bundle), place.chain, {chain->stamp}};
    if (key_file) reading.stamps.push_back(key->stamp);
    return reading;
}

Result<Reading> read_latest(const Files& files, const std::vector<config::CertificateFiles>& places,
                            config::Kind kind) {
    std::optional<Reading> latest;
    std::vector<FileStamp> stamps;
    for (const config::CertificateFiles& place : places) {
        if (!has_chain(files, place)) continue;
        Result<Reading> reading = read_bundle(files, place, kind);
        if (!reading) return reading.error();
        stamps.insert(stamps.end(), reading->stamps.begin(), reading->stamps.end());
        if (!latest || reading->bundle.leaf.not_before > latest->bundle.leaf.not_before)
            latest = std::move(*reading);
    }
    if (!latest) return read_bundle(files, places.front(), kind);
    latest->stamps = std::move(stamps);
    return std::move(*latest);
}

std::vector<FileStamp> stamps_of(const Files& files, const std::vector<config::CertificateFiles>& places,
                                 config::Kind kind) {
    std::vector<FileStamp> stamps;
    for (const config::CertificateFiles& place : places) {
        if (!has_chain(files, place)) continue;
        std::vector<std::filesystem::path> paths{place.chain};
        if (const auto key_file = separate_key_file(place, kind)) paths.push_back(*key_file);
        for (const auto& path : paths) {
            const auto stamp = files.stamp(path);
            if (!stamp) return {};
            stamps.push_back(*stamp);
        }
    }
    return stamps;
}

}  // namespace certferry
