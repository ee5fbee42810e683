// SPDX-License-Identifier: MIT
#include "bundle/read.hpp"

#include "support/fake_files.hpp"
#include "support/test_certificates.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using tests::TestCa;
using tests::TestCertificate;

const std::filesystem::path chain_path = "/live/fullchain.pem";
const std::filesystem::path key_path = "/live/privkey.pem";

const TestCa& ca() {
    static const TestCa shared;
    return shared;
}

/// A lineage with its first generation on disk.
struct LineageOnDisk {
    TestCertificate first = ca().issue();
    TestCertificate second = ca().issue();
    tests::FakeFiles files;
    config::CertificateFiles place{chain_path, key_path};

    LineageOnDisk() {
        write_chain(first);
        write_key(first);
    }
    void write_chain(const TestCertificate& leaf) { files.write(chain_path, ca().full_chain(leaf)); }
    void write_key(const TestCertificate& leaf) { files.write(key_path, leaf.key().pkcs8()); }

    Result<Reading> read(config::Kind kind = config::Kind::server) const {
        return read_latest(files, {place}, kind);
    }
    LineageContents contents(config::Kind kind = config::Kind::server) const {
        return read_lineage(files, {place}, kind).value();
    }
    Seal seal() const { return seal_of(contents(), config::Kind::server); }
};

std::string fingerprint(const TestCertificate& certificate) {
    return certificate_facts(certificate.pem(), "test").value().fingerprint.str();
}

TEST_CASE("a lineage at rest is read, with the stamps of its files") {
    const LineageOnDisk disk;
    const auto reading = disk.read();
    REQUIRE(reading.has_value());
    CHECK(reading->bundle.fingerprint().str() == fingerprint(disk.first));
    const std::vector<FileStamp> stamps = disk.contents().stamps;
    REQUIRE(stamps.size() == 2);
    CHECK((stamps[0] == disk.files.stamp(chain_path).value()));
    CHECK((stamps[1] == disk.files.stamp(key_path).value()));
}

TEST_CASE("a renewal between the two reads is seen, though each file was whole") {
    LineageOnDisk disk;
    disk.files.after_read = [&](const auto& path) {
        if (path != chain_path) return;
        disk.write_chain(disk.second);
        disk.write_key(disk.second);
    };
    const auto torn = disk.read();
    REQUIRE_FALSE(torn.has_value());
    CHECK(torn.error().code() == Errc::bundle_changing);
    CHECK(torn.error().message() == "/live/fullchain.pem: it changed while the lineage was read");

    disk.files.after_read = [](const auto&) {};
    CHECK(disk.read().value().bundle.fingerprint().str() == fingerprint(disk.second));
}

TEST_CASE("a renewal with the same key between the two reads does not give the old leaf as current") {
    LineageOnDisk disk;
    tests::CertificateSpec spec;
    spec.key = disk.first.key();
    const TestCertificate renewed = ca().issue(spec);
    disk.files.after_read = [&](const auto& path) {
        if (path == key_path) disk.write_chain(renewed);
    };
    REQUIRE_FALSE(disk.read().has_value());
    CHECK(disk.read().error().code() == Errc::bundle_changing);
}

TEST_CASE("a file that is written or removed right after it was read is changing, whatever it held") {
    for (const auto& changed : {chain_path, key_path}) {
        LineageOnDisk disk;
        disk.files.write(changed, "half writ");
        disk.files.after_read = [&](const auto& path) {
            if (path == changed) disk.files.write(changed, "half written");
        };
        CHECK(disk.read().error().code() == Errc::bundle_changing);
        disk.files.after_read = [&](const auto& path) {
            if (path == changed) disk.files.remove(changed);
        };
        CHECK(disk.read().error().code() == Errc::bundle_changing);
    }
}

TEST_CASE("a half written renewal at rest is refused by what is wrong with it") {
    LineageOnDisk disk;
    disk.write_chain(disk.second);
    CHECK(disk.read().error().code() == Errc::key_mismatch);
    CHECK(disk.read().error().message() ==
          "the key in /live/privkey.pem does not belong to the leaf in "
          "/live/fullchain.pem; a renewal may be half written");
    disk.files.write(chain_path, "");
    CHECK(disk.read().error().code() == Errc::pem_invalid);
    disk.files.remove(chain_path);
    CHECK(disk.read().error().code() == Errc::file_missing);
    disk.files.write(chain_path, std::string(max_bundle_file_bytes + 1, ' '));
    CHECK(disk.read().error().code() == Errc::file_unfit);
}

TEST_CASE("a file with chain and key in one is read once") {
    LineageOnDisk disk;
    disk.files.write(chain_path, disk.first.key().pkcs8() + ca().full_chain(disk.first));
    for (const auto& key : {std::optional(chain_path), std::optional<std::filesystem::path>()}) {
        disk.place.key = key;
        disk.files.reads.clear();
        const auto reading = disk.read();
        REQUIRE(reading.has_value());
        CHECK(disk.files.reads[chain_path] == 1);
        CHECK(disk.contents().stamps.size() == 1);
    }
}

// An RSA and an EC certificate of one name, as acme.sh keeps them side by side, or two issuers', as Caddy
// does.
struct TwoPlaces : LineageOnDisk {
    config::CertificateFiles other{"/other/fullchain.pem", "/other/privkey.pem"};

    void write_other(const TestCertificate& leaf) {
        files.write(other.chain, ca().full_chain(leaf));
        files.write(*other.key, leaf.key().pkcs8());
    }
    Result<Reading> read_latest() const {
        return certferry::read_latest(files, {place, other}, config::Kind::server);
    }
    std::vector<FileStamp> stamps_read() const {
        return read_lineage(files, {place, other}, config::Kind::server).value().stamps;
    }
    std::vector<FileStamp> stamps() const { return stamps_of(files, {place, other}, config::Kind::server); }
};

TestCertificate issued(std::chrono::days ago) {
    tests::CertificateSpec spec;
    spec.not_before = tests::test_now - ago;
    return ca().issue(spec);
}

TEST_CASE("of several places the certificate that was issued last is read, wherever it is") {
    TwoPlaces disk;
    for (const int ago : {20, 10}) {
        const TestCertificate elsewhere = issued(std::chrono::days(ago));
        const TestCertificate here = issued(std::chrono::days(15));
        disk.write_chain(here);
        disk.write_key(here);
        disk.write_other(elsewhere);
        const auto reading = disk.read_latest();
        REQUIRE(reading.has_value());
        const bool other_is_newer = ago < 15;
        CHECK(reading->bundle.fingerprint().str() == fingerprint(other_is_newer ? elsewhere : here));
        CHECK(reading->chain == (other_is_newer ? std::filesystem::path(disk.other.chain) : chain_path));
        CHECK((disk.stamps_read() == disk.stamps()));
        CHECK(disk.stamps().size() == 4);
    }
}

TEST_CASE("a place without a certificate is none, and one that appears changes the stamps") {
    TwoPlaces disk;
    disk.files.write(*disk.other.key, "the key of an order that came to nothing");
    const auto alone = disk.read_latest();
    REQUIRE(alone.has_value());
    CHECK(alone->bundle.fingerprint().str() == fingerprint(disk.first));
    const std::vector<FileStamp> before = disk.stamps_read();
    CHECK((before == disk.stamps()));
    disk.write_other(disk.second);
    CHECK_FALSE((before == disk.stamps()));
}

TEST_CASE("a place whose certificate is being written is waited for, though another could be read") {
    TwoPlaces disk;
    disk.write_other(issued(std::chrono::days(0)));
    disk.files.write(disk.other.chain, "");
    CHECK(disk.read_latest().error().code() == Errc::pem_invalid);
}

TEST_CASE("where there is nothing in any place, the first is named") {
    TwoPlaces disk;
    disk.files.remove(chain_path);
    CHECK(disk.read_latest().error().message() == "/live/fullchain.pem: no such file");
    CHECK(disk.stamps().empty());
}

TEST_CASE("a client CA is read from the chain file alone") {
    LineageOnDisk disk;
    disk.files.write(chain_path, ca().root.pem());
    const auto reading = disk.read(config::Kind::client);
    REQUIRE(reading.has_value());
    CHECK(reading->bundle.is_ca);
    CHECK(reading->bundle.key_pem.empty());
    CHECK(disk.contents(config::Kind::client).stamps.size() == 1);
    CHECK_FALSE(disk.files.reads.contains(key_path));
}

TEST_CASE("files that are written again as they were keep their seal; any other byte, anywhere, breaks it") {
    LineageOnDisk disk;
    const Seal before = disk.seal();
    CHECK(before.str().size() == 64);
    disk.write_chain(disk.first);
    disk.write_key(disk.first);
    CHECK(disk.seal() == before);

    SUBCASE("in the chain") {
        disk.files.write(chain_path, ca().full_chain(disk.first) + "\n");
    }
    SUBCASE("in the key") {
        disk.files.write(key_path, disk.first.key().pkcs8() + "\n");
    }
    SUBCASE("that moves from one file to the other") {
        disk.files.write(chain_path, ca().full_chain(disk.first) + disk.first.key().pkcs8().front());
        disk.files.write(key_path, disk.first.key().pkcs8().substr(1));
    }
    CHECK(disk.seal() != before);
}

TEST_CASE("the seal of a lineage says as what it was read") {
    LineageOnDisk disk;
    disk.files.write(chain_path, disk.first.key().pkcs8() + ca().full_chain(disk.first));
    disk.place.key.reset();
    CHECK(seal_of(disk.contents(config::Kind::client), config::Kind::client) != disk.seal());
}

TEST_CASE("what is read again by its seal is what it was, or nothing") {
    LineageOnDisk disk;
    const auto read_again = [&](const Seal& seal) {
        return read_sealed(disk.files, {disk.place}, config::Kind::server, seal);
    };
    const Seal seal = disk.seal();
    CHECK(read_again(seal).value().fingerprint().str() == fingerprint(disk.first));

    disk.write_chain(disk.second);
    CHECK(read_again(seal).error().code() == Errc::bundle_changing);
    disk.write_key(disk.second);
    CHECK(read_again(seal).error().code() == Errc::bundle_changing);
    CHECK(read_again(seal).error().message() ==
          "/live/fullchain.pem: it is not what was found there any more");
    disk.files.remove(chain_path);
    CHECK(read_again(seal).error().code() == Errc::file_missing);
}

}  // namespace
}  // namespace certferry
