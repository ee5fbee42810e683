# SPDX-License-Identifier: MIT
"""The real ACME clients besides certbot, each with a directory of its own, at Pebble: those that Debian has, and acme.sh.
They renew when they are told to, and then run the `hook` that they have been given. What renew() gives is what the client
says."""

import json
import os
import subprocess
import time
from pathlib import Path

from .mounts import IN_OWN_MOUNTS
from .pebble import Pebble, free_port
from .waiting import wait_until


class Lego:
    program = "lego"
    hook: Path | None = None

    def __init__(self, directory: Path, pebble: Pebble):
        self.directory, self._pebble = directory / "lego", pebble

    def issue(self, name: str):
        self._run(name, "run")

    def renew(self, name: str) -> str:
        hook = ["--renew-hook", self.hook] if self.hook else []
        return self._run(name, "renew", "--days", "99999", "--no-random-sleep", *hook)

    def files(self, name: str) -> tuple[Path, Path]:
        certificates = self.directory / "certificates"
        return certificates / f"{name}.crt", certificates / f"{name}.key"

    def _run(self, name: str, *command: str) -> str:
        return run("lego", "--server", self._pebble.url, "--path", self.directory, "--accept-tos",
                   "--email", "test@test.example", "--http", "--http.port", f"127.0.0.1:{free_port()}",
                   "--key-type", "ec256", "-d", name, *command, LEGO_CA_CERTIFICATES=self._pebble.ca)


class Dehydrated:
    program = "dehydrated"
    hook: Path | None = None

    def __init__(self, directory: Path, pebble: Pebble):
        self.directory = directory / "dehydrated"
        (self.directory / "challenges").mkdir(parents=True)
        self._config = self.directory / "config"
        self._config.write_text(f"""CA="{pebble.url}"
BASEDIR="{self.directory}"
WELLKNOWN="{self.directory}/challenges"
DOMAINS_TXT="{self.directory}/domains.txt"
CURL_OPTS="--cacert {pebble.ca}"
KEY_ALGO=prime256v1
""")

    def issue(self, name: str):
        (self.directory / "domains.txt").write_text(name + "\n")
        self._run("--register", "--accept-terms")
        self._run("--cron")

    def renew(self, name: str) -> str:
        hook = ["--hook", self.hook] if self.hook else []
        return self._run("--cron", "--force", "--domain", name, *hook)

    def files(self, name: str) -> tuple[Path, Path]:
        certificate = self.directory / "certs" / name
        return certificate / "fullchain.pem", certificate / "privkey.pem"

    def _run(self, *arguments: str) -> str:
        return run("dehydrated", "--config", self._config, *arguments)


class AcmeSh:
    """Its hook is a line for the shell rather than a program. Debian does not have it: it runs where it is on the PATH."""

    program = "acme.sh"

    def __init__(self, directory: Path, pebble: Pebble):
        self.directory, self._challenges = directory / "acme.sh", directory / "challenges"
        self.directory.mkdir()
        self._pebble = pebble

    def issue(self, name: str):
        self._run("--issue", "--domain", name, "--webroot", self._challenges, "--keylength", "ec-256")

    def renew(self, name: str) -> str:
        return self._run("--renew", "--force", "--ecc", "--domain", name)

    def install_hook(self, name: str, line: str):
        """acme.sh also runs it at once."""
        self._run("--install-cert", "--ecc", "--domain", name, "--reloadcmd", line)

    def files(self, name: str) -> tuple[Path, Path]:
        certificate = self.directory / f"{name}_ecc"
        return certificate / "fullchain.cer", certificate / f"{name}.key"

    def _run(self, *arguments) -> str:
        return run("acme.sh", "--home", self.directory, "--config-home", self.directory, "--server", self._pebble.url,
                   "--ca-bundle", self._pebble.ca, "--no-color", *arguments)


class Uacme:
    """It keeps the key in another directory than the certificate, and for good. It trusts the system's CAs only. The
    certificate that it replaces it keeps as cert-SECOND.pem: a second renewal within that second would fail."""

    program = "uacme"

    def __init__(self, directory: Path, pebble: Pebble):
        self.directory, self._pebble = directory / "uacme", pebble

    def issue(self, name: str):
        self._run("new", "test@test.example")
        self._run("issue", name)

    def renew(self, name: str):
        wait_until(lambda: not (self.directory / name / f"cert-{int(time.time())}.pem").exists(), "the next second")
        self._run("--force", "issue", name)

    def files(self, name: str) -> tuple[Path, Path]:
        return self.directory / name / "cert.pem", self.directory / "private" / name / "key.pem"

    def _run(self, *command: str):
        trusting = 'mount --bind "$0" /etc/ssl/certs/ca-certificates.crt && exec "$@"'
        run(*IN_OWN_MOUNTS, "sh", "-c", trusting, self._pebble.ca, "uacme", "--acme-url", self._pebble.url,
            "--confdir", self.directory, "--yes", "--type", "EC", "--bits", "256", "--hook", "/bin/true", *command)


class Caddy:
    """Caddy renews by itself, and at its start when a certificate is due: here each run is one issue or renewal."""

    program = "caddy"

    def __init__(self, directory: Path, pebble: Pebble):
        self.directory, self._pebble = directory / "caddy", pebble

    def issue(self, name: str):
        self._run_until_written(name, due_from=1 / 3)

    def renew(self, name: str):
        self._run_until_written(name, due_from=1)

    def files(self, name: str) -> tuple[Path, Path]:
        """Those of the only issuer."""
        home, = (self.directory / "certificates").glob(f"*/{name}")
        return home / f"{name}.crt", home / f"{name}.key"

    def _run_until_written(self, name: str, due_from: float):
        """`due_from` is how much of its time a certificate has left when it is due."""
        self.directory.mkdir(exist_ok=True)
        config = self.directory.with_suffix(".json")
        config.write_text(json.dumps(self._config(name, due_from)))
        before = self._last_written(name)
        with open(self.directory.with_suffix(".log"), "ab") as log:
            process = subprocess.Popen(["caddy", "run", "--config", config], stdin=subprocess.DEVNULL, stdout=log,
                                       stderr=log, env=os.environ | {"HOME": str(self.directory)})
        try:
            wait_until(lambda: self._last_written(name) not in (None, before), "Caddy has written a certificate", 60)
        finally:
            process.terminate()
            process.wait(timeout=30)

    def _last_written(self, name: str):
        """NAME.json is what Caddy writes last."""
        return next((file.stat().st_mtime_ns for file in self.directory.glob(f"certificates/*/{name}/{name}.json")
                     if file.stat().st_size > 0), None)

    def _config(self, name: str, due_from: float) -> dict:
        issuer = {"module": "acme", "ca": self._pebble.url, "email": "test@test.example",
                  "trusted_roots_pem_files": [str(self._pebble.ca)],
                  "challenges": {"tls-alpn": {"disabled": True}, "bind_host": "127.0.0.1",
                                 "http": {"alternate_port": free_port()}}}
        policy = {"issuers": [issuer], "renewal_window_ratio": due_from, "disable_ocsp_stapling": True}
        return {"admin": {"disabled": True, "config": {"persist": False}},
                "storage": {"module": "file_system", "root": str(self.directory)},
                "apps": {"tls": {"certificates": {"automate": [name]}, "automation": {"policies": [policy]}}}}


def run(*command, **environment) -> str:
    done = subprocess.run([*map(str, command)], env=os.environ | {k: str(v) for k, v in environment.items()},
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stdout}{done.stderr}")
    return done.stdout + done.stderr
