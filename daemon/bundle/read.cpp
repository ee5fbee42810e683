// SPDX-License-Identifier: MIT
#include "bundle/read.hpp"

#include "bundle/openssl_ptr.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

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

Result<void> read_place(const Files& files, const config::CertificateFiles& place, config::Kind kind,
                        LineageContents& contents) {
    const std::optional<std::filesystem::path> key_file = separate_key_file(place, kind);
    Result<FileContents> chain = files.read(place.chain, max_bundle_file_bytes);
    if (!chain) return chain.error();
    std::optional<FileContents> key;
    if (key_file) {
        Result<FileContents> read = files.read(*key_file, max_bundle_file_bytes);
        if (!read) return read.error();
        key = *std::move(read);
    }

    // The stamps before anybody looks at the contents: what is wrong with a file that is being written is no
    // finding.
    if (const auto same = check_unchanged(files, place.chain, chain->stamp); !same) return same.error();
    if (key)
        if (const auto same = check_unchanged(files, *key_file, key->stamp); !same) return same.error();

    contents.stamps.push_back(chain->stamp);
    if (key) contents.stamps.push_back(key->stamp);
    PlaceContents& held = contents.places.emplace_back(PlaceContents{place, std::move(chain->bytes), {}});
    if (key) held.key = std::move(key->bytes);
    return {};
}

Result<Bundle> judge_place(const PlaceContents& held, config::Kind kind) {
    const std::string chain_name = held.place.chain.string();
    if (kind == config::Kind::client) return make_client_bundle(held.chain.reveal(), chain_name);
    return make_server_bundle(held.chain.reveal(), chain_name, held.key ? *held.key : held.chain,
                              held.place.key.value_or(held.place.chain).string());
}

// A SHA-256 over parts whose borders count.
class Sealing {
public:
    Sealing() : digest_(or_out_of_memory(EVP_MD_CTX_new())) {
        EVP_DigestInit_ex(digest_.get(), EVP_sha256(), nullptr);
    }

    void add(std::string_view part) {
        const std::uint64_t size = part.size();
        EVP_DigestUpdate(digest_.get(), &size, sizeof size);
        EVP_DigestUpdate(digest_.get(), part.data(), part.size());
    }

    Seal finish() {
        std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
        EVP_DigestFinal_ex(digest_.get(), digest.data(), nullptr);
        return Seal(fmt::format("{:02x}", fmt::join(digest, "")));
    }

private:
    std::unique_ptr<EVP_MD_CTX, OpensslFree<EVP_MD_CTX_free>> digest_;
};

}  // namespace

Result<LineageContents> read_lineage(const Files& files, const std::vector<config::CertificateFiles>& places,
                                     config::Kind kind) {
    LineageContents contents;
    for (const config::CertificateFiles& place : places) {
        if (!has_chain(files, place)) continue;
        if (const auto read = read_place(files, place, kind, contents); !read) return read.error();
    }
    if (!contents.places.empty()) return contents;
    if (const auto read = read_place(files, places.front(), kind, contents); !read) return read.error();
    return contents;
}

// Another version may judge otherwise, and so may another OpenSSL.
Seal seal_of(const LineageContents& contents, config::Kind kind) {
    Sealing sealing;
    sealing.add(CERTFERRY_VERSION);
    sealing.add(OpenSSL_version(OPENSSL_VERSION));
    sealing.add(kind == config::Kind::client ? "client" : "server");
    for (const PlaceContents& held : contents.places) {
        sealing.add(held.chain.reveal());
        sealing.add(held.key ? "a key file" : "no key file");
        if (held.key) sealing.add(held.key->reveal());
    }
    return sealing.finish();
}

Result<Reading> judge(const LineageContents& contents, config::Kind kind) {
    std::optional<Reading> latest;
    for (const PlaceContents& held : contents.places) {
        Result<Bundle> bundle = judge_place(held, kind);
        if (!bundle) return bundle.error();
        if (!latest || bundle->leaf.not_before > latest->bundle.leaf.not_before)
            latest = Reading{*std::move(bundle), held.place.chain};
    }
    return *std::move(latest);
}

Result<Reading> read_latest(const Files& files, const std::vector<config::CertificateFiles>& places,
                            config::Kind kind) {
    const Result<LineageContents> contents = read_lineage(files, places, kind);
    if (!contents) return contents.error();
    return judge(*contents, kind);
}

Result<Bundle> read_sealed(const Files& files, const std::vector<config::CertificateFiles>& places,
                           config::Kind kind, const Seal& seal) {
    const Result<LineageContents> contents = read_lineage(files, places, kind);
    if (!contents) return contents.error();
    if (seal_of(*contents, kind) != seal)
        return Error(Errc::bundle_changing, fmt::format("{}: it is not what was found there any more",
                                                        contents->places.front().place.chain.string()));
    Result<Reading> reading = judge(*contents, kind);
    if (!reading) return reading.error();
    return std::move(reading->bundle);
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
