# SPDX-License-Identifier: MIT
"""An API that repeats in its answers what it was sent: the private key goes no further than that."""

import unittest

from support.certificates import RSA, openssl
from support.daemon_case import DaemonCase
from support.sandbox import SECRET_KEY
from support.secrets import find_secrets, secrets_of


class Echo(DaemonCase):
    def renewal_told_back(self, deliver: str, action: str):
        """What is left everywhere of a renewal whose key came back in an error message, in several forms."""
        leaf = self.authority.issue("www.test.example", days=90, kind=RSA)
        sent = openssl("pkey", "-traditional", stdin=leaf.key)
        lines = [line for line in secrets_of(leaf) if line in sent]
        middle = lines[len(lines) // 2]
        for echo in (sent, sent.replace("\n", "\\n"), " ".join(lines), "/".join(lines), middle[8:40]):
            self.sandbox.add_fault("error", action=action, code=4400, message=f"invalid key {echo}",
                                   code_desc=f"Invalid.{middle}")
        self.sandbox.add_fault("error", action=action, code=4400, message=f"signed with {SECRET_KEY}?")
        site = self.site(on_disk=leaf)
        daemon = self.daemon(site.mapping(deliver=f'"{deliver}"'))
        with daemon:
            self.wait_until_done(daemon, site, leaf)
            traces = {"log": daemon.log_file.read_bytes(),
                      "history": daemon.certferry("history", "-o", "json").encode()}
            traces |= {file.name: file.read_bytes() for file in (self.directory / "state").iterdir()}
        for where, text in traces.items():
            self.assertEqual(find_secrets(text, [SECRET_KEY, middle[8:40], *lines]), [], where)
        self.assertIn(b"invalid key [...]", traces["log"])
        # The log says one failure after the other at growing intervals; the history has each.
        self.assertIn(b"signed with [...]?", traces["history"])

    def test_by_the_store(self):
        self.renewal_told_back("id", "CertUpload")

    def test_by_the_load_balancers(self):
        self.renewal_told_back("content", "ReplaceCert")


if __name__ == "__main__":
    unittest.main()
