# SPDX-License-Identifier: MIT
"""The sandbox's listeners serve what is bound, in all the ways in which something can be."""

import unittest

from support.certificates import RSA, Authority
from support.sandbox import Refused
from support.sandbox_case import SandboxCase
from support.tls import served_fingerprint


class Listeners(SandboxCase):
    def replace(self, old_id: str, new_id: str):
        self.assertEqual(self.client.call("ReplaceCert", oldCertId=old_id, newCertId=new_id)["code"], 0)

    def test_sni_chooses_the_rule_and_the_first_serves_the_rest(self):
        shop, wild = self.authority.issue("shop.test.example"), self.authority.issue("*.wild.test.example")
        leaves = {"www.test.example": self.old, "shop.test.example": shop, "*.wild.test.example": wild}
        port = self.sandbox.add_sni_listener(
            "lbl-1", {domain: self.sandbox.add_certificate(leaf) for domain, leaf in leaves.items()})
        for name, leaf in (("www.test.example", self.old), ("shop.test.example", shop), ("a.wild.test.example", wild),
                           ("wild.test.example", self.old), ("a.b.wild.test.example", self.old), ("", self.old)):
            with self.subTest(name):
                self.assertEqual(served_fingerprint(port, name), leaf.fingerprint)

    def test_a_replacement_changes_each_rule_that_has_the_old_certificate(self):
        old_id, other_id = self.sandbox.add_certificate(self.old), self.sandbox.add_certificate(self.old)
        port = self.sandbox.add_sni_listener("lbl-1", {"a.example": old_id, "b.example": other_id, "c.example": old_id})
        new_id = self.upload(self.new)
        self.replace(old_id, new_id)
        bound = [self.sandbox.bound("lbl-1", domain) for domain in ("a.example", "b.example", "c.example")]
        self.assertEqual(bound, [new_id, other_id, new_id])
        self.assertEqual(served_fingerprint(port, "c.example"), self.new.fingerprint)
        self.assertEqual(self.sandbox.state()["replacements"][0]["listeners"], ["lbl-1"])

    def test_a_dual_listener_serves_what_the_client_understands(self):
        rsa, newer_rsa = (self.authority.issue("www.test.example", kind=RSA) for _ in "12")
        ecc_id, rsa_id = self.sandbox.add_certificate(self.old), self.sandbox.add_certificate(rsa)
        port = self.sandbox.add_listener("lbl-1", ecc_id, ext_ids=[rsa_id])
        self.assertEqual(served_fingerprint(port, algorithm="ECDSA"), self.old.fingerprint)
        self.assertEqual(served_fingerprint(port, algorithm="RSA"), rsa.fingerprint)
        new_id = self.upload(newer_rsa)
        self.replace(rsa_id, new_id)
        self.assertEqual(self.sandbox.find_listener("lbl-1")["ext_ids"], [new_id])
        self.assertEqual(served_fingerprint(port, algorithm="RSA"), newer_rsa.fingerprint)
        self.assertEqual(served_fingerprint(port, algorithm="ECDSA"), self.old.fingerprint)

    def test_a_client_certificate_may_be_optional_and_of_one_rule_only(self):
        people = Authority("people")
        person, stranger = people.issue("person", usage="clientAuth"), self.authority.issue("x", usage="clientAuth")
        server_id, ca_id = self.sandbox.add_certificate(self.old), self.sandbox.add_client_ca(people.root)
        mutual = {"cert_id": server_id, "ca_id": ca_id, "ssl_mode": "mutual"}
        port = self.sandbox.call("POST", "/listeners", load_balancer="lb-test", listener="lbl-1", sni=True, rules=[
            {"domains": ["open.example"], "cert_id": server_id},
            {"domains": ["strict.example"], **mutual},
            {"domains": ["lax.example"], "ssl_verify_client": "optional", **mutual}])["port"]
        for name, client, welcome in (("open.example", None, True), ("strict.example", None, False),
                                      ("strict.example", person, True), ("lax.example", None, True),
                                      ("lax.example", person, True), ("lax.example", stranger, False)):
            with self.subTest(name=name, client=client):
                if welcome:
                    self.assertEqual(served_fingerprint(port, name, client), self.old.fingerprint)
                else:
                    with self.assertRaises(OSError):
                        served_fingerprint(port, name, client)

    def test_an_edit_of_one_rule(self):
        old_id, new_id = self.sandbox.add_certificate(self.old), self.sandbox.add_certificate(self.new)
        port = self.sandbox.add_sni_listener("lbl-1", {"a.example": old_id, "b.example": old_id})
        self.sandbox.bind("lbl-1", new_id, domain="b.example")
        self.assertEqual(served_fingerprint(port, "a.example"), self.old.fingerprint)
        self.assertEqual(served_fingerprint(port, "b.example"), self.new.fingerprint)
        self.sandbox.bind("lbl-1", "", domain="b.example")
        with self.assertRaises(OSError):
            served_fingerprint(port, "b.example")
        history = self.sandbox.find_listener("lbl-1")["history"]
        self.assertEqual([(entry["domain"], entry["cert_id"]) for entry in history],
                         [("a.example", old_id), ("b.example", old_id), ("b.example", new_id), ("b.example", "")])

    def test_a_load_balancer_is_in_one_region(self):
        cert_id = self.sandbox.add_certificate(self.old)
        self.sandbox.add_listener("lbl-1", cert_id, "lb-1", region="ap-beijing")
        self.sandbox.add_listener("lbl-2", cert_id, "lb-1")
        with self.assertRaisesRegex(Refused, "region"):
            self.sandbox.add_listener("lbl-3", cert_id, "lb-1", region="ap-shanghai")
        self.assertEqual(self.sandbox.state()["load_balancers"],
                         [{"load_balancer": "lb-1", "region": "ap-beijing", "classic": False}])


if __name__ == "__main__":
    unittest.main()
