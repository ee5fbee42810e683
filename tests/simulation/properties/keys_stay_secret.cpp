// SPDX-License-Identifier: MIT
#include "simulation/properties/properties.hpp"
#include "simulation/world.hpp"

namespace certferry::simulation {
namespace {

bool has_key(std::string_view text) {
    return text.find("PRIVATE KEY") != std::string_view::npos;
}

class KeysStaySecret final : public Property {
public:
    KeysStaySecret()
        : Property("keys_stay_secret", "Private keys appear in no line of the log and of the journal.") {}

    void logged(const World&, const LogLine& line) override {
        if (has_key(line.value)) broken(std::string(line.event) + " tells a private key");
    }

    void committed(const World&, const Commit& commit) override {
        if (has_key(commit.detail)) broken("the journal is told a private key");
    }
};

}  // namespace

std::unique_ptr<Property> keys_stay_secret() {
    return std::make_unique<KeysStaySecret>();
}

}  // namespace certferry::simulation
