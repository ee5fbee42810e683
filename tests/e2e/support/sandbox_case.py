# SPDX-License-Identifier: MIT
"""A test with a sandbox of its own."""

import tempfile
import unittest
from pathlib import Path

from .api2_client import Api2Client
from .certificates import Authority, Leaf, tencent_form
from .sandbox import Sandbox


class SandboxCase(unittest.TestCase):
    """Each test has an empty `sandbox` and a signed `client` of it; all share the `authority`."""

    @classmethod
    def setUpClass(cls):
        cls.authority = Authority()
        cls.old = cls.authority.issue("www.test.example", days=10)
        cls.new = cls.authority.issue("www.test.example", days=90)

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.directory = Path(place.name)
        self.sandbox = Sandbox(self.directory / "sandbox")
        self.addCleanup(self._stop_sandbox)
        self.client = Api2Client(self.sandbox)

    def _stop_sandbox(self):
        self.assertEqual(self.sandbox.stop(), 0, "the sandbox ends cleanly")

    def bind_old(self, *listeners: str) -> str:
        """Stores the old certificate and binds it to each listener; its id."""
        old_id = self.sandbox.add_certificate(self.old)
        for listener in listeners or ("lbl-1",):
            self.sandbox.add_listener(listener, old_id)
        return old_id

    def upload(self, leaf: Leaf, **parameters) -> str:
        chain, key = tencent_form(leaf)
        answer = self.client.call("CertUpload", cert=chain, key=key, certType="SVR", **parameters)
        self.assertEqual(answer["code"], 0, answer)
        return answer["data"]["id"]
