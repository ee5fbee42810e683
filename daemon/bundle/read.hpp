// SPDX-License-Identifier: MIT
#pragma once

#include "base/files.hpp"
#include "base/result.hpp"
#include "bundle/bundle.hpp"
#include "bundle/seal.hpp"
#include "config/model.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <vector>

namespace certferry {

/// Far more than a chain and a key take; what is larger is no file of ours.
inline constexpr std::size_t max_bundle_file_bytes = 256UL * 1024;

/// What one place holds. The key is in the chain file where there is no key file.
struct PlaceContents {
    config::CertificateFiles place;
    Secret chain;
    std::optional<Secret> key;
};

/// What the files of a lineage held at one moment, not judged yet.
struct LineageContents {
    std::vector<PlaceContents> places;  // those with a chain file; at least one
    std::vector<FileStamp> stamps;      // of each place the chain file's, then the key file's if there is one
};

/// A bundle, and the chain file that it came from.
struct Reading {
    Bundle bundle;
    std::filesystem::path chain;
};

/// Reads the places (not none) of a lineage, each as it was at one moment: each file once, and again their
/// stamps after the last one, so that a chain of one generation never meets the key of another. Of a client
/// CA no key is read. A place without a chain file does not count; one that cannot be read does, since it may
/// be the last that is being written. Errors: those of Files::read(), file_missing when there is nothing in
/// any place, bundle_changing (a file changed while another was read).
Result<LineageContents> read_lineage(const Files& files, const std::vector<config::CertificateFiles>& places,
                                     config::Kind kind);

/// Contents of the same seal are judged alike, by this version of certferry.
Seal seal_of(const LineageContents& contents, config::Kind kind);

/// The bundle of the place whose leaf was issued last. Errors, of whichever place: those of
/// make_server_bundle() and make_client_bundle().
Result<Reading> judge(const LineageContents& contents, config::Kind kind);

/// Both at once. Errors: those of both.
Result<Reading> read_latest(const Files& files, const std::vector<config::CertificateFiles>& places,
                            config::Kind kind);

/// The same of files that still have this seal. Errors: likewise, and bundle_changing where they have
/// another.
Result<Bundle> read_sealed(const Files& files, const std::vector<config::CertificateFiles>& places,
                           config::Kind kind, const Seal& seal);

/// The stamps that read_lineage() would give now; nothing when they cannot be had.
std::vector<FileStamp> stamps_of(const Files& files, const std::vector<config::CertificateFiles>& places,
                                 config::Kind kind);

}  // namespace certferry
