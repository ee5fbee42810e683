// SPDX-License-Identifier: MIT
#include "rotate/bindings.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry {
namespace {

constexpr std::size_t shown_max = 5;

bool altered(const Binding& before, const Binding& after) {
    // A client CA or a certificate beside it may be rotated at the same time, so their ids may change.
    return before.ssl_mode != after.ssl_mode || before.verify_client != after.verify_client ||
           (!before.client_ca.empty() && after.client_ca.empty()) ||
           after.beside.size() < before.beside.size();
}

std::string to_text(const Place& place) {
    const std::string listener = fmt::format("{}/{}", place.load_balancer, place.listener);
    return place.domain.empty() ? listener : fmt::format("{} ({})", listener, place.domain);
}

}  // namespace

Movement movement(const BindingSet& before, const BindingSet& on_old, const BindingSet& on_new) {
    Movement result;
    result.left.assign(on_old.begin(), on_old.end());
    for (const Binding& binding : before) {
        if (find_place(on_old, binding.place) != nullptr) continue;
        const Binding* const there = find_place(on_new, binding.place);
        if (there == nullptr)
            result.lost.push_back(binding);
        else
            (altered(binding, *there) ? result.altered : result.moved).push_back(binding);
    }
    return result;
}

const Binding* find_place(const BindingSet& bindings, const Place& place) {
    const auto found = std::find_if(bindings.begin(), bindings.end(),
                                    [&](const Binding& binding) { return binding.place == place; });
    return found == bindings.end() ? nullptr : &*found;
}

BindingSet missing_from(const BindingSet& there, const BindingSet& wanted) {
    BindingSet missing = wanted;
    std::erase_if(missing,
                  [&](const Binding& binding) { return find_place(there, binding.place) != nullptr; });
    return missing;
}

void add_missing(BindingSet& bindings, const std::vector<Binding>& more) {
    for (const Binding& binding : more)
        if (find_place(bindings, binding.place) == nullptr) bindings.insert(binding);
}

std::string to_text(const std::vector<Binding>& bindings) {
    std::string text;
    for (std::size_t index = 0; index < std::min(bindings.size(), shown_max); ++index)
        text += (index == 0 ? "" : ", ") + to_text(bindings[index].place);
    if (bindings.size() > shown_max) text += fmt::format(" and {} more", bindings.size() - shown_max);
    return text;
}

}  // namespace certferry
