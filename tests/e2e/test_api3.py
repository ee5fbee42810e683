# SPDX-License-Identifier: MIT
"""Renewals over API 3.0, with and without trouble."""

import unittest

from support.certificates import RSA
from support.daemon import account_table
from support.daemon_case import DaemonCase
from support.tls import served_fingerprint
from support.waiting import wait_until

REPLACE = "ReplaceCertForLoadBalancers"
UPLOAD = "UploadCertificate"
IMPATIENT = '{ connect = "5s", total = "5s" }'


class Api3Case(DaemonCase):
    API = "3.0"

    def renewed(self, site, daemon, leaf):
        site.write(leaf)
        self.wait_until_done(daemon, site, leaf)

    def probed(self, site) -> str:
        return f'{{ endpoint = ["www.test.example@127.0.0.1:{site.port}"], attempts_for = "5s" }}'


class Renewals(Api3Case):
    def renew_twice(self, deliver: str):
        site = self.site(on_disk=self.old)
        daemon = self.daemon(site.mapping(deliver=f'"{deliver}"', verify=self.probed(site)))
        with daemon:
            self.wait_until_done(daemon, site, self.old)
            self.renewed(site, daemon, self.new)
            self.renewed(site, daemon, self.newer)
            self.assert_succession(daemon, site, self.old, self.new, self.newer)

    def test_two_renewals_delivered_by_id(self):
        self.renew_twice("id")
        self.assertEqual(len(self.sandbox.requests(UPLOAD)), 2)

    def test_two_renewals_delivered_as_content(self):
        self.renew_twice("content")
        self.assertEqual(self.sandbox.requests(UPLOAD), [])

    def test_the_replacement_is_asked_for_in_guangzhou_wherever_the_load_balancer_is(self):
        site = self.site(on_disk=self.new, region="ap-shanghai", load_balancer="lb-shanghai")
        accounts = account_table(self.sandbox, api='"3.0"', regions='["ap-guangzhou", "ap-shanghai"]')
        with self.daemon(site.mapping(), accounts=accounts) as daemon:
            self.wait_until_done(daemon, site, self.new)
            self.assert_succession(daemon, site, self.old, self.new)

    def test_a_clock_that_differs_from_the_clouds_by_an_hour(self):
        self.sandbox.set_clock(-3600)
        site = self.site(on_disk=self.new)
        with self.daemon(site.mapping()) as daemon:
            self.wait_until_done(daemon, site, self.new)
            self.assert_succession(daemon, site, self.old, self.new)

    def test_a_task_that_takes_its_time(self):
        self.sandbox.set_behaviour(request_ids=True, task_polls=2)
        site = self.site(on_disk=self.new)
        with self.daemon(site.mapping()) as daemon:
            self.wait_until_done(daemon, site, self.new)
            self.assert_succession(daemon, site, self.old, self.new)

    def test_a_task_that_is_stuck_for_longer_than_the_proof_may_take(self):
        self.sandbox.set_behaviour(request_ids=True, task_delay_ms=6000)
        site = self.site(on_disk=self.new)
        with self.daemon(site.mapping(verify='{ attempts_for = "1s" }')) as daemon:
            daemon.wait_for_log("rotation.waiting .*reason=not_proven")
            self.wait_until_done(daemon, site, self.new)
            self.assert_succession(daemon, site, self.old, self.new)

    def test_a_task_that_the_api_does_not_know(self):
        self.sandbox.set_behaviour(request_ids=True, task_delay_ms=1000, unknown_tasks=True)
        site = self.site(on_disk=self.new)
        with self.daemon(site.mapping()) as daemon:
            self.wait_until_done(daemon, site, self.new)
            self.assert_succession(daemon, site, self.old, self.new)


class Listeners(Api3Case):
    def test_mutual_tls_stays_as_it_is(self):
        ca_id = self.sandbox.add_client_ca(self.authority.root)
        site = self.site(on_disk=self.new, ssl_mode="mutual", ca_id=ca_id)
        with self.daemon(site.mapping()) as daemon:
            self.wait_until_done(daemon, site, self.new)
        listener = self.sandbox.find_listener(site.listener)
        self.assertEqual((listener["ssl_mode"], listener["ca_id"]), ("mutual", ca_id))
        self.assertEqual(site.fingerprints([listener["cert_id"]]), [self.new.fingerprint])

    def test_mutual_tls_stays_beside_a_listener_without_it(self):
        self.sandbox.set_behaviour(replace_resets_mode=True)
        ca_id = self.sandbox.add_client_ca(self.authority.root)
        site = self.site(on_disk=self.new, ssl_mode="mutual", ca_id=ca_id)
        self.sandbox.add_listener("lbl-plain", site.old_id, load_balancer="lb-plain")
        with self.daemon(site.mapping()) as daemon:
            self.wait_until_done(daemon, site, self.new)
        listener = self.sandbox.find_listener(site.listener)
        self.assertEqual((listener["ssl_mode"], listener["ca_id"]), ("mutual", ca_id))
        self.assertEqual(self.sandbox.find_listener("lbl-plain")["ssl_mode"], "unidirectional")
        self.assertEqual(self.sandbox.bound("lbl-plain"), self.sandbox.bound(site.listener))
        # The call that replaces all at once would have switched it off, if only until that was mended.
        self.assertEqual(self.sandbox.requests(REPLACE), [])

    def test_where_mutual_tls_cannot_be_kept_nothing_is_replaced(self):
        ca_id = self.sandbox.add_client_ca(self.authority.root)
        site = self.site(on_disk=self.new, ssl_mode="mutual", ca_id=ca_id)
        self.sandbox.add_listener("lbl-plain", site.old_id, load_balancer="lb-plain")
        with self.daemon(site.mapping(deliver='"content"')) as daemon:
            daemon.wait_for_log("rotation.rejected .*reason=api_unsupported")
            self.assertEqual(site.replacements(), [])
            self.assertEqual(self.sandbox.bound(site.listener), site.old_id)

    def test_the_other_certificate_of_a_dual_listener_stays_as_it_is(self):
        rsa = self.authority.issue("www.test.example", days=40, kind=RSA)
        rsa_id = self.sandbox.add_certificate(rsa)
        site = self.site(on_disk=self.new, ext_ids=[rsa_id])
        with self.daemon(site.mapping(verify=self.probed(site))) as daemon:
            self.wait_until_done(daemon, site, self.new)
        listener = self.sandbox.find_listener(site.listener)
        self.assertEqual(listener["ext_ids"], [rsa_id])
        self.assertEqual(self.sandbox.find_certificate(listener["cert_id"])["fingerprint"], self.new.fingerprint)


class Broken(Api3Case):
    def test_a_split_is_named_and_healed(self):
        site = self.site(on_disk=self.new)
        self.sandbox.add_listener("lbl-second", site.old_id, load_balancer="lb-second")
        self.sandbox.add_fault("partial", action=REPLACE)
        with self.daemon(site.mapping(verify='{ attempts_for = "0s" }')) as daemon:
            daemon.wait_for_log("rotation.waiting .*reason=split")
            self.wait_until_done(daemon, site, self.new)
            self.assertEqual(self.sandbox.bound("lbl-second"), self.sandbox.bound(site.listener))

    def test_a_listener_left_without_a_certificate_is_bound_directly(self):
        site = self.site(on_disk=self.new)
        self.sandbox.add_fault("unbind", action=REPLACE)
        with self.daemon(site.mapping()) as daemon:
            daemon.wait_for_log("rotation.bound_directly")
            self.wait_until_done(daemon, site, self.new)
        self.assertEqual(served_fingerprint(site.port), self.new.fingerprint)
        self.assertEqual(len(self.sandbox.requests("ModifyListener")), 1)

    def test_a_success_that_changes_nothing_is_reported_as_not_proven(self):
        self.sandbox.add_fault("success_without_effect", action=REPLACE, times=1000)
        site = self.site(on_disk=self.new)
        with self.daemon(site.mapping(verify='{ attempts_for = "0s" }')) as daemon:
            daemon.wait_for_log("rotation.waiting .*reason=not_proven")
            self.assertNotRegex(daemon.log(), "rotation.done")
            self.assertEqual(self.sandbox.bound(site.listener), site.old_id)
            self.sandbox.clear_faults()
            self.wait_until_done(daemon, site, self.new)

    def test_a_certificate_that_the_endpoint_does_not_serve_is_rolled_back(self):
        site, other = self.site(on_disk=self.new), self.site("other")
        verify = f'{{ endpoint = ["www.test.example@127.0.0.1:{other.port}"], attempts_for = "0s", ' \
                 'on_failure = "rollback" }'
        with self.daemon(site.mapping(verify=verify)) as daemon:
            daemon.wait_for_log("rotation.held .*reason=rolled_back")
            self.assertEqual(self.sandbox.bound(site.listener), site.old_id)
            self.assertEqual(daemon.target("www", "status")["reason"], "rolled_back")

    def test_an_answer_lost_after_an_upload_was_carried_out(self):
        self.lose_an_answer(UPLOAD)

    def test_an_answer_lost_after_a_replacement_was_carried_out(self):
        self.lose_an_answer(REPLACE)

    def lose_an_answer(self, action: str):
        self.sandbox.add_fault("reset_after", action=action)
        site = self.site(on_disk=self.new)
        accounts = account_table(self.sandbox, api='"3.0"', timeout=IMPATIENT)
        with self.daemon(site.mapping(), accounts=accounts) as daemon:
            self.wait_until_done(daemon, site, self.new)
            self.assert_succession(daemon, site, self.old, self.new)
        self.assertEqual(len(self.sandbox.requests(action)), 1)


class ChangedFromOutside(Api3Case):
    def renewed_once(self):
        site = self.site(on_disk=self.old)
        daemon = self.daemon(site.mapping())
        self.enterContext(daemon)
        self.wait_until_done(daemon, site, self.old)
        self.renewed(site, daemon, self.new)
        return site, daemon

    def test_another_certificate_is_named_and_never_replaced(self):
        site, daemon = self.renewed_once()
        theirs = self.sandbox.add_certificate(self.authority.issue("www.test.example", days=95))
        self.sandbox.bind(site.listener, theirs)
        site.write(self.newer)
        daemon.wait_for_log(f"rotation.held .*reason=head_stale .*{theirs}")
        self.assertEqual(self.sandbox.bound(site.listener), theirs)

    def test_an_earlier_certificate_of_the_succession_is_followed(self):
        site, daemon = self.renewed_once()
        self.sandbox.bind(site.listener, site.old_id)
        self.renewed(site, daemon, self.newer)
        self.assertEqual(served_fingerprint(site.port), self.newer.fingerprint)
        fingerprints = site.fingerprints([entry["id"] for entry in daemon.target("www")["succession"]])
        self.assertEqual(fingerprints, [leaf.fingerprint for leaf in (self.old, self.new, self.old, self.newer)])


    def test_without_a_renewal_it_is_seen_in_the_plan_and_mended_on_demand(self):
        site, daemon = self.renewed_once()
        head = self.sandbox.bound(site.listener)
        self.sandbox.bind(site.listener, site.old_id)
        self.assertIn(f"why {head} has gone from lb-", daemon.certferry("plan"))
        daemon.certferry("rotate", "www", "--force", "--wait")
        self.assertEqual(self.sandbox.bound(site.listener), head)
        self.assertEqual(served_fingerprint(site.port), self.new.fingerprint)


class Cleanup(Api3Case):
    def test_what_was_superseded_is_muted_and_deleted(self):
        site = self.site(on_disk=self.old)
        with self.daemon(site.mapping(cleanup='{ after = "1s" }')) as daemon:
            self.wait_until_done(daemon, site, self.old)
            self.renewed(site, daemon, self.new)
            first_id = self.sandbox.bound(site.listener)
            self.renewed(site, daemon, self.newer)
            daemon.wait_for_log(f"certificate.removed .*old_id={first_id}")
        ids = {certificate["id"] for certificate in self.sandbox.state()["certificates"]}
        self.assertEqual(ids, {site.old_id, self.sandbox.bound(site.listener)})
        self.assertEqual(len(self.sandbox.requests("ModifyCertificatesExpiringNotificationSwitch")), 1)


if __name__ == "__main__":
    unittest.main()
