# SPDX-License-Identifier: MIT
"""The command certferry and the running daemon: what each command does, and each exit code."""

import contextlib
import json
import os
import pty
import signal
import socket
import subprocess
import threading
import unittest
from pathlib import Path

from support.daemon import account_table, daemon_table
from support.daemon_case import DaemonCase
from support.paths import build_directory
from support.tls import served_fingerprint
from support.waiting import wait_until


class ControlCase(DaemonCase):
    def running(self, *mappings: str, **keys):
        daemon = self.daemon(*mappings, **keys)
        daemon.start()
        daemon.wait_for_log("daemon.ready")
        return daemon

    def assert_exit(self, daemon, code: int, *arguments: str, **environment: str) -> str:
        """Both outputs of the command, which has to end with `code`."""
        done = daemon.command(*arguments, **environment)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr + daemon.log())
        return done.stdout + done.stderr


class Hooks(ControlCase):
    def test_a_hook_waits_for_the_proof(self):
        site = self.site(on_disk=self.old)
        other = self.site("other", on_disk=self.old)
        daemon = self.running(site.mapping(), other.mapping())
        daemon.wait_for_log("rotation.done mapping=www")
        daemon.wait_for_log("rotation.done mapping=other")
        site.write(self.new)
        said = self.assert_exit(daemon, 0, "notify", "--wait", RENEWED_LINEAGE=str(site.lineage.live))
        self.assertIn("deployed and proven", said)
        self.assertNotIn("other", said)
        self.assertEqual(served_fingerprint(site.port), self.new.fingerprint)
        self.assert_succession(daemon, site, self.old, self.new)

    def test_a_certificate_that_no_mapping_follows(self):
        daemon = self.running(self.site(on_disk=self.old).mapping())
        said = self.assert_exit(daemon, 0, "notify", "--wait", "--lineage", "/etc/letsencrypt/live/elsewhere")
        self.assertIn("no mapping follows /etc/letsencrypt/live/elsewhere", said)

    def test_a_hook_that_does_not_wait(self):
        site = self.site(on_disk=self.old)
        daemon = self.running(site.mapping(), settings=daemon_table(rescan='"1h"', settle='{ min = "1h", max = "1h" }'))
        daemon.wait_for_log("rotation.done mapping=www")
        site.write(self.new)
        self.assert_exit(daemon, 0, "notify", "--lineage", str(site.lineage.live))
        self.wait_until_done(daemon, site, self.new)


class ExitCodes(ControlCase):
    def notified(self, *mappings: str, timeout: str = "20s"):
        return self.running(*mappings), ("notify", "--wait", "--timeout", timeout)

    def test_1_what_cannot_be_done(self):
        daemon = self.running(self.site(on_disk=self.old).mapping())
        self.assertIn("names no endpoint", self.assert_exit(daemon, 1, "probe", "www"))

    def test_2_what_is_no_command(self):
        daemon = self.daemon(self.site().mapping())
        for arguments in ((), ("dance",), ("rotate",), ("notify", "--timeout", "soon"), ("adopt", "www"),
                          ("log-level", "loud"), ("status", "-o", "xml")):
            self.assert_exit(daemon, 2, *arguments)

    def test_3_when_some_is_deployed(self):
        daemon, notify = self.notified(self.site("www", self.new).mapping(), self.site("missing").mapping())
        said = self.assert_exit(daemon, 3, *notify)
        self.assertRegex(said, r"www .*deployed and proven")
        self.assertRegex(said, r"missing .*No such file")

    def test_4_a_name_that_no_mapping_has(self):
        daemon = self.running(self.site().mapping())
        for command in ("status", "rotate", "pause", "plan", "probe", "rollback"):
            self.assertIn('Did you mean "www"?', self.assert_exit(daemon, 4, command, "ww"))

    def test_5_when_the_daemon_does_not_run(self):
        daemon = self.daemon(self.site().mapping())
        for arguments in (("rotate", "www"), ("pause", "www"), ("reload",), ("plan",)):
            self.assertIn("certferryd does not run", self.assert_exit(daemon, 5, *arguments))
        self.assertIn("the renewal is not lost", self.assert_exit(daemon, 5, "notify", "--wait").lower())
        self.assertIn("certferryd does not run", self.assert_exit(daemon, 5, "doctor"))

    def test_6_when_the_gate_refuses(self):
        daemon, notify = self.notified(self.site(on_disk=self.new).mapping(gate='{ trust = "system" }'))
        self.assertIn("gate.trust", self.assert_exit(daemon, 6, *notify))

    def test_7_when_the_cloud_refuses(self):
        daemon, notify = self.notified(self.site(on_disk=self.new).mapping(old_cert_id='"NoSuchId"'))
        self.assertIn("NoSuchId", self.assert_exit(daemon, 7, *notify))

    def test_8_when_it_is_still_tried(self):
        self.sandbox.add_fault("http_status", action="ReplaceCert", times=1000)
        daemon, notify = self.notified(self.site(on_disk=self.new).mapping(), timeout="2s")
        self.assert_exit(daemon, 8, *notify)

    def socket_ends(self) -> int:
        """The listening end of the control socket, and one for each that has connected."""
        return Path("/proc/net/unix").read_text().count(f"{self.directory}/control.sock\n")

    def test_8_when_the_daemon_dies_before_it_answers(self):
        daemon = self.running(self.site(on_disk=self.old).mapping())
        daemon.wait_for_log("daemon.ready")
        daemon.process.send_signal(signal.SIGSTOP)
        before = self.socket_ends()
        notify = subprocess.Popen(daemon.command_line("notify", "--wait"), stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True)
        wait_until(lambda: self.socket_ends() > before, "certferry has connected", 60)
        daemon.kill9()
        said = notify.communicate(timeout=60)[0]
        self.assertEqual(notify.returncode, 8, said)
        self.assertIn("certferryd has hung up before it answered", said)

    def test_9_when_it_is_not_proven(self):
        self.sandbox.add_fault("success_without_effect", action="ReplaceCert", times=1000)
        mapping = self.site(on_disk=self.new).mapping(verify='{ attempts_for = "0s" }')
        daemon, notify = self.notified(mapping, timeout="3s")
        self.assert_exit(daemon, 9, *notify)

    def test_10_when_another_instance_runs(self):
        daemon = self.running(self.site().mapping())
        second = subprocess.run([build_directory() / "certferryd", "--config", daemon.config], capture_output=True,
                                text=True, timeout=20)
        self.assertEqual(second.returncode, 10, second.stderr)
        self.assert_exit(daemon, 0, "status")


class Commands(ControlCase):
    def test_status_for_people_and_for_machines(self):
        site = self.site(on_disk=self.new)
        daemon = self.running(site.mapping())
        self.wait_until_done(daemon, site, self.new)
        self.assertRegex(self.assert_exit(daemon, 0, "status"), r"MAPPING .*\nwww .* deployed and proven \S+\n")
        status = json.loads(daemon.certferry("status", "www", "-o", "json"))
        self.assertEqual(status["version"], 1)
        self.assertEqual(status["targets"][0]["on_disk_fingerprint"], self.new.fingerprint)
        self.assertIn("started", status["daemon"])

    def test_status_and_history_without_a_daemon(self):
        site = self.site(on_disk=self.new)
        daemon = self.running(site.mapping())
        self.wait_until_done(daemon, site, self.new)
        daemon.term()
        for command, expected in (("status", "deployed and proven"), ("history", "proven: ")):
            told = daemon.command(command)
            self.assertEqual((told.returncode, told.stderr),
                             (0, "certferryd does not run; this is what its journal says\n"))
            self.assertIn(expected, told.stdout)
            self.assertEqual(json.loads(daemon.certferry(command, "-o", "json"))["version"], 1)

    def test_status_is_watched(self):
        site = self.site(on_disk=self.old)
        daemon = self.running(site.mapping())
        self.wait_until_done(daemon, site, self.old)
        watching = subprocess.Popen(daemon.command_line("status", "--watch"), stdout=subprocess.PIPE, text=True)
        self.addCleanup(watching.stdout.close)
        self.addCleanup(watching.wait)
        self.addCleanup(watching.kill)
        seen = []
        reader = threading.Thread(target=lambda: seen.extend(iter(watching.stdout.readline, "")))
        reader.start()
        self.addCleanup(reader.join)
        self.addCleanup(watching.kill)
        wait_until(lambda: "2" in "".join(seen), "the first status is shown")
        site.write(self.new)
        self.wait_until_done(daemon, site, self.new)
        new_id = self.sandbox.bound(site.listener)
        wait_until(lambda: new_id in "".join(seen), "the change is shown")

    def test_plan_names_the_load_balancers(self):
        site = self.site(on_disk=self.old)
        daemon = self.running(site.mapping())
        self.wait_until_done(daemon, site, self.old)
        self.assert_exit(daemon, 0, "pause", "www")
        site.write(self.new)
        wait_until(lambda: daemon.target("www", "status").get("on_disk_fingerprint") == self.new.fingerprint, "it is seen")
        said = self.assert_exit(daemon, 0, "plan")
        self.assertIn(f"replace {site.old_id} by certificate {self.new.fingerprint[:12]}", said)
        self.assertRegex(said, f"{site.old_id} serves:\n +lb-test {site.listener}")
        self.assert_nothing_asked_for(site)

    def test_pause_and_resume(self):
        site = self.site(on_disk=self.old)
        daemon = self.running(site.mapping())
        self.wait_until_done(daemon, site, self.old)
        self.assert_exit(daemon, 0, "pause", "www")
        site.write(self.new)
        self.assert_exit(daemon, 6, "notify", "--wait", "--lineage", str(site.lineage.live))
        self.assertEqual(daemon.term(), 0)
        daemon.start()
        daemon.wait_for_log("daemon.ready")
        self.assert_exit(daemon, 6, "notify", "--wait", "--lineage", str(site.lineage.live))
        self.assertIn("on hold since", self.assert_exit(daemon, 0, "status"))
        self.assert_nothing_asked_for(site)
        self.assert_exit(daemon, 0, "resume", "www")
        self.wait_until_done(daemon, site, self.new)
        self.assert_succession(daemon, site, self.old, self.new)

    def test_rotate_ends_a_wait(self):
        self.sandbox.add_fault("error", action="CertUpload")
        site = self.site(on_disk=self.new)
        daemon = self.running(site.mapping(retry='{ initial = "1h", max = "1h" }'))
        daemon.wait_for_log("rotation.waiting")
        self.assert_exit(daemon, 0, "rotate", "www", "--wait")
        self.assert_succession(daemon, site, self.old, self.new)
        self.assert_exit(daemon, 0, "rotate", "www", "--force", "--wait")
        self.assertEqual(daemon.log().count("rotation.done"), 2)
        self.assert_succession(daemon, site, self.old, self.new)

    def test_rollback_and_forward_again(self):
        site = self.site(on_disk=self.new)
        daemon = self.running(site.mapping())
        self.wait_until_done(daemon, site, self.new)
        self.assertIn("gone back", self.assert_exit(daemon, 0, "rollback", "www"))
        self.assertEqual(self.sandbox.bound(site.listener), site.old_id)
        self.assertEqual(served_fingerprint(site.port), self.old.fingerprint)
        wait_until(lambda: daemon.target("www", "status").get("pause") == "held", "it is held so")
        self.assert_exit(daemon, 0, "rotate", "www", "--force", "--wait")
        self.assertEqual(served_fingerprint(site.port), self.new.fingerprint)
        site.write(self.newer)
        self.wait_until_done(daemon, site, self.newer)

    def test_adopt_what_was_bound_by_hand(self):
        site = self.site(on_disk=self.old)
        daemon = self.running(site.mapping())
        self.wait_until_done(daemon, site, self.old)
        by_hand = self.sandbox.add_certificate(self.new)
        self.assertIn("no load balancer uses", self.assert_exit(daemon, 1, "adopt", "www", "--cert-id", by_hand))
        self.assert_exit(daemon, 7, "adopt", "www", "--cert-id", "NoSuchId")
        self.sandbox.bind(site.listener, by_hand)
        self.assert_exit(daemon, 0, "adopt", "www", "--cert-id", by_hand)
        self.assertEqual(daemon.target("www", "status")["deployed_id"], by_hand)
        site.write(self.newer)
        self.wait_until_done(daemon, site, self.newer)
        self.assertEqual(served_fingerprint(site.port), self.newer.fingerprint)

    def test_adopt_lets_a_renewal_go_on_that_is_held_for_it(self):
        site = self.site(on_disk=self.old)
        daemon = self.running(site.mapping(), accounts=account_table(self.sandbox, api='"3.0"'),
                              settings=daemon_table(rescan='"1h"'))
        self.wait_until_done(daemon, site, self.old)
        by_hand = self.sandbox.add_certificate(self.new)
        self.sandbox.bind(site.listener, by_hand)
        site.write(self.newer)
        held = daemon.wait_for_log("rotation.held .*reason=head_stale")
        self.assertIn("`certferry adopt` its id", held)
        wait_until(lambda: daemon.command("adopt", "www", "--cert-id", by_hand).returncode == 0,
                   "it is adopted, once no attempt is under way")
        self.wait_until_done(daemon, site, self.newer)
        self.assertEqual(served_fingerprint(site.port), self.newer.fingerprint)

    def test_probe(self):
        site = self.site(on_disk=self.new)
        daemon = self.running(site.mapping(
            verify=f'{{ endpoint = ["www.test.example@127.0.0.1:{site.port}"] }}'))
        self.wait_until_done(daemon, site, self.new)
        self.assertIn(self.new.fingerprint[:12], self.assert_exit(daemon, 0, "probe", "www"))
        self.sandbox.bind(site.listener, site.old_id)
        self.assertIn(self.old.fingerprint[:12], self.assert_exit(daemon, 9, "probe", "www"))

    def test_doctor(self):
        site = self.site(on_disk=self.new)
        daemon = self.running(site.mapping())
        self.wait_until_done(daemon, site, self.new)
        self.assertRegex(self.assert_exit(daemon, 0, "doctor"), "account default +ok +load balancers can be read")
        daemon.write_credentials("AKIDUNKNOWN", "wrong0000000000000000000000000000")
        self.sandbox.set_credentials("AKIDEXAMPLE0000000000000000000000000", "another000000000000000000000000")
        self.assertRegex(self.assert_exit(daemon, 1, "doctor"), "account default +failure")

    def test_the_log_level(self):
        daemon = self.running(self.site(on_disk=self.new).mapping())
        self.assert_exit(daemon, 0, "log-level", "error")
        self.assert_exit(daemon, 0, "pause", "www")
        self.assert_exit(daemon, 0, "log-level", "info")
        self.assert_exit(daemon, 0, "resume", "www")
        self.assertNotIn("command=pause", daemon.log())
        daemon.wait_for_log("command=resume")


class Terminal(ControlCase):
    """What a person sees, and no program: colours, and a line that is written over and over while something is waited
    for."""

    def seen(self, daemon, code: int, *arguments: str, **environment: str) -> str:
        """All that the command, which has to end with `code`, writes to a terminal."""
        ours, theirs = pty.openpty()
        with subprocess.Popen(daemon.command_line(*arguments), stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
                              env=os.environ | environment) as command, open(ours, "rb", buffering=0) as terminal:
            os.close(theirs)
            seen = b""
            with contextlib.suppress(OSError):  # the terminal ends with the command
                while piece := terminal.read(4096):
                    seen += piece
        self.assertEqual(command.returncode, code, seen)
        return seen.decode()

    def test_colours(self):
        site = self.site(on_disk=self.old)
        daemon = self.running(site.mapping())
        self.wait_until_done(daemon, site, self.old)
        self.assertIn("\033[32mdeployed", self.seen(daemon, 0, "status"))
        self.assertNotIn("\033[3", self.seen(daemon, 0, "status", NO_COLOR="1"))
        self.assertNotIn("\033", self.assert_exit(daemon, 0, "status"))

    def test_a_wait(self):
        self.sandbox.add_fault("http_status", action="ReplaceCert", times=1000)
        daemon = self.running(self.site(on_disk=self.new).mapping())
        notify = ("notify", "--wait", "--timeout", "3s")
        self.assertRegex(self.seen(daemon, 8, *notify), r"\r\033\[Kwaiting, [1-3]")
        self.assertNotIn("waiting, ", self.assert_exit(daemon, 8, *notify))


class Socket(ControlCase):
    @unittest.skipUnless(os.geteuid() == 0, "only root can be somebody else")
    def test_others_may_nothing_or_ask(self):
        self.directory.chmod(0o711)
        for open_to_all, code in (("false", 1), ("true", 0)):
            daemon = self.running(self.site(f"site-{open_to_all}").mapping(),
                                  settings=daemon_table(status_for_all=open_to_all))
            self.assertEqual(self.as_nobody(daemon, "status"), code)
            self.assertEqual(self.as_nobody(daemon, "reload"), 1)
            self.assertEqual(daemon.term(), 0)

    def as_nobody(self, daemon, *arguments) -> int:
        return subprocess.run(daemon.command_line(*arguments), capture_output=True, user=65534, group=65534,
                              extra_groups=[]).returncode

    def test_it_is_gone_with_the_daemon_and_replaced_after_a_kill(self):
        daemon = self.running(self.site().mapping())
        path = self.directory / "control.sock"
        self.assertTrue(path.is_socket())
        daemon.kill9()
        self.assertTrue(path.is_socket())
        daemon.start()
        daemon.wait_for_log("daemon.ready")
        self.assert_exit(daemon, 0, "status")
        self.assertEqual(daemon.term(), 0)
        self.assertFalse(path.exists())

    def test_those_who_say_nothing_are_not_waited_for_by_others(self):
        daemon = self.running(self.site().mapping())
        silent = []
        for _ in range(31):
            connection = socket.socket(socket.AF_UNIX)
            self.addCleanup(connection.close)
            connection.connect(str(self.directory / "control.sock"))
            silent.append(connection)
        self.assert_exit(daemon, 0, "status")

    def test_a_place_that_cannot_be_used_stops_nothing(self):
        site = self.site(on_disk=self.new)
        daemon = self.running(site.mapping(), settings=daemon_table(control_socket='"/proc/nowhere/control.sock"'))
        daemon.wait_for_log("control.unavailable")
        self.wait_until_done(daemon, site, self.new)


if __name__ == "__main__":
    unittest.main()
