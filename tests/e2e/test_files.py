# SPDX-License-Identifier: MIT
"""What an ACME client, or an accident, leaves on disk for a while."""

import unittest
from pathlib import Path

from support.certificates import Leaf
from support.daemon_case import DaemonCase


class Torn(DaemonCase):
    """A chain file and a key file, which are overwritten in their places."""

    def setUp(self):
        super().setUp()
        self.chain, self.key = self.directory / "fullchain.pem", self.directory / "privkey.pem"
        self.write(self.old.fullchain, self.old.key)
        self.www = self.site()
        self.certferryd = self.daemon(self.www.mapping(certificate=f'{{ chain = "{self.chain}", key = "{self.key}" }}'))
        self.certferryd.start()
        self.wait_until_done(self.certferryd, self.www, self.old)

    def write(self, chain: str, key: str):
        self.chain.write_text(chain)
        self.key.write_text(key)

    def assert_left_alone(self, reason: str, file: Path):
        line = self.certferryd.wait_for_log(f"bundle.unusable mapping=www reason={reason} ")
        self.assertIn(str(file), line)
        self.assert_nothing_asked_for(self.www)

    def complete(self):
        self.write(self.new.fullchain, self.new.key)
        self.wait_until_done(self.certferryd, self.www, self.new)
        self.assert_succession(self.certferryd, self.www, self.old, self.new)

    def test_a_new_certificate_with_the_old_key(self):
        self.chain.write_text(self.new.fullchain)
        self.assert_left_alone("key_mismatch", self.key)
        self.complete()

    def test_a_new_key_with_the_old_certificate(self):
        self.key.write_text(self.new.key)
        self.assert_left_alone("key_mismatch", self.key)
        self.complete()

    def test_a_certificate_cut_off_in_the_middle(self):
        self.write(self.new.fullchain[:500], self.new.key)
        self.assert_left_alone("pem_invalid", self.chain)
        self.complete()

    def test_a_key_cut_off_in_the_middle(self):
        self.write(self.new.fullchain, self.new.key[:100])
        self.assert_left_alone("pem_invalid", self.key)
        self.complete()

    def test_an_empty_certificate(self):
        self.write("", self.new.key)
        self.assert_left_alone("pem_invalid", self.chain)
        self.complete()

    def test_an_empty_key(self):
        self.write(self.new.fullchain, "")
        self.assert_left_alone("key_missing|pem_invalid", self.key)
        self.complete()

    def test_files_that_vanish(self):
        self.chain.unlink()
        self.assert_left_alone("file_missing", self.chain)
        self.complete()


class Refused(DaemonCase):
    """What the gate holds back: nothing is sent, the old certificate stays, and the log says why."""

    def assert_held(self, leaf: Leaf, reason: str, words: str, **keys: str):
        site = self.site(on_disk=leaf)
        daemon = self.daemon(site.mapping(**keys))
        with daemon:
            self.assertRegex(daemon.wait_for_log("rotation.held mapping=www"), words)
            self.assertEqual(daemon.target("www", "status")["reason"], reason)
            self.assert_nothing_asked_for(site)
        return site

    def assert_let_through(self, site, leaf: Leaf, **keys: str):
        daemon = self.daemon(site.mapping(**keys))
        with daemon:
            self.wait_until_done(daemon, site, leaf)
            self.assert_succession(daemon, site, self.old, leaf)

    def test_a_certificate_that_is_older_than_the_deployed_one(self):
        site = self.site(on_disk=self.new)
        daemon = self.daemon(site.mapping())
        with daemon:
            self.wait_until_done(daemon, site, self.new)
            older = self.authority.issue("www.test.example", days=30)
            asked_for = site.changes_asked_for()
            site.write(older)
            daemon.wait_for_log("rotation.held mapping=www .*the deployed one on")
            self.assertEqual(daemon.target("www", "status")["reason"], "older_than_deployed")
            self.assertEqual(site.changes_asked_for(), asked_for)
        daemon = self.daemon(site.mapping(gate='{ trust = "{directory}/roots.pem", allow_older = true }'))
        with daemon:
            self.wait_until_done(daemon, site, older)
            self.assert_succession(daemon, site, self.old, self.new, older)

    def test_a_certificate_of_a_ca_that_is_not_trusted(self):
        gate = '{ trust = "system" }'
        site = self.assert_held(self.new, "issuer_untrusted", "is not trusted", gate=gate)
        self.assert_let_through(site, self.new)

    def test_a_certificate_without_its_chain(self):
        bare = Leaf(self.new.certificate, "", self.new.key)
        site = self.assert_held(bare, "chain_incomplete", "is missing behind it")
        site.write(self.newer)
        self.assert_let_through(site, self.newer)

    def test_a_certificate_that_lacks_a_name_of_the_deployed_one(self):
        other = self.authority.issue("other.test.example", days=90)
        site = self.assert_held(other, "names_lost", "www.test.example")
        self.assert_let_through(site, other,
                                gate='{ trust = "{directory}/roots.pem", allow_name_loss = true }')

    def test_a_certificate_that_expires_too_soon(self):
        gate = '{ trust = "{directory}/roots.pem", min_remaining = "91d" }'
        site = self.assert_held(self.new, "expires_too_soon", "min_remaining", gate=gate)
        self.assert_let_through(site, self.new)


if __name__ == "__main__":
    unittest.main()
