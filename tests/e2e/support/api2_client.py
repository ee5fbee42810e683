# SPDX-License-Identifier: MIT
"""A second, independent client of API 2.0, for tests of the sandbox itself."""

import base64
import hashlib
import hmac
import http.client
import itertools
import json
import ssl
import time
import urllib.parse
from dataclasses import dataclass

from .sandbox import SECRET_ID, SECRET_KEY, Sandbox

PATH = "/v2/index.php"
_nonces = itertools.count(1)


@dataclass
class Answer:
    status: int
    date: str
    body: bytes

    def json(self) -> dict:
        return json.loads(self.body)


class Api2Client:
    def __init__(self, sandbox: Sandbox, secret_id: str = SECRET_ID, secret_key: str = SECRET_KEY):
        self._port = sandbox.port
        self._context = ssl.create_default_context(cafile=sandbox.ca)
        self._secret_id, self._secret_key = secret_id, secret_key

    def call(self, action: str, **parameters) -> dict:
        return self.send(self.signed(action, parameters)).json()

    def signed(self, action: str, parameters: dict, method: str = "POST", host: str = "127.0.0.1") -> dict:
        """All parameters of a request, with its signature. What is given may override the common ones."""
        everything = {"Action": action, "Region": "ap-guangzhou", "SecretId": self._secret_id,
                      "SignatureMethod": "HmacSHA256", "Timestamp": int(time.time()), "Nonce": next(_nonces),
                      **parameters}
        text = f"{method}{host}{PATH}?" + "&".join(f"{name}={everything[name]}" for name in sorted(everything))
        digest = hashlib.sha256 if everything["SignatureMethod"] == "HmacSHA256" else hashlib.sha1
        mac = hmac.digest(self._secret_key.encode(), text.encode(), digest)
        return everything | {"Signature": base64.b64encode(mac).decode()}

    def begin(self, parameters: dict, method: str = "POST") -> http.client.HTTPSConnection:
        """Sends a request, and leaves its answer to be read."""
        form = urllib.parse.urlencode(parameters)
        connection = http.client.HTTPSConnection("127.0.0.1", self._port, context=self._context, timeout=20)
        if method == "POST":
            connection.request("POST", PATH, form, {"Content-Type": "application/x-www-form-urlencoded"})
        else:
            connection.request(method, f"{PATH}?{form}")
        return connection

    def send(self, parameters: dict, method: str = "POST") -> Answer:
        connection = self.begin(parameters, method)
        try:
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers["Date"], answer.read())
        finally:
            connection.close()
