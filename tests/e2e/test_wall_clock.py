# SPDX-License-Identifier: MIT
"""The wall clock is set while the daemon runs: nothing is sent that is not due, nothing waits for the old time, and
once the clock is right everything goes on by itself."""

import unittest

from support.daemon_case import DaemonCase
from support.wall_clock import WallClock

HOUR = 3600
DAY = 24 * HOUR


class ClockSet(DaemonCase):
    def setUp(self):
        super().setUp()
        self.clock = WallClock(self.directory)
        self.www = self.site(on_disk=self.old)

    def start(self, **keys: str):
        self.certferryd = self.daemon(self.www.mapping(**keys))
        self.certferryd.start(**self.clock.environment)
        self.wait_until_done(self.certferryd, self.www, self.old)

    def assert_renewed(self):
        self.wait_until_done(self.certferryd, self.www, self.new)
        self.assert_succession(self.certferryd, self.www, self.old, self.new)

    def test_some_hours_forward_and_right_again(self):
        self.start()
        self.clock.set_by(2 * HOUR)
        self.www.write(self.new)
        self.assert_renewed()
        self.clock.set_by(0)
        self.www.write(self.newer)
        self.wait_until_done(self.certferryd, self.www, self.newer)
        self.assert_succession(self.certferryd, self.www, self.old, self.new, self.newer)

    def test_further_forward_than_anyone_should_believe(self):
        self.start()
        self.clock.set_by(2 * DAY)
        self.www.write(self.new)
        self.certferryd.wait_for_log("rotation.waiting mapping=www .*reason=api_clock_skew .*Set this machine's clock")
        self.assertEqual((self.www.uploads(self.new), self.www.replacements()), (0, []))
        self.clock.set_by(0)
        self.assert_renewed()

    def test_back_before_the_certificate_is_valid_and_then_right(self):
        self.start()
        self.clock.set_by(-2 * DAY)
        asked_for = self.www.changes_asked_for()
        self.www.write(self.new)
        self.certferryd.wait_for_log("rotation.held mapping=www")
        self.assertEqual(self.www.changes_asked_for(), asked_for)
        self.clock.set_by(0)
        self.assert_renewed()

    def test_back_during_a_wait(self):
        self.start(retry='{ initial = "500ms", max = "1s" }')
        self.sandbox.add_fault("error", action="CertUpload", times=1000)
        self.www.write(self.new)
        self.certferryd.wait_for_log("rotation.waiting mapping=www")
        self.clock.set_by(-HOUR)
        # The wait is over though its time has not come again; the new certificate is not valid yet.
        self.certferryd.wait_for_log("rotation.held mapping=www")
        self.sandbox.clear_faults()
        self.clock.set_by(0)
        self.assert_renewed()


if __name__ == "__main__":
    unittest.main()
