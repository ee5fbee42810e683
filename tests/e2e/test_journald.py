# SPDX-License-Identifier: MIT
"""What a real systemd-journald has of the log: entries with a field for each thing that is told."""

import json
import os
import subprocess
import unittest
from pathlib import Path

from support.daemon_case import DaemonCase
from support.mounts import need_own_mounts
from support.paths import build_directory

JOURNALD = Path("/lib/systemd/systemd-journald")

# A journald with a /run of its own, and the daemon beside it, whose standard error is a file that systemd would have
# named as its stream. Both end before the entries are read.
SCENE = r"""
set -e
mount -t tmpfs none /run
mkdir -p /run/systemd/journal /run/log/journal/$(cat /etc/machine-id)
"$JOURNALD" >"$DIRECTORY/journald.log" 2>&1 &
journald=$!
for attempt in $(seq 200); do [ -S /run/systemd/journal/socket ] && break; sleep 0.1; done
[ -S /run/systemd/journal/socket ] || exit 77
: >"$DIRECTORY/stream"
JOURNAL_STREAM=$(stat -c %d:%i "$DIRECTORY/stream") "$CERTFERRYD" --config "$DIRECTORY/certferry.toml" --once \
    2>"$DIRECTORY/stream" || true
kill -RTMIN+1 "$journald"; sleep 1; kill "$journald"; wait "$journald" || true
journalctl --directory=/run/log/journal --identifier=certferryd --all --output=json >"$DIRECTORY/entries"
"""


class Journald(DaemonCase):
    def setUp(self):
        super().setUp()
        need_own_mounts(self)
        if not JOURNALD.exists() or os.geteuid() != 0:
            self.skipTest("this needs systemd-journald, and root to start one")

    def entries_of_a_run(self, site) -> list:
        daemon = self.daemon(site.mapping())
        done = subprocess.run(["unshare", "--mount", "--propagation", "private", "bash", "-c", SCENE],
                              env=os.environ | {"DIRECTORY": str(daemon.directory), "JOURNALD": str(JOURNALD),
                                                "CERTFERRYD": str(build_directory() / "certferryd")},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        if done.returncode == 77:
            self.skipTest("systemd-journald does not start here: " + (self.directory / "journald.log").read_text())
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual((self.directory / "stream").read_text(), "")
        return [json.loads(line) for line in (self.directory / "entries").read_text().splitlines()]

    def test_a_rotation_is_found_by_its_fields(self):
        site = self.site(on_disk=self.new)
        entries = self.entries_of_a_run(site)
        done, = [entry for entry in entries if entry["CERTFERRY_EVENT"] == "rotation.done"]
        self.assertEqual((done["CERTFERRY_MAPPING"], done["CERTFERRY_ACCOUNT"]), ("www", "default"))
        self.assertEqual((done["CERTFERRY_OLD_ID"], done["CERTFERRY_NEW_ID"]),
                         (site.old_id, self.sandbox.bound(site.listener)))
        self.assertEqual(done["MESSAGE_ID"], "95e49bc78e6442a38e73bc6946662712")
        self.assertEqual((done["PRIORITY"], done["SYSLOG_IDENTIFIER"]), ("6", "certferryd"))
        self.assertRegex(done["MESSAGE"], "^rotation.done mapping=www ")
        self.assertNotIn("CODE_FILE", done)

    def test_a_refusal_is_found_by_its_reason(self):
        site = self.site(on_disk=self.authority.issue("other.test.example", days=95))
        held, = [entry for entry in self.entries_of_a_run(site) if entry["CERTFERRY_EVENT"] == "rotation.held"]
        self.assertEqual((held["CERTFERRY_REASON"], held["PRIORITY"]), ("names_lost", "3"))


if __name__ == "__main__":
    unittest.main()
