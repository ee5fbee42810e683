// SPDX-License-Identifier: MIT
#pragma once

#include "config/model.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// How each ACME client lays out its certificates on disk (reference: acme-clients §3).
namespace certferry::config {

/// A component of Layout::homes: whichever directory is there.
inline constexpr std::string_view any_directory = "*";

/// One row of the table. NAME stands for the lineage's name.
struct Layout {
    std::string_view dir;       // the client's own, unless it was told otherwise; empty: the name is a path
    std::string_view wildcard;  // what it writes for the "*" of "*.example.com"; empty: it has no such names
    std::vector<std::string_view> homes;  // where the files may be, below `dir`
    std::string_view chain;
    std::string_view key;
};

const Layout& layout_of(AcmeClient client);

/// Whether `client` can have a lineage of that name.
bool is_name_at(AcmeClient client, std::string_view name);

/// The name as `client` writes it on disk.
std::string name_on_disk(AcmeClient client, std::string_view name);

/// The client that a text like "certbot:example.com" begins with, whatever follows.
std::optional<AcmeClient> client_named_in(std::string_view text);

/// "certbot:example.com"; the chain's path where the files are named: for people.
std::string lineage_name(const Lineage& lineage);

/// "certbot:example.com": a lineage in the client's usual directory.
std::optional<ClientLineage> parse_lineage(std::string_view text);

}  // namespace certferry::config
