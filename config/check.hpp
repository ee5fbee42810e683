// SPDX-License-Identifier: MIT
#pragma once

#include "config/model.hpp"
#include "config/problem.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace certferry::config {

struct DraftTarget {
    Target target;
    Place account;  // of the id, where the account is left to its default
    Place id;
};

struct DraftMapping {
    Mapping mapping;  // without its targets
    Place name;
    Place certificate;
    Place notify;
    std::vector<DraftTarget> targets;
};

struct DraftAccount {
    Account account;
    Place place;
};

struct DraftNotifier {
    Notifier notifier;
    Place place;
};

/// What the files say, each value well formed or left at its default, before it is compared with one another.
struct Draft {
    Daemon daemon;
    Http http;
    Log log;
    std::map<std::string, Place> settings;  // the keys of [daemon], [http] and [log] that are set, and where
    std::vector<DraftAccount> accounts;
    std::vector<DraftNotifier> notifiers;
    std::vector<DraftMapping> mappings;
};

/// Reports names that are taken twice, certificate ids that are rotated twice, mappings to accounts and
/// notifiers that are not there, kinds that do not go with their files, and a configuration without mappings.
/// Returns the whole; it may be used when the report is clean.
Config check(const Draft& draft, Report& report);

}  // namespace certferry::config
