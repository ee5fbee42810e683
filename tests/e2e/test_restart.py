# SPDX-License-Identifier: MIT
"""The daemon ends in the middle of a renewal, and is started again."""

import unittest

from support.daemon import daemon_table
from support.daemon_case import DaemonCase
from support.waiting import wait_until


class Restarts(DaemonCase):
    def begin(self, action: str, deliver: str, settings: str = "", **fault):
        """A renewal that hangs in its call of `action`: before it is carried out, or with executed=True after."""
        self.sandbox.add_fault("hold", action=action, **fault)
        site = self.site(on_disk=self.new)
        daemon = self.daemon(site.mapping(deliver=f'"{deliver}"'), settings=settings)
        daemon.start()
        wait_until(lambda: self.held(action), f"{action} is held")
        return site, daemon

    def held(self, action: str):
        return any(not call["answered"] for call in self.sandbox.requests(action))

    def let_go(self, action: str):
        self.sandbox.clear_faults()
        wait_until(lambda: not self.held(action), f"{action} is let go")

    def is_done(self, daemon):
        return daemon.target("www", "status").get("stage") == "done"

    def finish(self, site, daemon):
        """Starts it again. What was done before it ended need not be done, or logged, again."""
        daemon.start()
        daemon.wait_for_log("daemon.ready")
        wait_until(lambda: self.is_done(daemon), "the renewal is done")
        self.assert_succession(daemon, site, self.old, self.new)


class Killed(Restarts):
    def kill_in(self, action: str, deliver: str, **fault):
        site, daemon = self.begin(action, deliver, **fault)
        daemon.kill9()
        self.let_go(action)
        self.finish(site, daemon)

    def test_after_the_upload_was_carried_out(self):
        self.kill_in("CertUpload", "id", executed=True)

    def test_after_the_upload_was_sent_which_comes_true_later(self):
        self.kill_in("CertUpload", "id")

    def test_after_the_replacement_by_id_was_carried_out(self):
        self.kill_in("ReplaceCert", "id", executed=True)

    def test_after_the_replacement_by_id_was_sent_which_comes_true_later(self):
        self.kill_in("ReplaceCert", "id")

    def test_after_the_replacement_by_content_was_carried_out(self):
        self.kill_in("ReplaceCert", "content", executed=True)

    def test_after_the_replacement_by_content_was_sent_which_comes_true_later(self):
        self.kill_in("ReplaceCert", "content")

    def test_before_the_proof_was_read(self):
        self.kill_in("GetCertListWithLoadBalancer", "id", after=1)

    def test_a_replacement_that_is_late_comes_to_nothing(self):
        site, daemon = self.begin("ReplaceCert", "id")
        daemon.kill9()
        self.finish(site, daemon)
        self.let_go("ReplaceCert")
        self.assert_succession(daemon, site, self.old, self.new)
        self.assertEqual(len(self.sandbox.requests("ReplaceCert")), 2)

    def test_every_time_it_has_begun_a_step(self):
        site = self.site(on_disk=self.new)
        daemon = self.daemon(site.mapping())
        for stage in ("planned", "uploading", "uploaded", "replacing", "accepted", "verifying"):
            daemon.start()
            daemon.wait_for_log("daemon.ready")
            wait_until(lambda: f"rotation.{stage}" in daemon.log() or self.is_done(daemon), stage)
            daemon.kill9()
        self.finish(site, daemon)


class Stopped(Restarts):
    def test_a_replacement_in_flight_is_waited_for(self):
        site, daemon = self.begin("ReplaceCert", "id")
        daemon.ask_to_end()
        daemon.wait_for_log("daemon.stopping")
        self.assertTrue(daemon.running())
        self.sandbox.clear_faults()
        self.assertEqual(daemon.wait(), 0)
        self.assertRegex(daemon.log(), "rotation.accepted")
        self.finish(site, daemon)
        self.assertEqual(len(self.sandbox.requests("ReplaceCert")), 1)

    def cut_short(self, deliver: str):
        site, daemon = self.begin("ReplaceCert", deliver, daemon_table(shutdown_grace='"200ms"'))
        self.assertEqual(daemon.term(), 0)
        self.assertRegex(daemon.log(), "daemon.cut_short")
        self.let_go("ReplaceCert")
        self.finish(site, daemon)
        self.assertEqual(len(self.sandbox.requests("ReplaceCert")), 1)

    def test_when_the_grace_is_over_a_replacement_by_id_is_read_back_later(self):
        self.cut_short("id")

    def test_when_the_grace_is_over_a_replacement_by_content_is_read_back_later(self):
        self.cut_short("content")

    def test_when_the_grace_is_over_an_upload_is_found_later(self):
        site, daemon = self.begin("CertUpload", "id", daemon_table(shutdown_grace='"200ms"'), executed=True)
        self.assertEqual(daemon.term(), 0)
        self.assertRegex(daemon.log(), "daemon.cut_short")
        self.let_go("CertUpload")
        self.finish(site, daemon)

    def test_nothing_more_is_sent_once_it_was_asked_to_end(self):
        site, daemon = self.begin("CertUpload", "id")
        daemon.ask_to_end()
        daemon.wait_for_log("daemon.stopping")
        self.sandbox.clear_faults()
        self.assertEqual(daemon.wait(), 0)
        self.assertEqual(self.sandbox.requests("ReplaceCert"), [])
        self.finish(site, daemon)

    def test_a_wait_for_the_next_attempt_delays_no_end(self):
        self.sandbox.add_fault("error", action="CertUpload")
        site = self.site(on_disk=self.new)
        daemon = self.daemon(site.mapping(retry='{ initial = "1h", max = "1h" }'))
        daemon.start()
        daemon.wait_for_log("rotation.waiting")
        self.assertEqual(daemon.term(), 0)
        self.assertNotRegex(daemon.log(), "daemon.cut_short")


if __name__ == "__main__":
    unittest.main()
