# SPDX-License-Identifier: MIT
"""The manual pages, as they are installed: well-formed, and with every command, option and exit code."""

import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from support.packages import DEB, PROJECT, output_of


class Manuals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(place.cleanup)
        cls.root = Path(place.name)
        output_of("dpkg-deb", "--extract", DEB, cls.root)
        cls.pages = {path.name.removesuffix(".gz"): output_of("gzip", "--decompress", "--stdout", path)
                     for path in (cls.root / "usr" / "share" / "man").rglob("*.gz")}

    def help_of(self, program: str, *command: str) -> str:
        return output_of(self.root / "usr" / program, *command, "--help")

    def options(self, program: str, *command: str) -> set:
        return set(re.findall(r"--([a-z-]+)", self.help_of(program, *command).partition("Options:")[2]))

    def options_in(self, page: str) -> set:
        return set(re.findall(r"\bFl (?:o , )?-([a-z-]+)", self.pages[page]))

    def test_they_are_well_formed(self):
        self.assertEqual(set(self.pages), {"certferry.1", "certferryd.8", "certferry.toml.5"})
        for name, text in self.pages.items():
            with self.subTest(name):
                done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning"], input=text, capture_output=True,
                                      text=True, check=False)
                self.assertEqual((done.stdout, done.returncode), ("", 0))
                done = subprocess.run(["man", "--warnings", "--local-file", "-"], input=text, capture_output=True,
                                      text=True, check=False)
                self.assertEqual((done.stderr, done.returncode), ("", 0))

    def test_certferry_1_has_every_command(self):
        commands = re.findall(r"^  (\S+)", self.help_of("bin/certferry").partition("Subcommands:")[2], re.MULTILINE)
        self.assertIn("status", commands)
        for command in commands:
            self.assertRegex(self.pages["certferry.1"], rf"(?m)^\.It .*Cm {command}\b")
        shown = re.findall(r"(?m)^\$ certferry (\S+)", self.pages["certferry.1"])
        self.assertEqual(list(dict.fromkeys(shown)), commands, "each is shown at work, in the same order")

    def test_each_program_has_every_option_and_no_other(self):
        commands = re.findall(r"^  (\S+)", self.help_of("bin/certferry").partition("Subcommands:")[2], re.MULTILINE)
        everything = self.options("bin/certferry").union(*(self.options("bin/certferry", one) for one in commands))
        self.assertEqual(self.options_in("certferry.1"), everything)
        self.assertEqual(self.options_in("certferryd.8"), self.options("sbin/certferryd"))

    def test_certferry_1_has_every_exit_code(self):
        codes = re.findall(r"constexpr int \w+ = (\d+);", (PROJECT / "daemon" / "base" / "exit_codes.hpp").read_text())
        told = self.pages["certferry.1"].partition(".Sh EXIT STATUS")[2].partition(".Sh EXAMPLES")[0]
        self.assertEqual(re.findall(r"^\.It (\d+)$", told, re.MULTILINE), ["0", *codes])


if __name__ == "__main__":
    unittest.main()
