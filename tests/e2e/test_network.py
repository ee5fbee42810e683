# SPDX-License-Identifier: MIT
"""A network that resets, swallows, cuts and stretches what goes over it, at each connection of a renewal."""

import unittest

from support.chaos_proxy import ChaosProxy
from support.daemon import SERVICES, account_table
from support.daemon_case import DaemonCase

TROUBLES = ("refuse", "reset", "half", "blackhole", "drip")


def account_behind(sandbox, host: str, port: int) -> str:
    endpoints = ", ".join(f'{service} = "https://{host}:{port}"' for service in SERVICES)
    return account_table(sandbox, endpoint=f"{{ {endpoints} }}")


class Network(DaemonCase):
    def renew_under(self, connections_before: int):
        """One renewal for each trouble, which strikes after that many connections; a call that changes something has
        one of its own."""
        leaves = [self.authority.issue("www.test.example", days=30 + number) for number, _ in enumerate(TROUBLES)]
        proxy = self.enterContext(ChaosProxy(self.sandbox.port))
        site = self.site(on_disk=self.old)
        with self.daemon(site.mapping(), accounts=account_behind(self.sandbox, "127.0.0.1", proxy.port)) as daemon:
            self.wait_until_done(daemon, site, self.old)
            for trouble, leaf in zip(TROUBLES, leaves):
                proxy.strike(trouble, connections_before)
                site.write(leaf)
                self.wait_until_done(daemon, site, leaf)
            self.assert_succession(daemon, site, self.old, *leaves)
        self.assertEqual(proxy.struck, list(TROUBLES))

    def test_at_the_upload(self):
        self.renew_under(connections_before=0)

    def test_at_the_replacement(self):
        self.renew_under(connections_before=1)

    def test_a_name_that_cannot_be_resolved(self):
        site = self.site(on_disk=self.new)
        daemon = self.daemon(site.mapping(), accounts=account_behind(self.sandbox, "api.invalid", self.sandbox.port))
        with daemon:
            daemon.wait_for_log("rotation.waiting mapping=www .*api.invalid")
            self.assert_nothing_asked_for(site)
            daemon.write_configuration(daemon.config.read_text().replace("api.invalid", "127.0.0.1"))
            daemon.certferry("reload")
            self.wait_until_done(daemon, site, self.new)
            self.assert_succession(daemon, site, self.old, self.new)


if __name__ == "__main__":
    unittest.main()
