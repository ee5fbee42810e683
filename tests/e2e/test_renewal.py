# SPDX-License-Identifier: MIT
"""Renewals that meet no trouble."""

import unittest

from support.certificates import CertbotLineage
from support.daemon_case import DaemonCase
from support.mounts import bind_mounted


class Renewals(DaemonCase):
    def renew_twice(self, deliver: str):
        site = self.site(on_disk=self.old)
        daemon = self.daemon(site.mapping(deliver=f'"{deliver}"', verify=f'{{ endpoint = ["127.0.0.1:{site.port}"] }}'))
        with daemon:
            self.wait_until_done(daemon, site, self.old)
            site.write(self.new)
            self.wait_until_done(daemon, site, self.new)
            site.write(self.newer)
            self.wait_until_done(daemon, site, self.newer)
            self.assert_succession(daemon, site, self.old, self.new, self.newer)
        named_as_old = [call["parameters"]["oldCertId"] for call in self.sandbox.requests("ReplaceCert")]
        self.assertEqual(named_as_old, [site.old_id, site.replacements()[0][1]])

    def test_two_renewals_delivered_by_id(self):
        self.renew_twice("id")
        self.assertEqual(len(self.sandbox.requests("CertUpload")), 2)

    def test_two_renewals_delivered_as_content(self):
        self.renew_twice("content")
        self.assertEqual(self.sandbox.requests("CertUpload"), [])

    def test_every_listener_of_the_old_certificate_gets_the_new_one(self):
        site = self.site(on_disk=self.new)
        self.sandbox.add_listener("lbl-second", site.old_id, load_balancer="lb-second")
        with self.daemon(site.mapping()) as daemon:
            self.wait_until_done(daemon, site, self.new)
            self.assert_succession(daemon, site, self.old, self.new)
            self.assertEqual(self.sandbox.bound("lbl-second"), self.sandbox.bound(site.listener))

    def test_targets_of_one_mapping_are_all_renewed(self):
        site, other_id = self.two_targets()
        with self.daemon(self.mapping_of(site, other_id)) as daemon:
            for old_id in (site.old_id, other_id):
                daemon.wait_for_log(f"rotation.done .*target={old_id}")
            for listener in (site.listener, "lbl-other"):
                bound = self.sandbox.find_certificate(self.sandbox.bound(listener))
                self.assertEqual(bound["fingerprint"], self.new.fingerprint)

    def test_targets_of_one_mapping_share_one_upload(self):
        self.sandbox.add_fault("latency", action="CertUpload", ms=300)
        site, other_id = self.two_targets()
        with self.daemon(self.mapping_of(site, other_id)) as daemon:
            for old_id in (site.old_id, other_id):
                daemon.wait_for_log(f"rotation.done .*target={old_id}")
        self.assertEqual(site.uploads(self.new), 1)

    def two_targets(self):
        other_id = self.sandbox.add_certificate(self.authority.issue("www.test.example", days=20))
        self.sandbox.add_listener("lbl-other", other_id)
        return self.site(on_disk=self.new), other_id

    def mapping_of(self, site, other_id: str) -> str:
        targets = ", ".join(f'{{ old_cert_id = "{old_id}" }}' for old_id in (site.old_id, other_id))
        return site.mapping(targets=f"[{targets}]").replace(f'old_cert_id = "{site.old_id}"\n', "", 1)

    def test_a_clock_that_differs_from_the_clouds_by_an_hour(self):
        self.sandbox.set_clock(3600)
        site = self.site(on_disk=self.new)
        with self.daemon(site.mapping()) as daemon:
            self.wait_until_done(daemon, site, self.new)
            self.assert_succession(daemon, site, self.old, self.new)


class Noticing(DaemonCase):
    def test_a_renewal_while_the_daemon_was_down(self):
        site = self.site(on_disk=self.old)
        daemon = self.daemon(site.mapping())
        with daemon:
            self.wait_until_done(daemon, site, self.old)
            self.assertEqual(daemon.term(), 0)
            site.write(self.new)
            daemon.start()
            self.wait_until_done(daemon, site, self.new)
            self.assert_succession(daemon, site, self.old, self.new)

    def test_a_lineage_that_does_not_exist_yet(self):
        site = self.site()
        with self.daemon(site.mapping()) as daemon:
            daemon.wait_for_log("bundle.unusable mapping=www reason=file_missing")
            site.write(self.new)
            self.wait_until_done(daemon, site, self.new)
            self.assert_succession(daemon, site, self.old, self.new)

    def test_a_renewal_that_no_file_event_tells(self):
        site = self.site(on_disk=self.old)
        elsewhere = CertbotLineage(self.directory / "elsewhere", "www", self.new)
        with self.daemon(site.mapping()) as daemon:
            self.wait_until_done(daemon, site, self.old)
            with bind_mounted(self, elsewhere.archive, site.lineage.archive):
                self.wait_until_done(daemon, site, self.new)
                self.assert_succession(daemon, site, self.old, self.new)


if __name__ == "__main__":
    unittest.main()
