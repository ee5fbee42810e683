// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/binding.hpp"

#include <string>
#include <vector>

namespace certferry {

/// Where a replacement got to: the bindings that the old id had before it, sorted by what became of them.
struct Movement {
    std::vector<Binding> moved;    // on the new id now
    std::vector<Binding> left;     // on the old id still, or since
    std::vector<Binding> lost;     // on neither: a listener without its certificate, an outage
    std::vector<Binding> altered;  // moved, but the TLS mode changed, or the CA of mutual TLS or a
                                   // certificate beside it went missing

    bool none() const { return moved.empty() && altered.empty() && lost.empty(); }
    bool broken() const { return !lost.empty() || !altered.empty(); }
    bool all() const { return left.empty() && lost.empty(); }
};

/// `before`: the old id's bindings when the replacement was decided.
Movement movement(const BindingSet& before, const BindingSet& on_old, const BindingSet& on_new);

/// The binding at a place; null where there is none.
const Binding* find_place(const BindingSet& bindings, const Place& place);

/// Those of the wanted bindings at whose places there is none.
BindingSet missing_from(const BindingSet& there, const BindingSet& wanted);

/// Adds those at whose places there is none yet.
void add_missing(BindingSet& bindings, const std::vector<Binding>& more);

/// "lb-1/lbl-1 (www.example.com), lb-1/lbl-2": for messages; at most a handful, then "and 12 more".
std::string to_text(const std::vector<Binding>& bindings);

}  // namespace certferry
