# SPDX-License-Identifier: MIT
"""kind = "client": the CA that a mutual listener checks its clients against."""

import unittest

from support.certificates import Authority
from support.daemon_case import DaemonCase
from support.site import QUICK_RETRY
from support.tls import served_fingerprint


class ClientCas(DaemonCase):
    def setUp(self):
        super().setUp()
        self.old_ca, self.new_ca = Authority("old clients"), Authority("new clients")
        self.ca_id = self.sandbox.add_client_ca(self.old_ca.root)
        self.server_id = self.sandbox.add_certificate(self.old)
        self.port = self.sandbox.add_listener("lbl-1", self.server_id, ssl_mode="mutual", ca_id=self.ca_id)
        self.before = self.sandbox.find_listener("lbl-1")
        self.file = self.directory / "clients.pem"

    def assert_accepts(self, accepted: Authority, refused: Authority):
        client = accepted.issue("client.test.example", usage="clientAuth")
        stranger = refused.issue("client.test.example", usage="clientAuth")
        self.assertEqual(served_fingerprint(self.port, client=client), self.old.fingerprint)
        with self.assertRaises(OSError):
            served_fingerprint(self.port, client=stranger)

    def replace_the_ca(self, deliver: str):
        self.file.write_text(self.old_ca.root)
        mapping = f"""
[[mapping]]
name = "clients"
kind = "client"
certificate = {{ chain = "{self.file}" }}
old_cert_id = "{self.ca_id}"
deliver = "{deliver}"
retry = {QUICK_RETRY}
"""
        with self.daemon(mapping) as daemon:
            daemon.wait_for_log("rotation.done mapping=clients")
            self.assert_accepts(self.old_ca, self.new_ca)
            self.file.write_text(self.new_ca.root)
            daemon.wait_for_log("rotation.done mapping=clients .*rotation=2")
            ids = [entry["id"] for entry in daemon.target("clients")["succession"]]
        after = self.sandbox.find_listener("lbl-1")
        self.assertEqual(ids, [self.ca_id, after["ca_id"]])
        self.assertEqual((after["cert_id"], after["ssl_mode"]), (self.server_id, "mutual"))
        self.assert_accepts(self.new_ca, self.old_ca)
        for call in self.sandbox.requests():
            self.assertFalse({"key", "newCertKey"} & call["parameters"].keys(), "no key is sent")

    def test_replaced_by_id(self):
        self.replace_the_ca("id")

    def test_replaced_by_content(self):
        self.replace_the_ca("content")


if __name__ == "__main__":
    unittest.main()
