# SPDX-License-Identifier: MIT
"""What packaging/build.sh installs is enough to build the packages of a machine that has nothing."""

import re
import subprocess
import unittest

from support.packages import PROJECT

# What dpkg-checkbuilddeps asks for beside what the package names, and what brings another name's package.
ALWAYS = {"build-essential"}
BROUGHT_BY = {"debhelper-compat": "debhelper"}


def build_depends() -> set[str]:
    control = (PROJECT / "packaging" / "deb" / "control").read_text()
    field = re.search(r"^Build-Depends:(.*(?:\n .*)*)", control, re.MULTILINE).group(1)
    return {re.split(r"[ (]", entry.strip())[0] for entry in field.split(",")}


def installed(*groups: str) -> set[str]:
    script = 'source packaging/dependencies.sh; for group; do packages_of_group "$group"; done'
    said = subprocess.run(["bash", "-c", script, "bash", *groups], cwd=PROJECT, capture_output=True, text=True, check=True)
    return set(said.stdout.split())


class BuildDependencies(unittest.TestCase):
    def test_all_of_them_are_installed(self):
        wanted = {BROUGHT_BY.get(name, name) for name in build_depends() | ALWAYS}
        self.assertGreater(len(wanted), 10)
        self.assertEqual(wanted - installed("build", "packages"), set())


if __name__ == "__main__":
    unittest.main()
