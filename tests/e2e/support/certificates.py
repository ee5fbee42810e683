# SPDX-License-Identifier: MIT
"""Certificates made with the openssl command, and the files as certbot leaves them."""

import hashlib
import os
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
RSA = ["-newkey", "rsa:2048"]


def openssl(*arguments, stdin: str = "", **environment: str) -> str:
    done = subprocess.run(["openssl", *map(str, arguments)], input=stdin, capture_output=True, text=True,
                          env=os.environ | environment)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {arguments[0]}: {done.stderr}")
    return done.stdout


def leaf_fingerprint(pem: str) -> str:
    """SHA-256 of the first certificate of a text."""
    first = pem[:pem.index("-----END CERTIFICATE-----")] + "-----END CERTIFICATE-----"
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(first)).hexdigest()


@dataclass(frozen=True)
class Leaf:
    """One issued certificate: PEM texts, and what it is known by."""

    certificate: str
    chain: str  # the issuers, without the root
    key: str
    self_signed: bool = False

    @property
    def fullchain(self) -> str:
        return self.certificate + self.chain

    @property
    def fingerprint(self) -> str:
        return leaf_fingerprint(self.certificate)


class Authority:
    """A CA as public ones are: a root, and an intermediate that signs the leaves and is their chain."""

    def __init__(self, name: str = "certferry test CA"):
        self._serial = 1
        root = _self_signed(f"{name} root")
        self.root = root.certificate
        self._intermediate = _sign(root, [f"{name} intermediate"], self._next_serial(), 3650, EC, [
            "basicConstraints=critical,CA:TRUE,pathlen:0", "keyUsage=critical,keyCertSign,cRLSign"])

    def issue(self, *names: str, days: int = 90, kind: list = EC, usage: str = "serverAuth", **environment: str) -> Leaf:
        """A leaf on a new key for DNS names, the first of them also its common name; valid from now on, or from another
        time in a WallClock's environment."""
        return _sign(self._intermediate, names, self._next_serial(), days, kind, [
            "basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature", f"extendedKeyUsage={usage}",
            "subjectAltName=" + ",".join(f"DNS:{name}" for name in names)], **environment)

    def _next_serial(self) -> int:
        self._serial += 1
        return self._serial


def _self_signed(name: str) -> Leaf:
    with TemporaryDirectory() as directory:
        key = Path(directory) / "key.pem"
        certificate = openssl("req", "-x509", *EC, "-nodes", "-keyout", key, "-subj", f"/CN={name}", "-days", 3650,
                              "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        return Leaf(certificate, "", key.read_text(), self_signed=True)


def _sign(issuer: Leaf, names, serial: int, days: int, kind: list, extensions: list, **environment: str) -> Leaf:
    with TemporaryDirectory() as directory:
        place = Path(directory)
        key, ca, ca_key, extension_file = (place / name for name in ("key", "ca", "ca-key", "extensions"))
        ca.write_text(issuer.certificate)
        ca_key.write_text(issuer.key)
        identifiers = ["subjectKeyIdentifier=hash", "authorityKeyIdentifier=keyid"]
        extension_file.write_text("\n".join(extensions + identifiers) + "\n")
        request = openssl("req", "-new", *kind, "-nodes", "-keyout", key, "-subj", f"/CN={names[0]}")
        certificate = openssl("x509", "-req", "-CA", ca, "-CAkey", ca_key, "-set_serial", serial, "-days", days,
                              "-extfile", extension_file, stdin=request, **environment)
        # A chain leaves the root out: whoever trusts it has it.
        chain = "" if issuer.self_signed else issuer.certificate + issuer.chain
        return Leaf(certificate, chain, key.read_text())


def split_chain(pem: str) -> tuple:
    """The leaf, and the issuers behind it."""
    end = "-----END CERTIFICATE-----\n"
    leaf, chain = pem.split(end, 1)
    return leaf + end, chain


def tencent_form(leaf: Leaf) -> tuple:
    """Chain and key as the API takes them: no newline at the end, the key as PKCS#1 or SEC1."""
    return leaf.fullchain.strip(), openssl("pkey", "-traditional", stdin=leaf.key).strip()


class CertbotLineage:
    """live/NAME and archive/NAME below `root`, written in certbot's order of operations."""

    FILES = ("cert", "privkey", "chain", "fullchain")

    def __init__(self, root: Path, name: str, leaf: Leaf):
        self.live, self.archive = root / "live" / name, root / "archive" / name
        for directory in (self.live, self.archive):
            directory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            directory.mkdir()
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
