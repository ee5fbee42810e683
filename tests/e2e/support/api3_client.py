# SPDX-License-Identifier: MIT
"""A second, independent client of API 3.0, for tests of the sandbox itself."""

import hashlib
import hmac
import http.client
import json
import ssl
import time
import urllib.parse
from datetime import datetime, timezone

from .api2_client import Answer
from .sandbox import SECRET_ID, SECRET_KEY, Sandbox

VERSIONS = {"clb": "2018-03-17", "ssl": "2019-12-05", "sts": "2018-08-13"}
SERVICES = {"UploadCertificate": "ssl", "CheckCertificateExist": "ssl", "DescribeCertificates": "ssl",
            "DescribeCertificateDetail": "ssl", "DeleteCertificate": "ssl",
            "DescribeDeleteCertificatesTaskResult": "ssl", "ModifyCertificatesExpiringNotificationSwitch": "ssl",
            "AssumeRole": "sts", "AssumeRoleWithWebIdentity": "sts"}


def hmac_sha256(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), hashlib.sha256)


class Failed(Exception):
    """An answer with an Error; `code` is its Code."""

    def __init__(self, code: str, message: str):
        super().__init__(f"{code}: {message}")
        self.code = code


class Api3Client:
    def __init__(self, sandbox: Sandbox, secret_id: str = SECRET_ID, secret_key: str = SECRET_KEY, token: str = "",
                 region: str = "ap-guangzhou"):
        self._port = sandbox.port
        self._context = ssl.create_default_context(cafile=sandbox.ca)
        self._secret_id, self._secret_key, self._token, self.region = secret_id, secret_key, token, region

    def call(self, action: str, **parameters) -> dict:
        """The Response. Raises Failed."""
        response = self.send(action, parameters).json()["Response"]
        if "Error" in response:
            raise Failed(response["Error"]["Code"], response["Error"]["Message"])
        return response

    def send(self, action: str, parameters: dict, method: str = "POST", host: str = "127.0.0.1",
             service: str = "", at: float | None = None, **headers: str) -> Answer:
        """`host` is what is signed. Headers override the common ones, with '-' written as '_'; None leaves out."""
        service = service or SERVICES.get(action, "clb")
        body = json.dumps(parameters) if method == "POST" else ""
        query = urllib.parse.urlencode(parameters) if method == "GET" else ""
        content_type = "application/json" if method == "POST" else "application/x-www-form-urlencoded"
        timestamp = int(time.time() if at is None else at)
        everything = {
            "Host": f"127.0.0.1:{self._port}", "Content-Type": content_type, "X-TC-Action": action,
            "X-TC-Version": VERSIONS[SERVICES.get(action, "clb")], "X-TC-Timestamp": str(timestamp),
            "X-TC-Region": self.region, "X-TC-Token": self._token or None,
            "Authorization": self._authorization(method, host, service, query, content_type, body, timestamp),
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPSConnection("127.0.0.1", self._port, context=self._context, timeout=20)
        try:
            connection.request(method, f"/?{query}" if query else "/", body or None,
                               {name: value for name, value in everything.items() if value is not None})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers["Date"], answer.read())
        finally:
            connection.close()

    def _authorization(self, method, host, service, query, content_type, body, timestamp) -> str:
        day = datetime.fromtimestamp(timestamp, timezone.utc).strftime("%Y-%m-%d")
        scope = f"{day}/{service}/tc3_request"
        request = "\n".join([method, "/", query, f"content-type:{content_type}", f"host:{host}", "",
                             "content-type;host", hashlib.sha256(body.encode()).hexdigest()])
        text = "\n".join(["TC3-HMAC-SHA256", str(timestamp), scope, hashlib.sha256(request.encode()).hexdigest()])
        key = ("TC3" + self._secret_key).encode()
        for part in (day, service, "tc3_request"):
            key = hmac_sha256(key, part)
        return (f"TC3-HMAC-SHA256 Credential={self._secret_id}/{scope}, SignedHeaders=content-type;host, "
                f"Signature={hmac_sha256(key, text).hex()}")
