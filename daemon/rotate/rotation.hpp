// SPDX-License-Identifier: MIT
#pragma once

#include "base/ids.hpp"
#include "base/time.hpp"
#include "bundle/bundle.hpp"
#include "cloud/binding.hpp"
#include "rotate/succession.hpp"
#include "rotate/target.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace certferry {

/// How far a rotation has come. Each stage is in the journal before the step that it names begins.
enum class Stage {
    planned,    // a bundle differs from what the target has
    uploading,  // the upload call is, or was, on its way
    uploaded,   // the new id is known
    replacing,  // the replace call is, or was, on its way; the bindings of the old id are part of the intent
    accepted,   // the API said yes, or the bindings say so
    verifying,  // the task has finished; proof is being sought
    rolling_back,  // the old id is, or was, on its way back to where it had been
    rolled_back,   // it is there; to be left so until a newer bundle comes
    done,          // proven; the succession has grown
    superseded,    // a newer bundle came first
};

/// Why a rotation is not moving.
enum class PauseKind {
    waiting,   // until next_attempt
    held,      // by the gate: until the bundle, the configuration or a command changes that
    rejected,  // by the cloud, for good: until a new bundle, a changed configuration or a command
};

struct Pause {
    PauseKind kind = PauseKind::waiting;
    std::string reason;     // the label of the error
    std::string detail;     // the sentence
    WallTime next_attempt;  // of waiting

    friend bool operator==(const Pause&, const Pause&) = default;
};

std::string_view to_text(Stage stage);
std::optional<Stage> parse_stage(std::string_view text);
std::string_view to_text(Retirement how);
std::optional<Retirement> parse_retirement(std::string_view text);
std::string_view to_text(PauseKind kind);
std::optional<PauseKind> parse_pause_kind(std::string_view text);

/// Bringing one target to one bundle: what the journal knows of it.
struct Rotation {
    std::int64_t number = 0;  // given by the journal, growing
    TargetKey target;
    MappingName mapping;
    CertificateFacts bundle;
    Stage stage = Stage::planned;
    CertificateId old_id;
    std::optional<CertificateId> new_id;
    bool uploaded = false;  // certferry itself has brought new_id to the cloud
    BindingSet bindings;    // as they are to be, but for the id; of the old id when it was decided
    RequestId request;      // of the replace call, where the API gave one
    unsigned failures = 0;  // in a row
    std::optional<Pause> pause;
    WallTime began;
    WallTime changed;

    /// Whose bindings are on their way, and to which id: on the way back, from the new one to the old one.
    const CertificateId& from() const { return going_back() ? *new_id : old_id; }
    std::optional<CertificateId> to() const { return going_back() ? std::optional(old_id) : new_id; }
    bool going_back() const { return stage == Stage::rolling_back; }

    friend bool operator==(const Rotation&, const Rotation&) = default;
};

}  // namespace certferry
