# SPDX-License-Identifier: MIT
"""A Prometheus of its own, which scrapes what a test serves."""

import json
import subprocess
import urllib.parse
import urllib.request
from pathlib import Path

from .pebble import free_port
from .waiting import wait_until


class Prometheus:
    """Scrapes and evaluates once a second."""

    def __init__(self, directory: Path, target: str, rules: Path | None = None):
        self.directory, self.port = directory, free_port()
        directory.mkdir(exist_ok=True)
        config = {"global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                  "scrape_configs": [{"job_name": "certferry", "static_configs": [{"targets": [target]}]}],
                  "rule_files": [str(rules)] if rules else []}
        self._config = directory / "prometheus.yml"
        self._config.write_text(json.dumps(config))  # JSON is YAML
        self._process = None

    def __enter__(self):
        with open(self.directory / "prometheus.log", "ab") as log:
            self._process = subprocess.Popen(
                ["prometheus", f"--config.file={self._config}", f"--storage.tsdb.path={self.directory / 'data'}",
                 f"--web.listen-address=127.0.0.1:{self.port}"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until(self._is_ready, "Prometheus is ready", 60)
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(timeout=30)
        finally:
            self._process.kill()

    def firing(self) -> set:
        """The names of the alerts that fire."""
        return {alert["labels"]["alertname"] for alert in self._get("alerts")["alerts"] if alert["state"] == "firing"}

    def query(self, expression: str) -> list:
        """Raises HTTPError for what is no PromQL."""
        return self._get("query?" + urllib.parse.urlencode({"query": expression}))["result"]

    def _get(self, path: str) -> dict:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/{path}", timeout=20) as answer:
            return json.load(answer)["data"]

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False
