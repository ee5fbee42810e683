# SPDX-License-Identifier: MIT
"""People are told what happens: by webhook, by the robot of a WeCom group, and by a program."""

import json
import unittest

from support.daemon import Daemon
from support.daemon_case import DaemonCase
from support.receiver import Receiver, signature
from support.waiting import wait_until

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ROBOT_KEY = "693a91f6-7abc-4bc4-97a0-0ec2c1f0a5aa"


class Notify(DaemonCase):
    def receiver(self, **how) -> Receiver:
        receiver = Receiver(**how)
        self.addCleanup(receiver.close)
        return receiver

    def private_file(self, name: str, text: str):
        path = self.directory / name
        path.touch(mode=0o600)
        path.write_text(text + "\n")
        return path

    def notifier(self, name: str, **keys: str) -> str:
        values = {"gather": '"300ms"'} | keys
        return f"[notify.{name}]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())

    def webhook(self, receiver: Receiver, **keys: str) -> str:
        return self.notifier("ops", kind='"webhook"', url=f'"{receiver.url}"', **keys)

    def wait_for_events(self, receiver: Receiver, *events):
        wait_until(lambda: receiver.events() == list(events), f"{events} is told, not {receiver.events()}", 60)

    def refused_leaf(self):
        """It lacks a name of the deployed one."""
        return self.authority.issue("other.test.example", days=95)

    def test_a_failure_its_end_and_a_rotation_are_told_once_across_a_restart(self):
        receiver, site = self.receiver(), self.site(on_disk=self.refused_leaf())
        self.private_file("ops.secret", SECRET)
        daemon = self.daemon(site.mapping(), self.webhook(receiver, secret=f'{{ file = "{self.directory}/ops.secret" }}'))
        with daemon:
            self.wait_for_events(receiver, ("failed", "www"))
            daemon.wait_for_log("notify.delivered")
        with daemon:
            site.write(self.new)
            self.wait_for_events(receiver, ("failed", "www"), ("recovered", "www"))
            site.write(self.newer)
            self.wait_for_events(receiver, ("failed", "www"), ("recovered", "www"), ("rotated", "www"))

        failed, _, rotated = [message["events"][0] for message in receiver.messages()]
        self.assertEqual((failed["reason"], failed["old_cert_id"]), ("names_lost", site.old_id))
        for word in ("www.test.example", "What happens next", "valid until"):
            self.assertIn(word, receiver.messages()[0]["text"])
        self.assertEqual(rotated["deployed_id"], self.sandbox.bound(site.listener))
        for _, headers, body in receiver.requests:
            self.assertEqual(headers["webhook-signature"], signature(SECRET, headers, body))
        self.assertEqual(len({headers["webhook-id"] for _, headers, _ in receiver.requests}), 3)
        self.assert_not_logged(daemon, SECRET)

    def test_a_receiver_that_fails_delays_no_rotation_and_is_told_when_it_works_again(self):
        receiver, site = self.receiver(status=500), self.site(on_disk=self.new)
        daemon = self.daemon(site.mapping(), self.webhook(receiver))
        with daemon:
            self.wait_until_done(daemon, site, self.new)
            daemon.wait_for_log("notify.failed .*HTTP 500")
            self.assertIn("notifier ops cannot tell", daemon.certferry("status"))
            doctor = daemon.command("doctor")
            self.assertRegex(doctor.stdout, "notifier ops .*HTTP 500")
            self.assertNotEqual(doctor.returncode, 0)
        receiver.status = 200
        with daemon:
            self.wait_for_events(receiver, ("rotated", "www"))
            wait_until(lambda: "cannot tell" not in daemon.certferry("status"), "the status is well again")

    def test_fifty_targets_that_fail_for_one_reason_are_one_message(self):
        receiver, site = self.receiver(status=500), self.site(on_disk=self.refused_leaf())
        ids = [site.old_id] + [self.sandbox.add_certificate(self.old) for _ in range(49)]
        targets = "[" + ", ".join(f'{{ old_cert_id = "{one}" }}' for one in ids) + "]"
        mapping = site.mapping(targets=targets).replace(f'old_cert_id = "{site.old_id}"\n', "")
        daemon = self.daemon(mapping, self.webhook(receiver))
        with daemon:
            # A receiver that fails meanwhile is told all the same once.
            wait_until(lambda: daemon.log().count("rotation.held") >= 50, "all are held", 240)
            daemon.wait_for_log("notify.failed", timeout=60)
            receiver.status = 200
            wait_until(receiver.messages, "it is told", 120)
            self.assertEqual([event for event, _ in receiver.events()], ["failed"] * 50)
            self.assertEqual(len(receiver.messages()), 1)
            self.assertIn("and 30 more", receiver.messages()[0]["text"])

    def test_a_robot_is_spoken_through_and_its_key_is_seen_nowhere(self):
        robot, site = self.receiver(answer={"errcode": 93000, "errmsg": "invalid webhook url"}), self.site(on_disk=self.new)
        self.private_file("robot.key", ROBOT_KEY)
        daemon = self.daemon(site.mapping(), self.notifier(
            "robot", kind='"wecom"', url=f'"{robot.url}"', secret=f'{{ file = "{self.directory}/robot.key" }}'))
        with daemon:
            daemon.wait_for_log("notify.failed .*errcode 93000: invalid webhook url")
            robot.answer = {"errcode": 0, "errmsg": "ok"}
            daemon.wait_for_log("notify.delivered", timeout=60)
            said = json.loads(robot.requests[-1][2])
            self.assertEqual(said["msgtype"], "text")
            self.assertIn("1 rotated", said["text"]["content"])
            self.assertEqual(robot.requests[-1][0], f"/told?key={ROBOT_KEY}")
            shown = daemon.certferry("status", "-o", "json") + daemon.command("doctor").stdout
        self.assertNotIn(ROBOT_KEY, shown)
        self.assert_not_logged(daemon, ROBOT_KEY)

    def test_a_program_is_run_and_one_that_hangs_is_ended(self):
        site = self.site(on_disk=self.new)
        told = self.directory / "told"
        script = self.directory / "tell"
        script.write_text(f'#!/bin/sh\n[ -e "{told}.slow" ] && exec sleep 1000\ncat >"{told}.new" && mv "{told}.new" "{told}"\n')
        script.chmod(0o755)
        (self.directory / "told.slow").touch()
        daemon = self.daemon(site.mapping(), self.notifier(
            "program", kind='"command"', command=f'["{script}"]', timeout='"2s"'))
        with daemon:
            daemon.wait_for_log("notify.failed .*ran for longer than 2s", timeout=60)
            (self.directory / "told.slow").unlink()
            wait_until(told.exists, "the program has been run", 60)
        self.assertEqual(json.loads(told.read_text())["events"][0]["event"], "rotated")

    def test_the_doctor_tries_each_notifier(self):
        receiver, site = self.receiver(), self.site(on_disk=self.old)
        daemon = self.daemon(site.mapping(), self.webhook(receiver),
                             self.notifier("program", kind='"command"', command='["/bin/false"]'))
        with daemon:
            daemon.wait_for_log("daemon.ready")
            done = daemon.command("doctor", "--notify")
            self.assertRegex(done.stdout, "notifier ops .*a test was delivered")
            self.assertRegex(done.stdout, "notifier program .*/bin/false ended with 1")
            self.assertEqual(receiver.events(), [("test", None)])

    def test_a_reload_says_who_is_told_and_rotations_go_on(self):
        receiver, site = self.receiver(), self.site(on_disk=self.refused_leaf())
        # It is there from the start: the daemon gives up the ports that it does not need.
        daemon = self.daemon(site.mapping(notify="[]"), self.webhook(receiver))
        with daemon:
            daemon.wait_for_log("rotation.held")
            daemon.write_configuration(daemon.config.read_text().replace("notify = []\n", ""))
            daemon.certferry("reload")
            self.wait_for_events(receiver, ("failed", "www"))
            site.write(self.new)
            self.wait_for_events(receiver, ("failed", "www"), ("recovered", "www"))

    def assert_not_logged(self, daemon: Daemon, secret: str):
        self.assertNotIn(secret, daemon.log_file.read_text(errors="replace"))
        self.assertNotIn(secret.encode(), (daemon.directory / "state" / "journal.db").read_bytes())


if __name__ == "__main__":
    unittest.main()
