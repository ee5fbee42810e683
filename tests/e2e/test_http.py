# SPDX-License-Identifier: MIT
"""What is told over HTTP: the metrics, as promtool and a real Prometheus take them, the status and the health."""

import json
import unittest

from support.daemon import http_table
from support.daemon_case import DaemonCase
from support.ports import free_port
from support.prometheus import Prometheus, complaints_about_metrics
from support.waiting import wait_until
from support.web import get


class HttpCase(DaemonCase):
    def serving(self, *mappings: str, **keys):
        """A daemon whose HTTP server is at `self.port`."""
        self.port = free_port()
        daemon = self.daemon(*mappings, http=http_table(f"127.0.0.1:{self.port}", **keys))
        daemon.start()
        daemon.wait_for_log("daemon.ready")
        return daemon

    def deployed(self):
        site = self.site(on_disk=self.new)
        daemon = self.serving(site.mapping(verify=f'{{ endpoint = ["www.test.example@127.0.0.1:{site.port}"] }}'))
        self.wait_until_done(daemon, site, self.new)
        return daemon, site


class Metrics(HttpCase):
    def test_promtool_has_nothing_to_say(self):
        self.deployed()
        page = get(self.port, "/metrics")
        self.assertEqual(page.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        self.assertEqual(complaints_about_metrics(page.text), "")
        self.assertIn('certferry_api_requests_total{account="default",action="ReplaceCert",class="ok"} 1\n', page.text)

    def test_a_real_prometheus_sees_a_renewal_and_a_target_that_cannot_go_on(self):
        _, site = self.deployed()
        with Prometheus(self.directory / "prometheus", f"127.0.0.1:{self.port}") as prometheus:
            def value(expression: str):
                return next((value for _, value in prometheus.query(expression)), None)
            self.assertEqual(value("up"), 1)
            wait_until(lambda: value('certferry_target_state{mapping="www",state="deployed"}') == 1, "it is deployed")
            for what in ("file", "deployed", "served"):
                self.assertAlmostEqual(value(f"(certferry_{what}_expiry_timestamp_seconds - time()) / 86400"), 90, delta=1)
            self.assertLess(value("time() - certferry_target_last_proven_timestamp_seconds"), 3600)
            self.sandbox.add_fault("http_status", action="ReplaceCert", times=1000)
            site.write(self.newer)
            wait_until(lambda: value('certferry_target_state{state="waiting"}') == 1, "it waits", timeout=60)
            self.assertEqual(value('certferry_target_state{state="deployed"}'), None)
            self.assertEqual(value("certferry_target_in_sync"), 0)
            wait_until(lambda: value("certferry_target_consecutive_failures") >= 1, "its failures are counted")


class Status(HttpCase):
    def test_it_is_what_the_command_says(self):
        daemon, _ = self.deployed()

        def told() -> tuple:
            said, page = json.loads(daemon.certferry("status", "-o", "json")), get(self.port, "/status.json").json()
            del said["taken"], page["taken"]
            return said, page
        wait_until(lambda: len({json.dumps(one, sort_keys=True) for one in told()}) == 1, "both say the same")
        target = told()[1]["targets"][0]
        self.assertEqual(target["state"], "deployed")
        self.assertEqual(target["endpoints"][0]["fingerprint"], self.new.fingerprint)

    def test_it_is_sent_again_only_when_it_has_changed(self):
        daemon, _ = self.deployed()
        wait_until(lambda: get(self.port, "/status.json").json()["targets"][0]["state"] == "deployed", "it is told")
        etag = get(self.port, "/status.json").headers["ETag"]
        self.assertEqual(get(self.port, "/status.json", If_None_Match=etag).status, 304)
        daemon.certferry("pause", "www")
        wait_until(lambda: get(self.port, "/status.json", If_None_Match=etag).status == 200, "the change is sent")

    def test_what_is_served_is_known_after_a_restart_too_and_when_it_is_not_what_is_deployed(self):
        daemon, site = self.deployed()
        daemon.term()
        site.sandbox.bind(site.listener, site.sandbox.add_certificate(self.newer))
        daemon.start()

        def served() -> dict:
            return get(self.port, "/status.json").json()["targets"][0]["endpoints"][0]
        daemon.wait_for_log("daemon.ready")
        wait_until(lambda: served().get("fingerprint") == self.newer.fingerprint, "what is served is looked at", 60)
        self.assertIn(f'certferry_probe_success{{mapping="www",endpoint="{served()["endpoint"]}"}} 1\n',
                      get(self.port, "/metrics").text)

    def test_recent_rotations_and_the_history(self):
        self.deployed()
        rotation = get(self.port, "/recent.json").json()["rotations"][0]
        self.assertEqual((rotation["mapping"], rotation["state"], rotation["over"]), ("www", "done", True))
        self.assertEqual(rotation["steps"][0]["state"], "planned")
        self.assertAlmostEqual(rotation["seconds"], sum(step["seconds"] for step in rotation["steps"]), places=2)
        history = get(self.port, "/history.json?mapping=www").json()
        self.assertEqual(len(history["targets"][0]["succession"]), 2)


class Health(HttpCase):
    def test_alive_and_ready(self):
        self.serving(self.site(on_disk=self.old).mapping())
        self.assertEqual(get(self.port, "/healthz").status, 200)
        wait_until(lambda: get(self.port, "/readyz").status == 200, "every lineage was looked at")
        self.assertIn("[+] journal: can be read", get(self.port, "/readyz").text)
        self.assertTrue(get(self.port, "/readyz", Accept="application/json").json()["ready"])

    def test_a_cloud_that_is_down_keeps_nobody_from_being_ready(self):
        self.sandbox.add_fault("http_status", times=1000)
        self.serving(self.site(on_disk=self.new).mapping())
        wait_until(lambda: get(self.port, "/readyz").status == 200, "it is ready")


class Reach(HttpCase):
    def test_a_page_elsewhere_cannot_ask(self):
        self.serving(self.site().mapping(), hosts='["status.example.com"]')
        for host, status in (("evil.example", 421), ("status.example.com", 200), (f"localhost:{self.port}", 200)):
            self.assertEqual(get(self.port, "/status.json", Host=host).status, status, host)

    def test_a_socket_in_the_file_system(self):
        daemon = self.daemon(self.site().mapping())
        with daemon:
            daemon.wait_for_log("daemon.ready")
            place = self.directory / "http.sock"
            self.assertEqual(get(place, "/healthz").status, 200)
            self.assertEqual(place.stat().st_mode & 0o777, 0o660)
        self.assertFalse(place.exists())

    def test_a_port_that_is_taken_keeps_no_certificate_from_being_carried(self):
        self.serving(self.site().mapping())
        taken = self.port
        self.directory = self.directory / "second"
        self.directory.mkdir()
        site = self.site("second", on_disk=self.new)
        daemon = self.daemon(site.mapping(), http=http_table(f"127.0.0.1:{taken}"))
        with daemon:
            self.wait_until_done(daemon, site, self.new)
            self.assertIn("http.unavailable", daemon.log())


if __name__ == "__main__":
    unittest.main()
