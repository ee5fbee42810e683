# SPDX-License-Identifier: MIT
"""The daemon's HTTP server, asked as a scraper or a proxy asks it."""

import http.client
import json
import socket
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Page:
    status: int
    headers: http.client.HTTPMessage
    text: str

    def json(self) -> dict:
        return json.loads(self.text)


class _SocketFile(http.client.HTTPConnection):
    def __init__(self, path: Path):
        super().__init__("localhost", timeout=60)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def connect(at: Path | int) -> http.client.HTTPConnection:
    """To a server at a port of loopback, or at a socket in the file system."""
    return _SocketFile(at) if isinstance(at, Path) else http.client.HTTPConnection("127.0.0.1", at, timeout=60)


def get(at: Path | int, path: str, method: str = "GET", **headers: str) -> Page:
    """As connect(). '_' in headers' names is '-'."""
    connection = connect(at)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return Page(answer.status, answer.headers, answer.read().decode())
    finally:
        connection.close()
