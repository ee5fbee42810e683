# SPDX-License-Identifier: MIT
"""Certificates issued and renewed by real ACME clients other than certbot. The daemon is there first: it has to see
each client's files appear."""

import shutil
import unittest

from support.acme_clients import AcmeSh, Caddy, Dehydrated, Lego, Uacme
from support.certificates import Leaf, split_chain
from support.daemon import daemon_table
from support.daemon_case import DaemonCase
from support.mounts import need_own_mounts
from support.pebble import Pebble
from support.site import Site

NAME = "www.test.example"


def by_name(client) -> str:
    return f'{{ "{client.program}" = "{NAME}", dir = "{client.directory}" }}'


def by_files(client) -> str:
    chain, key = client.files(NAME)
    return f'{{ chain = "{chain}", key = "{key}" }}'


class AcmeClients(DaemonCase):
    def check(self, client_of, certificate_of=by_name):
        if not (shutil.which(client_of.program) and shutil.which("pebble")):
            self.skipTest(f"{client_of.program} or pebble is not installed")
        pebble = self.enterContext(Pebble(self.directory / "pebble"))
        client = client_of(self.directory, pebble)
        site = Site(NAME, self.sandbox, client.directory, self.old, on_disk=None)
        # Nothing but an event makes it look.
        daemon = self.daemon(site.mapping(certificate=certificate_of(client)), settings=daemon_table(rescan='"1h"'))
        (self.directory / "roots.pem").write_text(pebble.root)
        leaves = [self.old]
        with daemon:
            daemon.wait_for_log("daemon.ready")
            for change in (client.issue, client.renew, client.renew):
                change(NAME)
                chain, key = client.files(NAME)
                leaves.append(Leaf(*split_chain(chain.read_text()), key.read_text()))
                self.wait_until_done(daemon, site, leaves[-1])
                self.assert_succession(daemon, site, *leaves)

    def test_lego(self):
        self.check(Lego)

    def test_dehydrated(self):
        self.check(Dehydrated)

    def test_acme_sh(self):
        self.check(AcmeSh)

    def test_uacme(self):
        need_own_mounts(self)
        self.check(Uacme, by_files)

    def test_caddy(self):
        self.check(Caddy)


if __name__ == "__main__":
    unittest.main()
