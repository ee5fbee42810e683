# SPDX-License-Identifier: MIT
"""Certificates by the thousand. The openssl command of the end-to-end tests takes minutes for so many."""

from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from support.certificates import Leaf

NAME = "www.test.example"


def _common_name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


class QuickAuthority:
    """A root, and an intermediate that signs the leaves and is their chain, all on P-256."""

    def __init__(self):
        self._root_key, self._key = (ec.generate_private_key(ec.SECP256R1()) for _ in "12")
        root, self._name = _common_name("certferry bench root"), _common_name("certferry bench intermediate")
        self.root = _pem(self._authority(root, root, self._root_key))
        self._chain = _pem(self._authority(self._name, root, self._key))

    def issue(self, days: int = 90, name: str = NAME) -> Leaf:
        """A leaf on a key of its own."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(_common_name(name), self._name, key, days)
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        return Leaf(_pem(builder.sign(self._key, hashes.SHA256())), self._chain, key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()).decode())

    def _authority(self, subject: x509.Name, issuer: x509.Name, key) -> x509.Certificate:
        builder = self._builder(subject, issuer, key, 3650)
        return builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(
            self._root_key, hashes.SHA256())

    @staticmethod
    def _builder(subject: x509.Name, issuer: x509.Name, key, days: int) -> x509.CertificateBuilder:
        begin = datetime.now(timezone.utc).replace(microsecond=0) - timedelta(hours=1)
        return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
                .serial_number(x509.random_serial_number()).not_valid_before(begin)
                .not_valid_after(begin + timedelta(days=days)))
