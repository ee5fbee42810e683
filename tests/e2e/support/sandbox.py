# SPDX-License-Identifier: MIT
"""The local Tencent Cloud as a test has it: certferry-sandbox, and its admin interface."""

import json
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from .paths import build_directory
from .waiting import wait_until

SECRET_ID = "AKIDEXAMPLE0000000000000000000000000"
SECRET_KEY = "EXAMPLEKEY00000000000000000000000"


class Refused(Exception):
    """The admin interface said no; `status` is HTTP's."""

    def __init__(self, status: int, sentence: str):
        super().__init__(sentence)
        self.status = status


class Sandbox:
    """Runs while the `with` block does. `api`, `admin`, `metadata` are URLs, `ca` is the path of the API's CA."""

    def __init__(self, directory: Path, *arguments: str):
        directory.mkdir(parents=True, exist_ok=True)
        self._ready = directory / "ready.json"
        self._log = open(directory / "sandbox.log", "wb")
        self.process = subprocess.Popen(
            [build_directory() / "certferry-sandbox", "--directory", directory, *arguments],
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)
        try:
            ready = wait_until(self._read_ready, "the sandbox listens")
        except BaseException:
            self.stop()
            raise
        self.api, self.admin, self.ca = ready["api"], ready["admin"], Path(ready["ca"])
        self.metadata = ready["metadata"]
        self.port = int(self.api.rsplit(":", 1)[1])

    def _read_ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the sandbox ended with {self.process.returncode}: see {self._log.name}")
        ours = json.loads(self._ready.read_text()) if self._ready.exists() else None
        return ours if ours and ours["pid"] == self.process.pid else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self) -> int:
        """Ends it with SIGTERM; its exit code."""
        self.process.terminate()
        try:
            return self.process.wait(timeout=20)
        finally:
            self.process.kill()
            self._log.close()

    def call(self, method: str, path: str, **fields):
        body = json.dumps(fields).encode() if method == "POST" else None
        request = urllib.request.Request(self.admin + path, data=body, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            with refusal:
                raise Refused(refusal.code, json.load(refusal)["error"]) from None

    def add_certificate(self, leaf, alias: str = "") -> str:
        """Stores a Leaf as a person would at the console; its id."""
        return self.call("POST", "/certificates", pem=leaf.fullchain, key=leaf.key, alias=alias)["id"]

    def add_certificate_files(self, live: Path, alias: str = "") -> str:
        """The same, from the directory in which certbot keeps it."""
        pem, key = ((live / file).read_text() for file in ("fullchain.pem", "privkey.pem"))
        return self.call("POST", "/certificates", pem=pem, key=key, alias=alias)["id"]

    def add_client_ca(self, pem: str, alias: str = "") -> str:
        return self.call("POST", "/certificates", pem=pem, type="CA", alias=alias)["id"]

    def add_listener(self, listener: str, cert_id: str, load_balancer: str = "lb-test", **fields) -> int:
        """Opens a TLS listener; its port."""
        return self.call("POST", "/listeners", load_balancer=load_balancer, listener=listener, cert_id=cert_id,
                         **fields)["port"]

    def add_sni_listener(self, listener: str, rules: dict, load_balancer: str = "lb-test", **fields) -> int:
        """Opens a TLS listener with a certificate id for each domain; its port."""
        rules = [{"domains": [domain], "cert_id": cert_id} for domain, cert_id in rules.items()]
        return self.call("POST", "/listeners", load_balancer=load_balancer, listener=listener, sni=True, rules=rules,
                         **fields)["port"]

    def bind(self, listener: str, cert_id: str, load_balancer: str = "lb-test", **fields):
        """An edit at the console."""
        self.call("POST", "/bindings", load_balancer=load_balancer, listener=listener, cert_id=cert_id, **fields)

    def add_fault(self, kind: str, **fields):
        self.call("POST", "/faults", kind=kind, **fields)

    def clear_faults(self):
        self.call("DELETE", "/faults")

    def set_credentials(self, secret_id: str, secret_key: str, enabled: bool = True, **fields):
        self.call("POST", "/credentials", secret_id=secret_id, secret_key=secret_key, enabled=enabled, **fields)

    def set_roles(self, **fields):
        self.call("POST", "/roles", **fields)

    def set_clock(self, offset_s: int):
        self.call("POST", "/clock", offset_s=offset_s)

    def set_behaviour(self, **fields):
        self.call("POST", "/behaviour", **fields)

    def state(self) -> dict:
        return self.call("GET", "/state")

    def requests(self, action: str = "") -> list:
        calls = self.call("GET", "/requests")["requests"]
        return [call for call in calls if action in ("", call["action"])]

    def bound(self, listener: str, domain: str = "") -> str:
        """The id of the server certificate that is bound to a listener, or to its rule of a domain."""
        entry = self.find_listener(listener)
        if domain:
            entry = next(rule for rule in entry["rules"] if domain in rule["domains"])
        return entry["cert_id"]

    def find_listener(self, listener: str) -> dict:
        return next(entry for entry in self.state()["listeners"] if entry["listener"] == listener)

    def find_certificate(self, cert_id: str) -> dict:
        return next(entry for entry in self.state()["certificates"] if entry["id"] == cert_id)
