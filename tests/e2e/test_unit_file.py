# SPDX-License-Identifier: MIT
"""How exposed the shipped systemd unit leaves the daemon, alone and with each drop-in, as systemd itself counts it."""

import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from support.paths import project_directory

SYSTEMD = project_directory() / "systemd"
UNIT = "certferryd.service"


@unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not installed")
class UnitFile(unittest.TestCase):
    def analyse(self, command: str, *options: str, drop_in: str = "") -> subprocess.CompletedProcess:
        with tempfile.TemporaryDirectory() as root:
            units = Path(root, "etc/systemd/system")
            units.mkdir(parents=True)
            shutil.copy(SYSTEMD / UNIT, units)
            if drop_in:
                (units / f"{UNIT}.d").mkdir()
                shutil.copy(SYSTEMD / "drop-ins" / drop_in, units / f"{UNIT}.d")
            return subprocess.run(["systemd-analyze", command, *options, f"--root={root}", "--no-pager", UNIT],
                                  capture_output=True, text=True, check=False)

    def assert_exposure_at_most(self, tenths: int, drop_in: str = ""):
        done = self.analyse("security", "--offline=true", f"--threshold={tenths}", drop_in=drop_in)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("Overall exposure level", done.stdout)

    def test_as_it_is_shipped(self):
        self.assert_exposure_at_most(15)

    def test_with_keys_that_are_read_by_group_or_copied(self):
        for drop_in in ("group-access.conf", "copied-certificates.conf"):
            with self.subTest(drop_in):
                self.assert_exposure_at_most(11, drop_in)

    def test_no_drop_in_exposes_more(self):
        drop_ins = sorted(path.name for path in (SYSTEMD / "drop-ins").iterdir())
        self.assertIn("acme-sh-in-root.conf", drop_ins)
        for drop_in in drop_ins:
            with self.subTest(drop_in):
                self.assert_exposure_at_most(15, drop_in)

    def test_systemd_understands_every_line(self):
        for drop_in in ("", *(path.name for path in (SYSTEMD / "drop-ins").iterdir())):
            with self.subTest(drop_in):
                said = self.analyse("verify", drop_in=drop_in).stderr
                self.assertNotRegex(said, re.compile("unknown|failed to parse|ignoring", re.IGNORECASE))


if __name__ == "__main__":
    unittest.main()
