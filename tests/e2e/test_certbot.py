# SPDX-License-Identifier: MIT
"""Certificates issued and renewed by the real certbot, from an ACME server that holds a CA of its own."""

import shutil
import unittest

from support.certificates import Leaf, split_chain
from support.daemon import account_table
from support.daemon_case import DaemonCase
from support.pebble import Certbot, Pebble
from support.sandbox import Sandbox
from support.site import Site

NAME = "www.test.example"
RENEWALS_IN_A_YEAR = 8  # of certificates that are valid for 64 days


@unittest.skipUnless(shutil.which("certbot") and shutil.which("pebble"), "certbot and pebble are not installed")
class RealCertbot(DaemonCase):
    def setUp(self):
        super().setUp()
        self.pebble = self.enterContext(Pebble(self.directory / "pebble"))
        self.certbot = Certbot(self.directory, self.pebble)

    def on_disk(self) -> Leaf:
        live = self.certbot.lineage(NAME)
        return Leaf(*split_chain((live / "fullchain.pem").read_text()), (live / "privkey.pem").read_text())

    def test_issued_once_and_renewed_twice(self):
        self.certbot.issue(NAME)
        leaves = [self.on_disk()]
        site = Site(NAME, self.sandbox, self.certbot.directory, leaves[0], on_disk=None)
        daemon = self.daemon(site.mapping())
        (self.directory / "roots.pem").write_text(self.pebble.root)
        with daemon:
            self.wait_until_done(daemon, site, leaves[0])
            for _ in range(2):
                self.certbot.renew(NAME)
                leaves.append(self.on_disk())
                self.wait_until_done(daemon, site, leaves[-1])
                self.assert_succession(daemon, site, *leaves)

    def test_a_year_of_renewals_in_two_accounts(self):
        """One mapping with a target in an account of each generation of the API."""
        self.certbot.issue(NAME)
        leaves = [self.on_disk()]
        second_cloud = Sandbox(self.directory / "second")
        self.addCleanup(second_cloud.stop)
        sites = {account: Site(NAME, cloud, self.certbot.directory, leaves[0], on_disk=None)
                 for account, cloud in (("first", self.sandbox), ("second", second_cloud))}
        targets = ", ".join(f'{{ account = "{account}", old_cert_id = "{site.old_id}" }}'
                            for account, site in sites.items())
        mapping = sites["first"].mapping(targets=f"[{targets}]")
        mapping = mapping.replace(f'old_cert_id = "{sites["first"].old_id}"\n', "", 1)
        daemon = self.daemon(mapping, accounts=account_table(self.sandbox, "first", api='"3.0"') +
                             account_table(second_cloud, "second", api='"2.0"'))
        (self.directory / "roots.pem").write_text(self.pebble.root)
        with daemon:
            for number in range(1 + RENEWALS_IN_A_YEAR):
                if number > 0:
                    self.certbot.renew(NAME)
                    leaves.append(self.on_disk())
                for account in sites:
                    daemon.wait_for_log(f"rotation.done .*account={account} .*bundle={leaves[-1].fingerprint[:12]}")
            for account, site in sites.items():
                self.assert_succession(daemon, site, *leaves, account=account)

    def test_a_certificate_of_a_ca_that_is_no_public_one_is_held(self):
        self.certbot.issue(NAME)
        site = Site(NAME, self.sandbox, self.certbot.directory, self.old, on_disk=None)
        with self.daemon(site.mapping(gate='{ trust = "system" }')) as daemon:
            daemon.wait_for_log("rotation.held .*is not trusted.*staging")
            self.assertEqual(daemon.target(NAME, "status")["reason"], "issuer_untrusted")
            self.assert_nothing_asked_for(site)


if __name__ == "__main__":
    unittest.main()
