# SPDX-License-Identifier: MIT
"""The alert rules and the dashboard: by promtool, and each alert in a real Prometheus that scrapes a real daemon."""

import json
import re
import signal
import socket
import subprocess
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

from support.daemon import Daemon, account_table, http_table
from support.daemon_case import DaemonCase
from support.paths import build_directory, project_directory
from support.ports import free_port
from support.prometheus import Prometheus
from support.receiver import Receiver
from support.sandbox import SECRET_ID, SECRET_KEY, Sandbox
from support.site import Site
from support.waiting import wait_until
from support.wall_clock import WallClock

RULES = project_directory() / "packaging" / "prometheus" / "certferry.rules.yml"
DASHBOARD = project_directory() / "packaging" / "grafana" / "certferry.json"
DATA = Path(__file__).parent / "data"
# A command that starts with this has a user namespace of its own, in which there is nothing to watch with.
WITHOUT_WATCHES = ["unshare", "--user", "--map-root-user", "sh", "-c",
                   'echo 0 > /proc/sys/user/max_inotify_watches && exec "$@"', "sh"]


class RulesAndDashboard(unittest.TestCase):
    def promtool(self, *arguments):
        done = subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def directory(self) -> Path:
        scratch = TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        return Path(scratch.name)

    def test_the_rules_are_valid(self):
        self.promtool("check", "rules", RULES)

    def test_each_alert_says_what_it_should_in_the_course_of_hours_and_months(self):
        for cases in sorted(DATA.glob("alerts_*.test.yml")):
            with self.subTest(cases.stem):
                copy = self.directory() / cases.name
                copy.write_text(cases.read_text().replace("RULES", str(RULES)))
                self.promtool("test", "rules", copy)

    def test_the_dashboard_asks_for_what_prometheus_understands(self):
        dashboard = json.loads(DASHBOARD.read_text())
        expressions = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
        self.assertGreater(len(expressions), 10)
        with Prometheus(self.directory() / "prometheus", f"127.0.0.1:{free_port()}") as prometheus:
            for expression in expressions:
                with self.subTest(expression):
                    prometheus.query(expression.replace("$mapping", ".*").replace("$__rate_interval", "5m"))

    def test_the_panels_of_the_dashboard_do_not_overlap(self):
        taken = set()
        for panel in json.loads(DASHBOARD.read_text())["panels"]:
            place = panel["gridPos"]
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                     for y in range(place["y"], place["y"] + place["h"])}
            self.assertFalse(cells & taken, panel["title"])
            self.assertLessEqual(place["x"] + place["w"], 24)
            taken |= cells


class Troubles(DaemonCase):
    """A Prometheus scrapes a daemon, which gets into every trouble that there is an alert for. How long each has to last
    is nothing here (data/ is about that)."""

    def setUp(self):
        super().setUp()
        self.port = free_port()
        rules = self.directory / "quick.rules.yml"
        rules.write_text(re.sub(r"for: \w+", "for: 0s", RULES.read_text()))
        self.prometheus = self.enterContext(
            Prometheus(self.directory / "prometheus", f"127.0.0.1:{self.port}", (rules,)))

    def scraped(self, *mappings: str, accounts: str = "") -> Daemon:
        return self.daemon(*mappings, accounts=accounts, http=http_table(f"127.0.0.1:{self.port}"))

    def firing(self) -> set:
        """Each as its name and whom it names."""
        return {(labels["alertname"].removeprefix("Certferry"),
                 labels.get("mapping") or labels.get("account") or labels.get("notifier") or "")
                for labels in self.prometheus.firing()}

    def wait_for_alerts(self, *expected: tuple):
        """Until exactly these fire."""
        try:
            wait_until(lambda: self.firing() == set(expected), "the alerts that are due fire", 90, interval=0.2)
        except AssertionError as late:
            firing = self.firing()
            raise AssertionError(f"{late}: missing {set(expected) - firing}, unexpected {firing - set(expected)}")

    def account(self, name: str, sandbox: Sandbox, secret_key: str = SECRET_KEY) -> str:
        path = self.directory / f"{name}.credentials.toml"
        path.touch(mode=0o600)
        path.write_text(f'secret_id = "{SECRET_ID}"\nsecret_key = "{secret_key}"\n')
        return account_table(sandbox, name, credentials=f'{{ kind = "file", path = "{path}" }}')

    def test_a_daemon_that_is_well_and_none_at_all(self):
        self.wait_for_alerts(("Absent", ""))
        site = self.site(on_disk=self.new)
        with self.scraped(site.mapping(verify=served_by(site))):
            for metric in ('certferry_target_state{state="deployed"}', "certferry_served_expiry_timestamp_seconds"):
                wait_until(lambda metric=metric: self.prometheus.query(metric), f"{metric} is scraped", 60)
            self.wait_for_alerts()
        self.wait_for_alerts(("Absent", ""))

    def test_each_mapping_in_a_trouble_of_its_own_nobody_who_can_be_told_and_a_bad_reload(self):
        past = WallClock(self.directory)
        past.set_by(-9 * 86400)
        ending = self.authority.issue("www.test.example", days=10, **past.environment)
        other_name = self.authority.issue("other.test.example")
        down, receiver = self.enterContext(Sandbox(self.directory / "down")), Receiver(status=500)
        self.addCleanup(receiver.close)
        nearly_over = Site("nearly-over", self.sandbox, self.directory / "letsencrypt", ending, on_disk=ending)
        unrenewed = self.site("unrenewed", on_disk=self.new)
        cloud_down = self.site("cloud-down", on_disk=self.old, sandbox=down)
        paused = self.site("paused", on_disk=self.old)
        refused = self.site("refused", on_disk=other_name)
        unproven = self.site("unproven", on_disk=self.new)
        locked_out = self.site("locked-out", on_disk=self.new)
        missing = self.site("missing")
        daemon = self.scraped(
            nearly_over.mapping(verify=served_by(nearly_over)), unrenewed.mapping(), paused.mapping(),
            refused.mapping(), unproven.mapping(verify=served_by(refused)), missing.mapping(),
            cloud_down.mapping(account='"down"'), locked_out.mapping(account='"revoked"'),
            f'[notify.ops]\nkind = "webhook"\nurl = "{receiver.url}"\ngather = "300ms"\n',
            accounts=account_table(self.sandbox) + self.account("down", down) + self.account("revoked", self.sandbox, "0" * 32))
        with daemon:
            for site, leaf in ((nearly_over, ending), (unrenewed, self.new), (paused, self.old), (cloud_down, self.old)):
                self.wait_until_done(daemon, site, leaf)
            unrenewed.write(ending)
            down.add_fault("http_status", times=1_000_000)
            cloud_down.write(self.new)
            daemon.certferry("pause", "paused")
            daemon.write_configuration("[daemon")
            daemon.process.send_signal(signal.SIGHUP)
            self.wait_for_alerts(
                ("CertificateExpiring", "nearly-over"), ("ServedExpiring", "nearly-over"), ("RotationRefused", "unrenewed"),
                *(("NotRenewed", name) for name in ("nearly-over", "unrenewed")),
                *(("RotationFailing", name) for name in ("cloud-down", "locked-out", "unproven")),
                ("CredentialsFailing", "revoked"), ("RotationRefused", "refused"), ("NotProven", "unproven"),
                *(("DeployedOlderThanFile", name) for name in ("cloud-down", "refused", "unproven")),
                ("FilesUnusable", "missing"), ("OnHold", "paused"), ("NotifierFailing", "ops"), ("ConfigRefused", ""))

    def test_no_watches_are_left(self):
        if subprocess.run([*WITHOUT_WATCHES, "true"], capture_output=True).returncode != 0:
            self.skipTest("this needs a user namespace")
        daemon = self.scraped(self.site(on_disk=self.old).mapping())
        daemon.wrapper = WITHOUT_WATCHES
        with daemon:
            self.wait_for_alerts(("WatchDegraded", ""))

    def test_nobody_reads_the_log(self):
        daemon = self.scraped(self.site(on_disk=self.old).mapping())
        daemon.process = subprocess.Popen([build_directory() / "certferryd", "--config", daemon.config],
                                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        with daemon.process.stderr as log, socket.socket(socket.AF_UNIX) as control:
            wait_until(lambda: connected(control, daemon.directory / "control.sock"), "the daemon listens")
            lines = control.makefile("rwb")

            def lines_are_lost() -> bool:
                command_often(lines)
                return ("LogLinesDropped", "") in self.firing()
            wait_until(lines_are_lost, "the loss of lines fires", 90)
            daemon.ask_to_end()
            log.read()
        self.assertEqual(daemon.wait(), 0)


def served_by(site: Site) -> str:
    """`verify` of a mapping: the endpoint is this site's, and is looked at until the test is over."""
    return f'{{ endpoint = ["www.test.example@127.0.0.1:{site.port}"], attempts_for = "1h" }}'


def connected(control: socket.socket, path: Path) -> bool:
    return control.connect_ex(str(path)) == 0


def command_often(control):
    """Far more often than lines wait for a reader; each command is one."""
    for _ in range(50):
        control.write(b'{"command":"log-level","level":"info"}\n' * 50)
        control.flush()
        for _ in range(50):
            control.readline()


if __name__ == "__main__":
    unittest.main()
