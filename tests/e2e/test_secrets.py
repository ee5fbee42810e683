# SPDX-License-Identifier: MIT
"""Private keys and the account's key are nowhere but where they belong, at the most talkative level of the log."""

import base64
import json
import unittest
from pathlib import Path

from support.certificates import RSA
from support.daemon import account_table
from support.daemon_case import DaemonCase
from support.sandbox import SECRET_ID, SECRET_KEY
from support.secrets import find_secrets, secrets_of
from support.web import get

WRONG_KEY = "WRONGKEY0000000000000000000000000"
FAULTS = ("reset_before", "reset_after", "http_status", "error", "malformed", "html", "success_without_effect")


class Secrets(DaemonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.new = cls.authority.issue("www.test.example", days=90, kind=RSA)
        cls.secrets = [SECRET_KEY, WRONG_KEY, *(line for leaf in (cls.old, cls.new, cls.newer)
                                                for line in secrets_of(leaf))]

    def leave_traces(self, deliver: str, form: str):
        """Renewals that meet all kinds of trouble; what was said about them."""
        for action in ("CertUpload", "ReplaceCert"):
            for kind in FAULTS:
                self.sandbox.add_fault(kind, action=action)
        site = self.site(on_disk=self.old)
        log = f'[log]\nlevel = "debug"\nformat = "{form}"\n'
        mapping = site.mapping(deliver=f'"{deliver}"', verify='{ attempts_for = "0s" }')
        # What is sent without an answer is waited for so long.
        account = account_table(self.sandbox, timeout='{ connect = "1s", total = "1s" }')
        daemon = self.daemon(mapping, accounts=log + account)
        daemon.write_credentials(SECRET_ID, WRONG_KEY)
        with daemon:
            daemon.wait_for_log("rotation.waiting")
            daemon.write_credentials(SECRET_ID, SECRET_KEY)
            for leaf in (self.old, self.new, self.newer):
                site.write(leaf)
                daemon.wait_for_log(f"rotation.done.*{leaf.fingerprint[:12]}", timeout=60)
            site.lineage.privkey.write_text(self.newer.key.replace("A", "@"))
            daemon.wait_for_log("bundle.unusable")
            traces = self.traces_of(daemon)
        traces["log"] = daemon.log_file.read_bytes()
        self.assertEqual(self.sandbox.requests("CertUpload") == [], deliver == "content")
        return traces

    def traces_of(self, daemon) -> dict:
        pages = ("/", "/status.json", "/recent.json", "/history.json?mapping=www", "/metrics", "/readyz")
        process, state = Path(f"/proc/{daemon.process.pid}"), self.directory / "state"
        return {
            "command line": (process / "cmdline").read_bytes(),
            "environment": (process / "environ").read_bytes(),
            "status": daemon.certferry("status").encode(),
            "history": daemon.certferry("history", "-o", "json").encode(),
            "config show": daemon.certferry("config", "show").encode(),
            "the sandbox's requests": json.dumps(self.sandbox.requests()).encode(),
            "the sandbox's log": (self.directory / "sandbox" / "sandbox.log").read_bytes(),
            **{page: get(self.directory / "http.sock", page).text.encode() for page in pages},
        } | {file.name: file.read_bytes() for file in state.iterdir()}

    def assert_kept(self, traces: dict):
        self.assertTrue({"journal.db", "journal.db-wal", "/metrics"} <= traces.keys())
        for where, text in traces.items():
            self.assertEqual(find_secrets(text, self.secrets), [], where)

    def test_delivered_by_id(self):
        self.assert_kept(self.leave_traces("id", "text"))

    def test_delivered_as_content(self):
        self.assert_kept(self.leave_traces("content", "json"))

    def test_the_search_finds_what_is_there(self):
        for secret in self.secrets:
            escaped = secret.replace("/", "%2f").replace("+", "%2b").replace("=", "%3d")
            for form in (secret, escaped, secret.replace("/", "\\/"), secret.encode().hex().upper(),
                         base64.b64encode(f"x{secret}yz".encode()).decode()):
                self.assertIn(secret, find_secrets(f"before {form} after".encode(), self.secrets))
        self.assertGreater(len(secrets_of(self.new)), 20, "an RSA key has many lines")
        self.assertEqual(find_secrets(self.new.fullchain.encode(), self.secrets), [])


if __name__ == "__main__":
    unittest.main()
