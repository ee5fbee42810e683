# SPDX-License-Identifier: MIT
"""A test with a sandbox, sites in it, and a daemon that keeps them renewed."""

from itertools import pairwise
from pathlib import Path

from .certificates import Leaf
from .daemon import Daemon, account_table, daemon_table, http_table
from .sandbox import Sandbox
from .sandbox_case import SandboxCase
from .site import Site
from .tls import served_fingerprint


class DaemonCase(SandboxCase):
    """All tests of a class share the leaves `old`, `new` and `newer`, each valid longer than the one before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newer = cls.authority.issue("www.test.example", days=100)

    API = "2.0"  # which generation the default account is spoken to in

    def site(self, name: str = "www", on_disk: Leaf | None = None, sandbox: Sandbox | None = None, **listener) -> Site:
        return Site(name, sandbox or self.sandbox, self.directory / "letsencrypt", self.old, on_disk, **listener)

    def daemon(self, *mappings: str, accounts: str = "", settings: str = "", http: str = "",
               directory: Path | None = None) -> Daemon:
        """A daemon that is not started yet. It ends with the test, and has to do so without complaint."""
        accounts = accounts or account_table(self.sandbox, api=f'"{self.API}"')
        directory = directory or self.directory
        daemon = Daemon(directory, "\n".join([settings or daemon_table(), http or http_table(), accounts, *mappings]))
        (directory / "roots.pem").write_text(self.authority.root)
        self.addCleanup(self._end, daemon)
        return daemon

    def _end(self, daemon: Daemon):
        if daemon.running():
            self.assertEqual(daemon.term(), 0)
        self.assertNotRegex(daemon.log_file.read_text(errors="replace"), "Sanitizer|runtime error")

    def wait_until_done(self, daemon: Daemon, site: Site, leaf: Leaf):
        daemon.wait_for_log(f"rotation.done mapping={site.name} .*bundle={leaf.fingerprint[:12]}")

    def assert_succession(self, daemon: Daemon, site: Site, *leaves: Leaf, account: str = ""):
        """The site went through these leaves and no others: so say the journal, the cloud and the TLS port. Each
        was stored once, and each took the place of the one before once."""
        ids = [entry["id"] for entry in daemon.target(site.name, account=account)["succession"]]
        self.assertEqual(site.fingerprints(ids), [leaf.fingerprint for leaf in leaves])
        self.assertEqual((ids[0], ids[-1]), (site.old_id, site.sandbox.bound(site.listener)))
        self.assertEqual(served_fingerprint(site.port), leaves[-1].fingerprint)
        self.assertEqual(site.replacements(), list(pairwise(ids)))
        self.assertEqual([site.uploads(leaf) for leaf in leaves[1:]], [1] * (len(leaves) - 1))

    def assert_nothing_asked_for(self, site: Site):
        self.assertEqual(site.changes_asked_for(), 0)
