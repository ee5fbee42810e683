# SPDX-License-Identifier: MIT
"""A real Prometheus, Debian's, and its promtool."""

import json
import subprocess
import urllib.parse
import urllib.request
from pathlib import Path

from .ports import free_port
from .waiting import wait_until


class Prometheus:
    """Runs while the `with` block does, and scrapes `target` ("127.0.0.1:9812") every second, by rules of `rules`."""

    def __init__(self, directory: Path, target: str, rules: tuple = ()):
        directory.mkdir(parents=True, exist_ok=True)
        configuration = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(path) for path in rules],
            "scrape_configs": [{"job_name": "certferry", "static_configs": [{"targets": [target]}]}],
        }
        # JSON is YAML.
        (directory / "prometheus.yml").write_text(json.dumps(configuration))
        self.url = f"http://127.0.0.1:{free_port()}"
        self._log = open(directory / "prometheus.log", "wb")
        self._process = subprocess.Popen(
            ["prometheus", f"--config.file={directory}/prometheus.yml", f"--storage.tsdb.path={directory}/data",
             f"--web.listen-address={self.url.removeprefix('http://')}", "--storage.tsdb.retention.time=1h"],
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)

    def __enter__(self):
        wait_until(lambda: self.query("up"), "Prometheus has scraped once", timeout=60)
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(timeout=30)
        finally:
            self._process.kill()
            self._log.close()

    def get(self, path: str, **parameters) -> dict:
        """The data of an answer of its HTTP API."""
        with urllib.request.urlopen(f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}",
                                    timeout=20) as answer:
            return json.load(answer)["data"]

    def query(self, expression: str) -> list:
        """The samples of an instant query, as (labels, value); none while it does not listen yet."""
        try:
            data = self.get("query", query=expression)
        except OSError:
            return []
        return [(sample["metric"], float(sample["value"][1])) for sample in data["result"]]

    def firing(self) -> list:
        """The labels of the alerts that fire."""
        return [alert["labels"] for alert in self.get("alerts")["alerts"] if alert["state"] == "firing"]


def complaints_about_metrics(text: str) -> str:
    """What promtool has to say of a scraped text; nothing when all is well."""
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
    return done.stdout + done.stderr + ("" if done.returncode == 0 else f"exit code {done.returncode}\n")
