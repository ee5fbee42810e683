// SPDX-License-Identifier: MIT
#include "rotate/rotation.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace certferry {
namespace {

template <class Value, std::size_t size>
using Words = std::array<std::pair<Value, std::string_view>, size>;

constexpr Words<Stage, 10> stages = {{{Stage::planned, "planned"},
                                      {Stage::uploading, "uploading"},
                                      {Stage::uploaded, "uploaded"},
                                      {Stage::replacing, "replacing"},
                                      {Stage::accepted, "accepted"},
                                      {Stage::verifying, "verifying"},
                                      {Stage::rolling_back, "rolling_back"},
                                      {Stage::rolled_back, "rolled_back"},
                                      {Stage::done, "done"},
                                      {Stage::superseded, "superseded"}}};

constexpr Words<PauseKind, 3> pauses = {
    {{PauseKind::waiting, "waiting"}, {PauseKind::held, "held"}, {PauseKind::rejected, "rejected"}}};

constexpr Words<Retirement, 2> retirements = {
    {{Retirement::muted, "muted"}, {Retirement::removed, "removed"}}};

template <class Value, std::size_t size>
std::string_view word(const Words<Value, size>& words, Value value) {
    return words.at(static_cast<std::size_t>(value)).second;
}

template <class Value, std::size_t size>
std::optional<Value> value(const Words<Value, size>& words, std::string_view text) {
    const auto* const found =
        std::find_if(words.begin(), words.end(), [&](const auto& pair) { return pair.second == text; });
    return found == words.end() ? std::nullopt : std::optional(found->first);
}

}  // namespace

std::string_view to_text(Stage stage) {
    return word(stages, stage);
}
std::optional<Stage> parse_stage(std::string_view text) {
    return value(stages, text);
}
std::string_view to_text(Retirement how) {
    return word(retirements, how);
}
std::optional<Retirement> parse_retirement(std::string_view text) {
    return value(retirements, text);
}
std::string_view to_text(PauseKind kind) {
    return word(pauses, kind);
}
std::optional<PauseKind> parse_pause_kind(std::string_view text) {
    return value(pauses, text);
}

}  // namespace certferry
