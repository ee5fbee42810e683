# SPDX-License-Identifier: MIT
"""The file system of state_dir is full: what cannot be written down is not done."""

import unittest

from support.daemon_case import DaemonCase
from support.mounts import fill, small_file_system
from support.waiting import wait_until


class FullDisk(DaemonCase):
    def setUp(self):
        super().setUp()
        self.state = self.directory / "state"
        self.state.mkdir(mode=0o700)
        self.enterContext(small_file_system(self, self.state))
        self.www = self.site(on_disk=self.old)
        self.certferryd = self.daemon(self.www.mapping())
        self.certferryd.start()
        self.wait_until_done(self.certferryd, self.www, self.old)

    def wait_for_failures(self, count: int = 1):
        """Of different kinds: the same one again is said after a while only."""
        wait_until(lambda: self.certferryd.log().count("journal.failed") >= count, f"journal.failed, {count} times")

    def assert_recovers(self):
        self.wait_until_done(self.certferryd, self.www, self.new)
        self.assert_succession(self.certferryd, self.www, self.old, self.new)

    def test_before_a_renewal(self):
        ballast = fill(self.state)
        self.www.write(self.new)
        self.wait_for_failures()
        self.assertRegex(self.certferryd.log(), "journal.failed mapping=www .*Make room")
        self.assert_nothing_asked_for(self.www)
        ballast.unlink()
        self.assert_recovers()

    def test_after_the_upload_was_sent(self):
        self.sandbox.add_fault("hold", action="CertUpload", executed=True)
        self.www.write(self.new)
        wait_until(lambda: self.sandbox.requests("CertUpload"), "the upload is held")
        ballast = fill(self.state)
        self.sandbox.clear_faults()
        self.wait_for_failures()
        self.assertEqual(self.sandbox.requests("ReplaceCert"), [])
        ballast.unlink()
        self.assert_recovers()

    def test_after_the_replacement_was_sent(self):
        self.sandbox.add_fault("hold", action="ReplaceCert", executed=True)
        self.www.write(self.new)
        wait_until(lambda: self.sandbox.requests("ReplaceCert"), "the replacement is held")
        ballast = fill(self.state)
        self.sandbox.clear_faults()
        self.wait_for_failures(2)
        self.assertEqual(len(self.sandbox.requests("ReplaceCert")), 1)
        ballast.unlink()
        self.assert_recovers()
        self.assertEqual(len(self.sandbox.requests("ReplaceCert")), 1)


if __name__ == "__main__":
    unittest.main()
