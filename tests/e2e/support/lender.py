# SPDX-License-Identifier: MIT
"""The services that lend temporary credentials: a CVM's metadata service and STS."""

import json
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from .certificates import Leaf
from .sandbox import Sandbox

ROLE = "CVM_QCSRole"
PATH = "/latest/meta-data/cam/security-credentials/"


class Lender:
    """Lends new keys of `sandbox` each time, good for `life` seconds, and where it `voids`, takes the ones before
    back at once. `role` is the one that is bound to the CVM."""

    def __init__(self, sandbox: Sandbox):
        self.life, self.role, self.voids = 7200, ROLE, False
        self.lent, self.sts_calls = [], []
        self._sandbox, self._lock, self._servers = sandbox, threading.Lock(), []
        self.metadata = f"http://127.0.0.1:{self._serve(_handler(get=self._metadata))}"
        self.sts = None

    def be_sts(self, identity: Leaf, directory: Path):
        """From now on `sts` is an https address, with the certificate of localhost."""
        chain, key = directory / "sts.pem", directory / "sts.key"
        chain.write_text(identity.fullchain)
        key.write_text(identity.key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, key)
        self.sts = f"https://localhost:{self._serve(_handler(post=self._sts), context)}"

    def stop(self):
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def _serve(self, handler, context: ssl.SSLContext | None = None) -> int:
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        self._servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server.server_address[1]

    def _lend(self) -> dict:
        with self._lock:
            if self.lent and self.voids:
                self._sandbox.set_credentials(*self.lent[-1], enabled=False)
            number = len(self.lent) + 1
            self.lent.append((f"AKIDlent{number:04}", f"lentkeylentkeylentkey{number:04}"))
            secret_id, secret_key = self.lent[-1]
            token = f"tokentokentoken{number:04}"
            self._sandbox.set_credentials(secret_id, secret_key, token=token)
            return {"TmpSecretId": secret_id, "TmpSecretKey": secret_key, "Token": token}

    def _life(self) -> dict:
        return {"ExpiredTime": int(time.time()) + self.life}

    def _metadata(self, path: str) -> tuple:
        if self.role and path == PATH:
            return 200, self.role
        if self.role and path == PATH + self.role:
            return 200, json.dumps(self._lend() | self._life() | {"Code": "Success"})
        return 404, ""

    def _sts(self, headers, body: bytes) -> tuple:
        self.sts_calls.append((headers["X-TC-Action"], headers, json.loads(body)))
        reply = {"Credentials": self._lend()} | self._life() | {"RequestId": f"sts-{len(self.sts_calls)}"}
        return 200, json.dumps({"Response": reply})


def _handler(get=None, post=None):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self._reply(*(get(self.path) if get else (405, "")))

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._reply(*(post(self.headers, body) if post else (405, "")))

        def _reply(self, status: int, text: str):
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_):
            pass

    return Handler
