// SPDX-License-Identifier: MIT
#pragma once

#include "config/words.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The one table of keys: the loader's errors, the example and the manual come from it.
namespace certferry::config {

/// What a value must be.
enum class Form {
    table,
    named_tables,  // [account.NAME]
    tables,        // [[mapping]]
    flag,
    duration,       // zero allowed
    wait,           // a duration longer than zero
    wait_or_never,  // the same, or "never"
    factor,         // a number from 1 to 100
    word,           // one of Key::words
    word_or_table,  // one of Key::words, or a table of the keys below
    certificate,    // "certbot:NAME" and the like, or a table of the keys below
    name,
    lineage_name,  // a name at the ACME client that the key is named after
    certificate_id,
    region,
    role_name,
    role_arn,
    external_id,
    path,
    trust,        // "system", "any" or a path
    origin,       // https://host or https://host:port
    http_origin,  // the same with http
    listen,       // "address:port", "unix:/path" or ""
    hosts,        // a list of host names and addresses
    endpoints,    // a list of "host:port" or "host@address:port"
    regions,      // a list of region codes, not empty
    message_url,  // https://host/path, or http to this machine
    names,        // a list of names
    command,      // a list of texts: a program's absolute path, and its arguments
};

struct Key {
    std::string_view path;  // "daemon.settle.min"; NAME stands for a name that people choose, and a name with
                            // a '.' is quoted
    Form form;
    std::string_view initial;  // the default as it would be written; empty where there is none
    std::string_view sample;   // what the example shows where there is no default
    std::string_view doc;      // a sentence
    Words words = {};
    bool required = false;
    std::string_view hint = {};  // in the place of the form's hint

    /// As it is written in a file: quoted where TOML wants that.
    std::string_view name() const;
    /// The path of the table that it is in.
    std::string_view parent() const;
};

std::span<const Key> keys();

/// The path of a key in the table at `parent`.
std::string path_of(std::string_view parent, std::string_view name);

/// Nothing when there is no such key.
const Key* find_key(std::string_view path);

/// The keys of the table at `path` ("" is the whole file), in the order in which they are explained.
std::vector<const Key*> keys_of(std::string_view path);

/// Whether a text may stand for `key`; never for a key that wants something other than a text.
bool fits(const Key& key, std::string_view text);

/// The value that `key` must be, after "must be" or "is not": "a duration", "\"text\" or \"json\"".
std::string noun(const Key& key);

/// How to write it: "write a whole number and a unit: \"30s\", \"5m\", \"14d\"". May be empty.
std::string_view hint(const Key& key);

}  // namespace certferry::config
