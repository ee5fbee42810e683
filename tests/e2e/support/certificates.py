# SPDX-License-Identifier: MIT
"""Certificates made with the openssl command, and the files as certbot leaves them."""

import hashlib
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
RSA = ["-newkey", "rsa:2048"]


def openssl(*arguments, stdin: str = "") -> str:
    done = subprocess.run(["openssl", *map(str, arguments)], input=stdin, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {arguments[0]}: {done.stderr}")
    return done.stdout


@dataclass(frozen=True)
class Leaf:
    """One issued certificate: PEM texts, and what it is known by."""

    certificate: str
    chain: str  # the issuers
    key: str

    @property
    def fullchain(self) -> str:
        return self.certificate + self.chain

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(self.certificate)).hexdigest()


class Authority:
    """A CA: a root that signs leaves itself."""

    def __init__(self, name: str = "certferry test CA"):
        self._serial = 1
        with TemporaryDirectory() as directory:
            key = Path(directory) / "key.pem"
            self.certificate = openssl(
                "req", "-x509", *EC, "-nodes", "-keyout", key, "-subj", f"/CN={name}", "-days", 3650,
                "-addext", "keyUsage=critical,keyCertSign,cRLSign")
            self.key = key.read_text()

    def issue(self, *names: str, days: int = 90, kind: list = EC, usage: str = "serverAuth",
              key_pem: str = "") -> Leaf:
        """A leaf for DNS names, the first of them also its common name, on a new key or on `key_pem`."""
        self._serial += 1
        with TemporaryDirectory() as directory:
            place = Path(directory)
            key, ca, ca_key = place / "key.pem", place / "ca.pem", place / "ca-key.pem"
            ca.write_text(self.certificate)
            ca_key.write_text(self.key)
            key.write_text(key_pem)
            source = ["-key", key] if key_pem else [*kind, "-nodes", "-keyout", key]
            request = openssl("req", "-new", *source, "-subj", f"/CN={names[0]}")
            extensions = place / "extensions"
            extensions.write_text(
                "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
                f"extendedKeyUsage={usage}\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
                "subjectAltName=" + ",".join(f"DNS:{name}" for name in names) + "\n")
            certificate = openssl("x509", "-req", "-CA", ca, "-CAkey", ca_key, "-set_serial", self._serial,
                                  "-days", days, "-extfile", extensions, stdin=request)
            return Leaf(certificate, self.certificate, key.read_text())


def tencent_form(leaf: Leaf) -> tuple:
    """Chain and key as the API takes them: no newline at the end, the key as PKCS#1 or SEC1."""
    return leaf.fullchain.strip(), openssl("pkey", "-traditional", stdin=leaf.key).strip()


class CertbotLineage:
    """live/NAME and archive/NAME below `root`, written in certbot's order of operations."""

    FILES = ("cert", "privkey", "chain", "fullchain")

    def __init__(self, root: Path, name: str, leaf: Leaf):
        self.live, self.archive = root / "live" / name, root / "archive" / name
        self.live.mkdir(parents=True)
        self.archive.mkdir(parents=True)
        self.generation = 1
        for file in self.FILES:
            (self.live / f"{file}.pem").symlink_to(self._target(file))
        self._write(leaf)

    @property
    def fullchain(self) -> Path:
        return self.live / "fullchain.pem"

    @property
    def privkey(self) -> Path:
        return self.live / "privkey.pem"

    def renew(self, leaf: Leaf):
        """New numbered files, then one link after the other: unlink, symlink. The old files stay."""
        previous = {file: (self.archive / f"{file}{self.generation}.pem").resolve() for file in self.FILES}
        self.generation += 1
        self._write(leaf)
        for file, path in previous.items():
            (self.live / f"previous_{file}.pem").symlink_to(path)
        for file in self.FILES:
            link = self.live / f"{file}.pem"
            link.unlink()
            link.symlink_to(self._target(file))
        for file in self.FILES:
            (self.live / f"previous_{file}.pem").unlink()

    def _target(self, file: str) -> Path:
        return Path("../../archive") / self.archive.name / f"{file}{self.generation}.pem"

    def _write(self, leaf: Leaf):
        texts = {"privkey": leaf.key, "cert": leaf.certificate, "chain": leaf.chain, "fullchain": leaf.fullchain}
        for file, text in texts.items():
            path = self.archive / f"{file}{self.generation}.pem"
            path.touch(mode=0o600 if file == "privkey" else 0o644)
            path.write_text(text)
