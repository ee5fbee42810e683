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

/// A bundle, and the stamps of the files that it was read from: the chain file's, then the key file's where
/// that is another.
struct Reading {
    Bundle bundle;
    std::vector<FileStamp> stamps;
};

/// Reads a lineage as it was at one moment: each file once, and again their stamps after the last one, so
/// that a chain of one generation never meets the key of another. A server's lineage without a key file has
/// its key in the chain file. Errors: those of Files::read(), bundle_changing (a file changed while another
/// was read), those of make_server_bundle() and make_client_bundle().
Result<Reading> read_bundle(const Files& files, const config::Lineage& lineage, config::Kind kind);

}  // namespace certferry
