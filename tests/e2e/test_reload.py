# SPDX-License-Identifier: MIT
"""A changed configuration is put in force without a restart, by SIGHUP or `certferry reload`."""

import signal
import tempfile
import unittest
from pathlib import Path

from support.daemon import account_table, daemon_table, http_table
from support.daemon_case import DaemonCase
from support.site import Site
from support.waiting import wait_until


class ReloadCase(DaemonCase):
    def write(self, daemon, *mappings: str, settings: str = ""):
        daemon.write_configuration("\n".join([settings or daemon_table(), http_table(),
                                              account_table(self.sandbox, api=f'"{self.API}"'), *mappings]))

    def reload(self, daemon, code: int = 0) -> str:
        done = daemon.command("reload")
        self.assertEqual(done.returncode, code, done.stdout + done.stderr + daemon.log())
        return done.stdout + done.stderr


class Reloads(ReloadCase):
    def test_mappings_are_added_changed_and_removed(self):
        other = self.authority.issue("www.test.example", days=50)
        www, shop = self.site("www", self.new), self.site("shop", other)
        with self.daemon(www.mapping()) as daemon:
            self.wait_until_done(daemon, www, self.new)
            self.write(daemon, www.mapping(), shop.mapping())
            self.assertIn("mappings as before: 1; added: shop", self.reload(daemon))
            self.wait_until_done(daemon, shop, other)

            self.write(daemon, www.mapping(gate='{ trust = "any" }'))
            self.assertIn("changed: www; removed: shop", self.reload(daemon))
            shop.write(self.newer)
            www.write(self.newer)
            self.wait_until_done(daemon, www, self.newer)
            self.assert_succession(daemon, www, self.old, self.new, self.newer)
            self.assertEqual(self.sandbox.bound(shop.listener), self.sandbox.state()["replacements"][1]["new"])

    def test_by_a_signal(self):
        www, shop = self.site("www", self.new), self.site("shop", self.new)
        with self.daemon(www.mapping()) as daemon:
            self.wait_until_done(daemon, www, self.new)
            self.write(daemon, www.mapping(), shop.mapping())
            daemon.process.send_signal(signal.SIGHUP)
            daemon.wait_for_log("config.reloaded added=shop kept=1")
            self.wait_until_done(daemon, shop, self.new)

    def test_conf_d_is_read_again(self):
        www, shop = self.site("www", self.new), self.site("shop", self.new)
        with self.daemon(www.mapping()) as daemon:
            self.wait_until_done(daemon, www, self.new)
            (self.directory / "conf.d").mkdir()
            part = self.directory / "conf.d" / "shop.toml"
            part.write_text(shop.mapping(gate='{ trust = "any" }'))
            self.assertIn("added: shop", self.reload(daemon))
            self.wait_until_done(daemon, shop, self.new)
            part.unlink()
            self.assertIn("removed: shop", self.reload(daemon))

    def test_a_bad_file_keeps_the_configuration_before_and_says_so(self):
        site = self.site(on_disk=self.old)
        with self.daemon(site.mapping()) as daemon:
            self.wait_until_done(daemon, site, self.old)
            self.write(daemon, site.mapping(delivr='"id"'))
            said = self.reload(daemon, code=4)
            self.assertRegex(said, r"certferry\.toml:\d+:\d+: unknown key \"delivr\"")
            daemon.wait_for_log('config.refused reason=config_invalid detail=".*delivr')
            status = daemon.command("status").stdout
            self.assertRegex(status, r"a reload failed: .*the one before stays in force")
            self.assertIn("delivr", status)
            site.write(self.new)
            self.wait_until_done(daemon, site, self.new)

            self.write(daemon, site.mapping(gate='{ trust = "{directory}/none.pem" }'))
            self.assertIn("none.pem", self.reload(daemon, code=4))
            self.write(daemon, site.mapping())
            self.assertIn("mappings as before: 1", self.reload(daemon))
            self.assertNotIn("a reload failed", daemon.command("status").stdout)

    def test_a_signal_with_a_bad_file_ends_nothing(self):
        site = self.site(on_disk=self.new)
        with self.daemon(site.mapping()) as daemon:
            daemon.wait_for_log("daemon.ready")
            daemon.config.write_text("this is no TOML")
            daemon.process.send_signal(signal.SIGHUP)
            daemon.wait_for_log("config.refused")
            self.wait_until_done(daemon, site, self.new)

    def test_what_only_a_start_applies_is_named(self):
        site = self.site(on_disk=self.new)
        with self.daemon(site.mapping()) as daemon:
            daemon.wait_for_log("daemon.ready")
            self.write(daemon, site.mapping(), settings=daemon_table(shutdown_grace='"1m"'))
            self.assertIn("at the next start of certferryd: daemon.shutdown_grace", self.reload(daemon))

    def test_what_landlock_has_closed_since_the_start_is_named(self):
        site, elsewhere = self.site(on_disk=self.new), tempfile.TemporaryDirectory()
        self.addCleanup(elsewhere.cleanup)
        moved = Site("moved", self.sandbox, Path(elsewhere.name), self.old, self.new)
        with self.daemon(site.mapping()) as daemon:
            daemon.wait_for_log("daemon.ready")
            if "daemon.unconfined" in daemon.log():
                self.skipTest("this kernel offers no Landlock")
            self.write(daemon, site.mapping(), moved.mapping())
            self.assertIn(f"at the next start of certferryd: reading {elsewhere.name}", self.reload(daemon))
            wait_until(lambda: daemon.target("moved", "status").get("on_disk_reason") == "file_unreadable",
                       "its files cannot be read")
            self.assertEqual(daemon.term(), 0)
            daemon.start()
            self.wait_until_done(daemon, moved, self.new)

    def test_a_rotation_in_flight_finishes_as_it_began(self):
        self.sandbox.add_fault("hold", action="ReplaceCert")
        site = self.site(on_disk=self.new)
        with self.daemon(site.mapping()) as daemon:
            wait_until(lambda: any(not call["answered"] for call in self.sandbox.requests("ReplaceCert")), "it hangs")
            self.write(daemon, site.mapping(deliver='"content"'))
            self.assertIn("changed: www", self.reload(daemon))
            self.sandbox.clear_faults()
            self.wait_until_done(daemon, site, self.new)
            site.write(self.newer)
            self.wait_until_done(daemon, site, self.newer)
            self.assertEqual(len(self.sandbox.requests("CertUpload")), 1)
            self.assertEqual(len(self.sandbox.requests("ReplaceCert")), 2)

    def test_what_a_changed_configuration_allows_is_tried_at_once(self):
        site = self.site(on_disk=self.new)
        with self.daemon(site.mapping(gate='{ trust = "system" }')) as daemon:
            daemon.wait_for_log("rotation.held")
            self.write(daemon, site.mapping())
            self.reload(daemon)
            self.wait_until_done(daemon, site, self.new)


class Bursts(ReloadCase):
    SITES = 8
    RELOADS = 6

    def test_reloads_under_a_burst_of_rotations_lose_nothing(self):
        leaves = [self.authority.issue("www.test.example", days=30 + number) for number in range(3)]
        sites = [self.site(f"site{number}", self.old) for number in range(self.SITES)]
        spare = self.site("spare", self.old)
        with self.daemon(*(site.mapping() for site in sites)) as daemon:
            for site in sites:
                self.wait_until_done(daemon, site, self.old)
            for leaf in leaves:
                for site in sites:
                    site.write(leaf)
                self.reload_often(daemon, sites, spare)
                for site in sites:
                    self.wait_until_done(daemon, site, leaf)
            for site in sites:
                self.assert_succession(daemon, site, self.old, *leaves)
            self.assertIn("config.refused", daemon.log())

    def reload_often(self, daemon, sites, spare):
        for number in range(self.RELOADS):
            mappings = [site.mapping(verify=f'{{ attempts_for = "{60 + number}s" }}') for site in sites]
            if number % 2:
                mappings.append(spare.mapping())
            if number % 3 == 2:
                self.write(daemon, *mappings, "[[mapping]]")
                self.reload(daemon, code=4)
            self.write(daemon, *mappings)
            self.reload(daemon)


if __name__ == "__main__":
    unittest.main()
