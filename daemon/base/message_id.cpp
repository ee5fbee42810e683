// SPDX-License-Identifier: MIT
#include "base/message_id.hpp"

#include <algorithm>
#include <array>

namespace certferry {
namespace {

struct Row {
    std::string_view name;  // of an event, or of a reason
    std::string_view id;
};

constexpr std::string_view credentials_failing = "434b734a2b7f4640933cf1ad0f7f2caf";

constexpr std::array by_reason = {
    Row{"binding_lost", "2c84b0b20c584be782136c62dad31da8"},
    Row{"api_credentials", credentials_failing},
    Row{"credentials_missing", credentials_failing},
};

constexpr std::array by_event = {
    Row{"rotation.done", "95e49bc78e6442a38e73bc6946662712"},
    Row{"rotation.waiting", "9a6371bff2734009a7ef047e6cdfad35"},
    Row{"rotation.held", "6ff62e1a55e04d3986ba70c1340703d8"},
    Row{"rotation.rejected", "ecc8d3684a0f41a48279da44070cf20e"},
    Row{"certificate.expiring", "83a2954291c2402baaf8901b2e9ca9fd"},
    Row{"config.refused", "3a904de4ee88494d9825f02788dd7ad6"},
    Row{"credentials.refresh_failed", credentials_failing},
    Row{"credentials.expired", credentials_failing},
};

template <class Rows>
std::string_view id_in(const Rows& rows, std::string_view name) {
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.name == name; });
    return found == rows.end() ? std::string_view() : found->id;
}

}  // namespace

std::string_view message_id(std::string_view event, std::initializer_list<LogField> fields) {
    const auto* const reason = std::find_if(fields.begin(), fields.end(),
                                            [](const LogField& field) { return field.key == "reason"; });
    if (reason != fields.end())
        if (const std::string_view id = id_in(by_reason, reason->value); !id.empty()) return id;
    return id_in(by_event, event);
}

}  // namespace certferry
