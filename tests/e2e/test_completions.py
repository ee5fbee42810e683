# SPDX-License-Identifier: MIT
"""The shell completions know every command and option of certferry, and no other."""

import re
import shutil
import subprocess
import unittest

from support.paths import build_directory, project_directory

COMPLETIONS = project_directory() / "packaging" / "completions"
BASH = (COMPLETIONS / "certferry.bash").read_text()
ZSH = (COMPLETIONS / "_certferry").read_text()
FISH = (COMPLETIONS / "certferry.fish").read_text()


def help_of(*command: str) -> str:
    return subprocess.run([build_directory() / "certferry", *command, "--help"], capture_output=True, text=True,
                          check=True).stdout


def subcommands(*command: str) -> set:
    text = help_of(*command).partition("Subcommands:")[2]
    return set(re.findall(r"^  (\S+)", text, re.MULTILINE))


def options(*command: str) -> set:
    return set(re.findall(r"--[a-z-]+", help_of(*command).partition("Options:")[2].partition("Subcommands:")[0]))


class Completions(unittest.TestCase):
    def test_every_command_and_no_other(self):
        commands = subcommands()
        self.assertIn("status", commands)
        self.assertEqual(set(re.search(r'commands="(.*)"', BASH).group(1).split()), commands)
        self.assertEqual(set(re.findall(r"^        '([a-z-]+):", ZSH, re.MULTILINE)), commands)
        self.assertEqual(set(re.findall(r"__fish_use_subcommand -a (\S+)", FISH)), commands)
        for text in (BASH, ZSH, FISH):
            self.assertIn(" ".join(("check", "show", "example")), text)
        self.assertEqual(subcommands("config"), {"check", "show", "example"})

    def test_every_option_and_no_other(self):
        everything = options().union(*(options(command) for command in subcommands()))
        for text in (BASH, ZSH):
            self.assertEqual(set(re.findall(r"--[a-z][a-z-]*", text)), everything)
        self.assertEqual({"--" + name for name in re.findall(r" -l ([a-z-]+)", FISH)}, everything)

    def test_each_shell_can_read_its_own(self):
        for shell, file in (("bash", "certferry.bash"), ("zsh", "_certferry"), ("fish", "certferry.fish")):
            if shutil.which(shell):
                subprocess.run([shell, "-n", COMPLETIONS / file], check=True)

    def test_bash_completes(self):
        script = f'''
            source {COMPLETIONS / "certferry.bash"}
            compopt() {{ :; }}
            COMP_WORDS=(certferry ro) COMP_CWORD=1; _certferry; echo "${{COMPREPLY[@]}}"
            COMP_WORDS=(certferry notify --w) COMP_CWORD=2; _certferry; echo "${{COMPREPLY[@]}}"
            COMP_WORDS=(certferry -o j) COMP_CWORD=2; _certferry; echo "${{COMPREPLY[@]}}"'''
        said = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout
        self.assertEqual(said.splitlines(), ["rotate rollback", "--wait", "json"])


if __name__ == "__main__":
    unittest.main()
