# SPDX-License-Identifier: MIT
"""The alert rules and the dashboard: by promtool, and in a Prometheus that scrapes metrics in which each is due."""

import json
import re
import subprocess
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from support.paths import project_directory
from support.prometheus import Prometheus
from support.waiting import wait_until

RULES = project_directory() / "packaging" / "prometheus" / "certferry.rules.yml"
DASHBOARD = project_directory() / "packaging" / "grafana" / "certferry.json"
DATA = Path(__file__).parent / "data"
TARGET = 'mapping="www",account="default",old_cert_id="4b9fc92b"'

# Everything that can be wrong at once; {scrape} grows with each scrape.
TROUBLE = """certferry_build_info{{version="test"}} 1
certferry_file_expiry_timestamp_seconds{{mapping="www"}} {soon}
certferry_file_expiry_timestamp_seconds{{mapping="shop"}} {late}
certferry_deployed_expiry_timestamp_seconds{{{target}}} {sooner}
certferry_served_expiry_timestamp_seconds{{mapping="www",endpoint="www:443"}} {sooner}
certferry_target_state{{{target},state="waiting"}} 1
certferry_target_state{{{target},state="held"}} 1
certferry_target_state{{{target},state="rotating"}} 1
certferry_target_state{{{target},state="unusable"}} 1
certferry_target_state{{mapping="shop",account="default",old_cert_id="5h0p0000",state="on_hold"}} 1
certferry_api_requests_total{{account="default",action="DescribeListeners",class="credentials"}} {scrape}
certferry_notifications_total{{notifier="ops",outcome="failed"}} {scrape}
certferry_config_last_reload_successful 0
certferry_watch_polled_lineages 3
certferry_log_lines_dropped_total {scrape}
"""


class Exporter:
    """Serves metrics. What is on disk loses life from scrape to scrape, as a certificate does from month to month."""

    def __init__(self):
        self.text, self.scrapes = "", 0
        exporter = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                body = exporter.next_text().encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)

    def next_text(self) -> str:
        self.scrapes += 1
        now = time.time()
        return self.text.format(target=TARGET, scrape=self.scrapes, late=now + 90 * 86400,
                                soon=now + (90 * 86400 if self.scrapes < 3 else 86400), sooner=now + 3600)

    @property
    def address(self) -> str:
        return "127.0.0.1:%d" % self._server.server_address[1]

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Alerts(unittest.TestCase):
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

    def test_each_alert_fires_in_a_prometheus_and_only_then(self):
        directory = self.directory()
        # Without the time that each has to last; what a month is to the rules is seconds here.
        quick = re.sub(r"for: \w+", "for: 0s", RULES.read_text()).replace("[31d:6h]", "[1m:1s]")
        (directory / "quick.rules.yml").write_text(quick)
        alerts = set(re.findall(r"alert: (\w+)", quick))
        self.assertGreater(len(alerts), 10)
        with Exporter() as exporter, Prometheus(directory / "prometheus", exporter.address,
                                                (directory / "quick.rules.yml",)) as prometheus:
            wait_until(lambda: prometheus.firing() == {"CertferryAbsent"}, "nothing but the absence is told", 60)
            exporter.text = TROUBLE
            exporter.scrapes = 0
            wait_until(lambda: prometheus.firing() == alerts - {"CertferryAbsent"},
                       "all the others fire", 90)

    def test_the_dashboard_asks_for_what_prometheus_understands(self):
        dashboard = json.loads(DASHBOARD.read_text())
        expressions = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
        self.assertGreater(len(expressions), 10)
        with Exporter() as exporter, Prometheus(self.directory() / "prometheus", exporter.address) as prometheus:
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


if __name__ == "__main__":
    unittest.main()
