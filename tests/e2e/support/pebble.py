# SPDX-License-Identifier: MIT
"""Real issuing: Pebble, Let's Encrypt's test server, and certbot."""

import json
import os
import socket
import ssl
import subprocess
import urllib.request
from pathlib import Path

from .certificates import EC, openssl
from .waiting import wait_until


class Pebble:
    """Runs while the `with` block does. It holds every name for proven. `directory_url` is the ACME server,
    `ca` the file with which its HTTPS is verified."""

    def __init__(self, directory: Path):
        directory.mkdir(parents=True)
        self.ca = directory / "ca.pem"
        key = directory / "key.pem"
        openssl("req", "-x509", *EC, "-nodes", "-keyout", key, "-out", self.ca, "-subj", "/CN=pebble", "-days", 10,
                "-addext", "subjectAltName=IP:127.0.0.1")
        acme, management, self.challenge_port, tls = free_ports(4)
        self.directory_url, self._management = f"https://127.0.0.1:{acme}/dir", f"https://127.0.0.1:{management}"
        configuration = directory / "pebble.json"
        configuration.write_text(json.dumps({"pebble": {
            "listenAddress": f"127.0.0.1:{acme}", "managementListenAddress": f"127.0.0.1:{management}",
            "certificate": str(self.ca), "privateKey": str(key), "httpPort": self.challenge_port, "tlsPort": tls,
            "ocspResponderURL": "", "externalAccountBindingRequired": False}}))
        self._log = open(directory / "pebble.log", "wb")
        quick = {"PEBBLE_VA_ALWAYS_VALID": "1", "PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0"}
        self._process = subprocess.Popen(["pebble", "-config", configuration], stdin=subprocess.DEVNULL,
                                         stdout=self._log, stderr=self._log, env=os.environ | quick)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._log.close()

    def root(self) -> str:
        """The PEM of the root that it issues from. Waits until it listens."""
        return wait_until(self._fetch_root, "Pebble listens")

    def _fetch_root(self):
        context = ssl.create_default_context(cafile=self.ca)
        try:
            with urllib.request.urlopen(f"{self._management}/roots/0", context=context, timeout=20) as answer:
                return answer.read().decode()
        except OSError:
            return None


class Certbot:
    """certbot with its files below `directory`."""

    def __init__(self, pebble: Pebble, directory: Path):
        self._pebble, self.config = pebble, directory / "config"
        self._places = ["--config-dir", self.config, "--work-dir", directory / "work", "--logs-dir", directory / "logs"]

    def issue(self, name: str):
        self._run("certonly", "--server", self._pebble.directory_url, "--agree-tos", "-m", "t@test.example",
                  "--standalone", "--http-01-address", "127.0.0.1", "--http-01-port", self._pebble.challenge_port,
                  "--cert-name", name, "-d", name)

    def renew(self):
        self._run("renew", "--force-renewal", "--no-random-sleep-on-renew")

    def _run(self, command: str, *arguments):
        done = subprocess.run(["certbot", command, "-n", *map(str, self._places), *map(str, arguments)],
                              capture_output=True, text=True, env=os.environ | {"REQUESTS_CA_BUNDLE": str(self._pebble.ca)})
        if done.returncode != 0:
            raise RuntimeError(f"certbot {command}: {done.stdout}{done.stderr}")


def free_ports(count: int) -> list:
    """Ports of 127.0.0.1 that were free just now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
