// SPDX-License-Identifier: MIT
#pragma once

#include "base/files.hpp"
#include "base/result.hpp"
#include "bundle/bundle.hpp"
#include "config/model.hpp"

#include <cstddef>
#include <vector>

namespace certferry {

/// Far more than a chain and a key take; what is larger is no file of ours.
inline constexpr std::size_t max_bundle_file_bytes = 256UL * 1024;

/// A bundle, the chain file that it came from, and the stamps of all files that were read for it: of each
/// place the chain file's, then the key file's where that is another.
struct Reading {
    Bundle bundle;
    std::filesystem::path chain;
    std::vector<FileStamp> stamps;
};

/// Reads a certificate as it was at one moment: each file once, and again their stamps after the last one, so
/// that a chain of one generation never meets the key of another. A server's certificate without a key file
/// has its key in the chain file. Errors: those of Files::read(), bundle_changing (a file changed while
/// another was read), those of make_server_bundle() and make_client_bundle().
Result<Reading> read_bundle(const Files& files, const config::CertificateFiles& place, config::Kind kind);

/// The same of the one of several places (not none) whose leaf was issued last. A place without a chain file
/// does not count; one that cannot be read does, since it may be the last that is being written. Errors: as
/// above, file_missing when there is nothing in any place.
Result<Reading> read_latest(const Files& files, const std::vector<config::CertificateFiles>& places,
                            config::Kind kind);

/// The stamps that read_latest() would give now; nothing when they cannot be had.
std::vector<FileStamp> stamps_of(const Files& files, const std::vector<config::CertificateFiles>& places,
                                 config::Kind kind);

}  // namespace certferry
