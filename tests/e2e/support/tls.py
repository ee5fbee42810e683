# SPDX-License-Identifier: MIT
"""What a TLS port serves."""

import hashlib
import socket
import ssl
from pathlib import Path
from tempfile import TemporaryDirectory

from .certificates import Leaf


def served_fingerprint(port: int, server_name: str = "", client: Leaf | None = None, host: str = "127.0.0.1",
                       algorithm: str = "") -> str:
    """SHA-256 of the leaf that a handshake shows. The certificate is not judged. Raises OSError when the
    handshake fails; a refused or missing client certificate shows in it too. A client of `algorithm` ("RSA" or
    "ECDSA") understands certificates of that one only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if client:
        _present(context, client)
    if algorithm:
        context.maximum_version = ssl.TLSVersion.TLSv1_2  # later ones choose it apart from the cipher
        context.set_ciphers(f"ECDHE-{algorithm}-AES128-GCM-SHA256")
    with socket.create_connection((host, port), timeout=20) as connection:
        with context.wrap_socket(connection, server_hostname=server_name or None) as tls:
            fingerprint = hashlib.sha256(tls.getpeercert(binary_form=True)).hexdigest()
            # With TLS 1.3 the server judges the client only after the client's side of the handshake is done.
            tls.sendall(b"GET / HTTP/1.1\r\nHost: probe\r\n\r\n")
            if not tls.recv(1):
                raise ConnectionError("the server closed the connection")
            return fingerprint


def _present(context: ssl.SSLContext, client: Leaf):
    with TemporaryDirectory() as directory:
        pem = Path(directory) / "client.pem"
        pem.touch(mode=0o600)
        pem.write_text(client.fullchain + client.key)
        context.load_cert_chain(pem)
