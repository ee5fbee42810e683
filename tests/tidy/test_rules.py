# SPDX-License-Identifier: MIT
"""The rules find what they are for, and leave alone what is right."""

import unittest

import await_rule
import dead_files
import include_rule
import words
from project import ROOT

BREAKS = (
    "while (!over && !co_await f(u)) next();",
    "co_await f(Agg{u});",
    "co_await cloud.upload({.url = u});",
    "co_await f(std::move(x), a->b, Agg{u});",
    "co_await f(std::optional<Agg>(Agg{u}));",
    "co_await f(std::vector<Agg>(2, Agg{u}));",
    "co_await Agg{u}.method();",
    "Agg a{co_await g()};",
    "if (auto k = co_await f(Agg{u}); k) done();",
    "while (co_await f(Agg{u})) {}",
    "for (auto& x : co_await f(Agg{u})) use(x);",
    "auto x = co_await f(1) + g(Agg{u});",
    "CHECK(co_await f(Agg{u}) == 3);",
    "co_spawn(co_await this_coro::executor, f(Agg{u}), detached);",
    "auto x = first ? co_await f() : co_await g();",
    "co_await f([s = u] { use(s); });",
    "co_await f([&] { use(u); });",
    "co_await f([this](int x) mutable { use(x); });",
    "co_await co_spawn(ex, [s = u]() -> Awaitable<void> { co_await g(s); }, use_awaitable);",
)

RIGHT = (
    "Agg a{.url = u}; co_await f(std::move(a));",
    "Agg a; a.url = co_await g();",
    "auto work = [s = u] { use(s); }; co_await f(std::move(work));",
    "co_await f([] { return 1; });",
    "co_await f([](std::map<int, int> x) -> std::map<int, int> { return {x}; });",
    "auto [a, b] = co_await g();",
    "const auto& [a, b] = co_await g();",
    "co_await f(list[i]);",
    "auto x = co_await f(); use(x ? 1 : 2);",
    "co_return Agg{u};",
    "if (co_await f()) { Agg a{u}; }",
    "if (ready(Agg{u})) co_await f();",
    "for (const Agg& a : {Agg{u}, Agg{v}}) { co_await f(a); }",
    "switch (x) { case 1: { co_await f(); } }",
    "try { co_await f(); } catch (const E& e) { use(E{e}); }",
    "auto work = [s = u]() -> Awaitable<void> { co_await g(s); };",
    "spawn(ex, [s = u]() -> Awaitable<std::pair<int, int>> { co_return co_await g(s); }, E{});",
    "co_await f(); // Agg{u}, [x] {}",
    'co_await f("{", \'{\', R"({)"); /* Agg{u} */',
)


def coroutine(body: str) -> str:
    return f"namespace a {{\nclass T final : public B, public C {{\nAwaitable<void> f(int x) const {{\n{body}\n}}\n}};\n}}\n"


class AwaitRule(unittest.TestCase):
    def test_every_shape_that_breaks_is_found_on_its_line(self):
        for body in BREAKS:
            with self.subTest(body):
                self.assertEqual([line for line, _ in await_rule.check_text(coroutine(body))], [4])

    def test_what_is_named_first_and_what_is_no_temporary_passes(self):
        for body in RIGHT:
            with self.subTest(body):
                self.assertEqual(list(await_rule.check_text(coroutine(body))), [])

    def test_a_breach_does_not_hide_in_a_lambda_that_is_a_coroutine(self):
        body = "auto work = [s = u]() -> Awaitable<void> {\nint x = 1;\nco_await g(Agg{s});\n};"
        self.assertEqual([line for line, _ in await_rule.check_text(coroutine(body))], [6])

    def test_braces_and_await_on_different_lines_are_one_expression(self):
        body = "co_await f(\n1,\nAgg{\nu});"
        self.assertEqual([line for line, _ in await_rule.check_text(coroutine(body))], [6])


def includes(name: str, line: str) -> list[str]:
    return [finding.text for finding in include_rule.check(name, line)]


class IncludeRule(unittest.TestCase):
    def test_the_core_includes_no_library_socket_or_file(self):
        for header in ("uv.h", "sqlite3.h", "spdlog/spdlog.h", "toml++/toml.h", "systemd/sd-daemon.h",
                       "CLI/CLI.hpp", "unistd.h", "sys/stat.h", "boost/beast/core.hpp", "boost/beast.hpp",
                       "boost/asio/ip/tcp.hpp", "boost/asio/ssl.hpp", "boost/asio/steady_timer.hpp", "fstream"):
            with self.subTest(header):
                self.assertTrue(includes("daemon/rotate/rotate.cpp", f"#include <{header}>"))

    def test_an_edge_includes_its_library(self):
        self.assertFalse(includes("daemon/watch/uv_watch.cpp", "#include <uv.h>"))

    def test_the_core_includes_coroutines_crypto_and_the_standard_library(self):
        for header in ("boost/asio/awaitable.hpp", "boost/asio/experimental/channel.hpp", "openssl/x509.h", "chrono"):
            with self.subTest(header):
                self.assertFalse(includes("daemon/rotate/rotate.cpp", f"#include <{header}>"))

    def test_the_core_includes_no_edge_but_the_wiring_does(self):
        line = '#include "base/posix_files.hpp"'
        self.assertTrue(includes("daemon/rotate/rotate.cpp", line))
        self.assertFalse(includes("daemon/service/build.cpp", line))
        self.assertFalse(includes("daemon/main.cpp", line))

    def test_wiring_names_no_library_unless_it_is_a_program(self):
        self.assertTrue(includes("daemon/service/run.cpp", "#include <CLI/CLI.hpp>"))
        self.assertFalse(includes("daemon/main.cpp", "#include <CLI/CLI.hpp>"))

    def test_an_edge_may_look_down_but_not_up(self):
        self.assertTrue(includes("daemon/base/posix_files.cpp", '#include "bundle/bundle.hpp"'))
        self.assertFalse(includes("daemon/rotate/tls_probe.cpp", '#include "bundle/bundle.hpp"'))

    def test_the_journal_knows_the_nouns_of_a_rotation_alone(self):
        self.assertFalse(includes("daemon/store/journal.hpp", '#include "rotate/rotation.hpp"'))
        self.assertTrue(includes("daemon/store/journal.hpp", '#include "rotate/rotate.hpp"'))

    def test_the_command_reads_the_journal_and_rotates_nothing(self):
        name = "daemon/control/client/history.cpp"
        self.assertFalse(includes(name, '#include "store/journal.hpp"'))
        self.assertFalse(includes(name, '#include "rotate/succession.hpp"'))
        for header in ("rotate/rotate.hpp", "cloud/cloud.hpp", "service/world.hpp"):
            with self.subTest(header):
                self.assertTrue(includes(name, f'#include "{header}"'))

    def test_service_includes_everything_of_the_daemon(self):
        for folder in include_rule.DIRECTION:
            self.assertFalse(includes("daemon/service/supervise.cpp", f'#include "{folder}/x.hpp"'))


class Words(unittest.TestCase):
    def found(self, name: str, text: str) -> bool:
        return any(words.check(name, text))

    def test_workplace_words_are_found_anywhere(self):
        for text in ("see /" + "work/x", "TO" + "DO: later", "as in issue " + "#12", "https://registry.npmjs" + ".org/ws"):
            with self.subTest(text):
                self.assertTrue(self.found("README.md", text))

    def test_sleeping_is_found_in_tests_alone(self):
        text = f"// {words.LICENSE}\nstd::this_thread::sleep_" + "for(1s);"
        self.assertTrue(self.found("tests/watch/settle_test.cpp", text))
        self.assertFalse(self.found("daemon/watch/settle.cpp", text))

    def test_a_source_without_its_licence_is_found(self):
        self.assertTrue(self.found("daemon/main.cpp", "int main() {}"))
        self.assertFalse(self.found("daemon/main.cpp", f"// {words.LICENSE}\nint main() {{}}"))
        self.assertFalse(self.found("packaging/x.sh", f"#!/bin/sh\n# {words.LICENSE}\n"))


class DeadFiles(unittest.TestCase):
    def test_the_sources_of_this_project_are_found_with_their_targets(self):
        compiled = dead_files.compiled_by(ROOT / "daemon/base/CMakeLists.txt")
        self.assertEqual(compiled[ROOT / "daemon/base/error.cpp"], "certferry_core")
        self.assertEqual(compiled[ROOT / "daemon/base/posix_files.cpp"], "certferry_edges")

    def test_a_commented_source_is_not_compiled(self):
        self.assertNotIn("x.cpp", dead_files.without_comments("target_sources(t PRIVATE # x.cpp\n y.cpp)"))


if __name__ == "__main__":
    unittest.main()
