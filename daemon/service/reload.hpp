// SPDX-License-Identifier: MIT
#pragma once

#include "service/commands/ports.hpp"
#include "service/confinement.hpp"
#include "service/supervise.hpp"

#include <filesystem>

namespace certferry {

/// Reads the configuration again and puts it in force, or leaves everything as it is. Remembers which is in
/// force since when, and whether the last try was refused.
class Reload {
public:
    /// `config_file` is what is read; the supervisor already has what is in it. What the kernel holds this
    /// process to, if to anything, a reload cannot widen: `confinement`.
    Reload(std::filesystem::path config_file, Supervisor& supervisor, const Files& files,
           std::optional<Confinement> confinement, Clock& clock, LeveledLog& log);

    /// Validates, compares, applies. Refused: config_invalid with a line for each problem, or what the
    /// journal says. The log tells either.
    ReloadOutcome run();

    const std::optional<RefusedReload>& refused() const { return refused_; }

private:
    ReloadOutcome apply();
    std::vector<std::string> at_next_start(const config::Config& config) const;
    void note(const ReloadOutcome& outcome);

    std::filesystem::path config_file_;
    Supervisor& supervisor_;
    const Files& files_;
    std::optional<Confinement> confinement_;
    Clock& clock_;
    LeveledLog& log_;
    std::optional<RefusedReload> refused_;
};

/// The keys that have changed and that only a start applies.
std::vector<std::string> applied_later(const config::Config& before, const config::Config& after);

}  // namespace certferry
