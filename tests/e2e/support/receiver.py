# SPDX-License-Identifier: MIT
"""Where notifications go: a webhook's receiver, or the robot of a WeCom group, which can be made to fail."""

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    def __init__(self, status: int = 200, answer: dict | None = None):
        self.status, self.answer = status, answer or {}
        self.requests = []  # (path, headers, body) of those that were answered well
        self.refused = 0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.status == 200:
                    receiver.requests.append((self.path, self.headers, body))
                else:
                    receiver.refused += 1
                text = json.dumps(receiver.answer).encode()
                self.send_response(receiver.status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return "http://127.0.0.1:%d/told" % self._server.server_address[1]

    def messages(self) -> list:
        return [json.loads(body) for _, _, body in self.requests]

    def events(self) -> list:
        """(event, mapping) of all messages, in their order."""
        return [(event["event"], event.get("mapping")) for message in self.messages() for event in message["events"]]

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def signature(secret: str, headers, body: bytes) -> str:
    """What a receiver computes, by the words of standardwebhooks.com."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
