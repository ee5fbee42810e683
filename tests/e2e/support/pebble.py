# SPDX-License-Identifier: MIT
"""A real ACME server, Pebble, and a real client, certbot, on loopback. Both are Debian's packages."""

import json
import os
import ssl
import subprocess
import urllib.request
from pathlib import Path

from .certificates import EC, openssl
from .ports import free_port
from .waiting import wait_until


class Pebble:
    """Runs while the `with` block does, and issues to anyone who asks."""

    def __init__(self, directory: Path):
        directory.mkdir(parents=True, exist_ok=True)
        self.ca = directory / "ca.pem"
        port, self._management = free_port(), free_port()
        self.url = f"https://127.0.0.1:{port}/dir"
        openssl("req", "-x509", *EC, "-nodes", "-keyout", directory / "key.pem", "-out", self.ca, "-days", 30,
                "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost")
        configuration = directory / "pebble.json"
        configuration.write_text(json.dumps({"pebble": {
            "listenAddress": f"127.0.0.1:{port}",
            "managementListenAddress": f"127.0.0.1:{self._management}",
            "certificate": str(self.ca), "privateKey": str(directory / "key.pem"),
            "httpPort": free_port(), "tlsPort": free_port(),
            "ocspResponderURL": "", "externalAccountBindingRequired": False}}))
        environment = {"PEBBLE_VA_ALWAYS_VALID": "1", "PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0"}
        self._log = open(directory / "pebble.log", "wb")
        self._process = subprocess.Popen(["pebble", "-config", configuration], env=os.environ | environment,
                                         stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)
        try:
            self.root = wait_until(self._read_root, "Pebble answers", timeout=30)
        except BaseException:
            self.stop()
            raise

    def _read_root(self) -> str | None:
        """The root that it issues under, PEM."""
        if self._process.poll() is not None:
            raise AssertionError(f"Pebble ended with {self._process.returncode}: see {self._log.name}")
        context = ssl.create_default_context(cafile=self.ca)
        try:
            with urllib.request.urlopen(f"https://127.0.0.1:{self._management}/roots/0", context=context,
                                        timeout=10) as answer:
                return answer.read().decode()
        except OSError:
            return None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        finally:
            self._process.kill()
            self._log.close()


class Certbot:
    """certbot with a directory of its own. Programs in its renewal-hooks run as it says; what renew() gives is what it
    says."""

    program = "certbot"

    def __init__(self, directory: Path, pebble: Pebble):
        self.directory, self._pebble = directory / "letsencrypt", pebble
        self._common = ["--config-dir", self.directory, "--work-dir", directory / "certbot-work",
                        "--logs-dir", directory / "certbot-logs", "--server", pebble.url, "-n"]

    def issue(self, name: str):
        self._run("certonly", "--agree-tos", "-m", "test@test.example", "--standalone", "--http-01-address",
                  "127.0.0.1", "--http-01-port", free_port(), "--key-type", "ecdsa", "--cert-name", name, "-d", name)

    def renew(self, name: str) -> str:
        return self._run("renew", "--cert-name", name, "--force-renewal", "--no-random-sleep-on-renew", "--http-01-port",
                         free_port())

    def lineage(self, name: str) -> Path:
        return self.directory / "live" / name

    def _run(self, command: str, *arguments) -> str:
        done = subprocess.run(["certbot", command, *map(str, self._common), *map(str, arguments)],
                              env=os.environ | {"REQUESTS_CA_BUNDLE": str(self._pebble.ca)},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            raise RuntimeError(f"certbot {command}: {done.stdout}{done.stderr}")
        return done.stdout + done.stderr
