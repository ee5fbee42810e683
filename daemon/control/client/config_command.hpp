// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace certferry::client {

/// For people, or for programs: JSON, with a version.
enum class Form { table, json };

/// `certferry config check`: whether the configuration is valid, or all that is wrong with it. The exit code.
int check_config(const std::filesystem::path& file, Form form);

/// `certferry config show`: what is in force, or all that is wrong. The exit code.
int show_config(const std::filesystem::path& file, Form form);

/// `certferry config example`: every key with its explanation; a file to begin with, so there is no other
/// form. The exit code.
int show_example(Form form);

}  // namespace certferry::client
