// SPDX-License-Identifier: MIT
#include "config/example.hpp"

#include "config/loading.hpp"
#include "support/read_file.hpp"

#include <algorithm>
#include <sstream>

#include <doctest/doctest.h>

namespace certferry::config {
namespace {

using tests::begun_example;
using tests::loaded;

bool commented_key(const std::string& line) {
    return line.size() > 1 && line[0] == '#' && line[1] != ' ';
}

std::vector<std::string> lines_of_example() {
    std::vector<std::string> lines;
    std::istringstream text(begun_example());
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

// A section that is a comment as a whole, up to the next one.
bool in_notifier(const std::vector<std::string>& lines, std::size_t at) {
    for (; at > 0; --at)
        if (lines[at].starts_with('[') || lines[at].starts_with("#["))
            return lines[at].starts_with("#[notify.");
    return false;
}

// But for the keys of another kind than the one that it shows.
void uncomment_notifier(std::vector<std::string>& lines) {
    const std::vector<std::string> written = lines;
    for (std::size_t at = 0; at < lines.size(); ++at)
        if (commented_key(lines[at]) && in_notifier(written, at) && !lines[at].starts_with("#command"))
            lines[at].erase(0, 1);
}

TEST_CASE("the example is what the table of keys makes") {
    CHECK(tests::read_test_data("../config/certferry.toml") == example());
}

TEST_CASE("the example as it is installed asks for a mapping") {
    CHECK(tests::problems_of(example()) ==
          "\ncertferry.toml: there is no [[mapping]], so there is nothing to do\n"
          "        add one with name, certificate and old_cert_id\n");
}

TEST_CASE("the example with its mapping in use loads") {
    const Config config = loaded(begun_example());
    CHECK(config.accounts.size() == 1);
    REQUIRE(config.mappings.size() == 1);
    CHECK(config.mappings[0].targets ==
          std::vector{Target{AccountName("default"), CertificateId("4b9fc92b")}});
}

TEST_CASE("each commented line of the example loads when its comment is taken away") {
    // These show a sample; the others show the default.
    const std::vector<std::string_view> samples = {"#credentials", "#endpoint", "#ca_file", "#targets",
                                                   "#notify"};
    const Config plain = loaded(begun_example());
    const std::vector<std::string> lines = lines_of_example();
    int uncommented = 0;
    for (std::size_t at = 0; at < lines.size(); ++at) {
        if (!commented_key(lines[at])) continue;
        CAPTURE(lines[at]);
        std::vector<std::string> changed = lines;
        if (in_notifier(lines, at)) continue;
        changed[at].erase(0, 1);
        if (changed[at].starts_with("targets"))
            std::erase_if(changed, [](const auto& line) { return line.starts_with("old_cert_id"); });
        if (changed[at].starts_with("notify")) uncomment_notifier(changed);

        const Config config = loaded(joined(changed));
        const bool sample = std::any_of(samples.begin(), samples.end(),
                                        [&](std::string_view key) { return lines[at].starts_with(key); });
        CHECK((config == plain) == !sample);
        ++uncommented;
    }
    CHECK(uncommented > 0);
}

TEST_CASE("the notifier of the example loads when its comments are taken away") {
    std::vector<std::string> lines = lines_of_example();
    uncomment_notifier(lines);
    const Config config = loaded(joined(lines));
    REQUIRE(config.notifiers.size() == 1);
    const Notifier& notifier = config.notifiers.at(NotifierName("ops"));
    CHECK(std::get<Webhook>(notifier.way).url == "https://ops.example.com/certferry");
    CHECK(notifier.gather == Notifier().gather);
    CHECK(notifier.timeout == Notifier().timeout);
}

}  // namespace
}  // namespace certferry::config
