# SPDX-License-Identifier: MIT
"""A cloud that fails, lies, or does not answer."""

import unittest

from support.daemon import account_table
from support.daemon_case import DaemonCase
from support.sandbox import SECRET_ID, SECRET_KEY, Sandbox
from support.waiting import wait_until

# What a call meets without being carried out, each with one failure.
REFUSALS = ({"kind": "reset_before"}, {"kind": "http_status", "status": 502}, {"kind": "html"},
            {"kind": "error", "code": 6000}, {"kind": "error", "code": 4400, "code_desc": "RequestLimitExceeded"})
# What makes the answer of a call useless that was carried out.
LOST_ANSWERS = ({"kind": "reset_after"}, {"kind": "http_status", "status": 504, "executed": True},
                {"kind": "html", "executed": True}, {"kind": "malformed"}, {"kind": "huge"},
                {"kind": "error", "code": 6000, "executed": True}, {"kind": "slow", "ms": 500})
IMPATIENT = '{ connect = "1s", total = "1s" }'


class UselessAnswers(DaemonCase):
    def impatient_daemon(self, site, deliver: str = "id"):
        accounts = account_table(self.sandbox, timeout=IMPATIENT)
        return self.daemon(site.mapping(deliver=f'"{deliver}"'), accounts=accounts)

    def renew_under(self, troubles, action: str, deliver: str = "id"):
        """One renewal for each of the troubles, which are faults that strike `action` one after the other."""
        leaves = [self.authority.issue("www.test.example", days=30 + number) for number, _ in enumerate(troubles)]
        site = self.site(on_disk=self.old)
        with self.impatient_daemon(site, deliver) as daemon:
            self.wait_until_done(daemon, site, self.old)
            for faults, leaf in zip(troubles, leaves):
                for fault in faults:
                    self.sandbox.add_fault(action=action, **fault)
                site.write(leaf)
                self.wait_until_done(daemon, site, leaf)
            self.assert_succession(daemon, site, self.old, *leaves)
        self.assertEqual(self.sandbox.call("GET", "/faults")["faults"], [], "all have struck")

    def test_of_reads(self):
        for fault in REFUSALS + LOST_ANSWERS:
            for action in ("CertGetList", "GetCertListWithLoadBalancer"):
                self.sandbox.add_fault(action=action, **fault)
        site = self.site(on_disk=self.new)
        with self.impatient_daemon(site) as daemon:
            self.wait_until_done(daemon, site, self.new)
            self.assert_succession(daemon, site, self.old, self.new)

    def test_of_uploads_that_were_not_carried_out(self):
        self.renew_under([REFUSALS], "CertUpload")

    def test_of_uploads_that_were_carried_out(self):
        self.renew_under([[fault] for fault in LOST_ANSWERS], "CertUpload")
        self.assertEqual(len(self.sandbox.requests("CertUpload")), len(LOST_ANSWERS))

    def test_of_replacements_that_were_not_carried_out(self):
        self.renew_under([REFUSALS], "ReplaceCert")

    def test_of_replacements_that_were_carried_out(self):
        self.renew_under([[fault] for fault in LOST_ANSWERS], "ReplaceCert")
        self.assertEqual(len(self.sandbox.requests("ReplaceCert")), len(LOST_ANSWERS))

    def test_of_replacements_by_content(self):
        some = LOST_ANSWERS[:1] + LOST_ANSWERS[-1:]
        self.renew_under([REFUSALS[:1], *([fault] for fault in some)], "ReplaceCert", deliver="content")
        self.assertEqual(len(self.sandbox.requests("ReplaceCert")), 2 + len(some))


class HalfTruths(DaemonCase):
    def test_a_success_that_changes_nothing_is_never_done(self):
        self.sandbox.add_fault("success_without_effect", action="ReplaceCert", times=1000)
        site = self.site(on_disk=self.new)
        with self.daemon(site.mapping(verify='{ attempts_for = "0s" }')) as daemon:
            daemon.wait_for_log("rotation.waiting .*still has")
            wait_until(lambda: len(self.sandbox.requests("ReplaceCert")) >= 2, "it tries again")
            standing = daemon.target("www", "status")
            self.assertEqual((standing["deployed_id"], self.sandbox.bound(site.listener)), (site.old_id, site.old_id))
            self.assertNotEqual(standing["stage"], "done")
            self.assertNotRegex(daemon.log(), "rotation.done")
            self.sandbox.clear_faults()
            self.wait_until_done(daemon, site, self.new)
            self.assert_succession(daemon, site, self.old, self.new)

    def test_not_proven_is_what_status_says_of_it(self):
        self.sandbox.add_fault("success_without_effect", action="ReplaceCert", times=1000)
        site = self.site(on_disk=self.new)
        mapping = site.mapping(verify='{ attempts_for = "0s" }', retry='{ initial = "1h", max = "1h" }')
        with self.daemon(mapping) as daemon:
            daemon.wait_for_log("rotation.waiting")
            standing = daemon.target("www", "status")
            self.assertEqual((standing["pause"], standing["reason"]), ("waiting", "not_proven"))

    def test_a_replacement_of_some_listeners_is_completed(self):
        self.sandbox.add_fault("partial", action="ReplaceCert")
        site = self.site(on_disk=self.new)
        self.sandbox.add_listener("lbl-second", site.old_id)
        with self.daemon(site.mapping(verify='{ attempts_for = "0s" }')) as daemon:
            daemon.wait_for_log("rotation.waiting .*lbl-second still has")
            self.wait_until_done(daemon, site, self.new)
            self.assert_succession(daemon, site, self.old, self.new)
            self.assertEqual(self.sandbox.bound("lbl-second"), self.sandbox.bound(site.listener))

    def test_an_endpoint_that_serves_another_certificate_is_no_success(self):
        site = self.site(on_disk=self.new)
        other_id = self.sandbox.add_certificate(self.newer)
        other_port = self.sandbox.add_listener("lbl-other", other_id)
        verify = f'{{ endpoint = ["127.0.0.1:{other_port}"], attempts_for = "0s" }}'
        with self.daemon(site.mapping(verify=verify)) as daemon:
            daemon.wait_for_log("rotation.waiting .*serves")
            self.assertEqual(daemon.target("www", "status")["reason"], "served_other")
            self.assertNotRegex(daemon.log(), "rotation.done")
            self.sandbox.bind("lbl-other", self.sandbox.bound(site.listener))
            self.wait_until_done(daemon, site, self.new)
            self.assert_succession(daemon, site, self.old, self.new)


class OneTargetAlone(DaemonCase):
    def test_an_account_that_fails_delays_no_other(self):
        abroad = Sandbox(self.directory / "abroad")
        self.addCleanup(abroad.stop)
        abroad.add_fault("http_status", action="ReplaceCert", status=503, times=1000)
        www, shop = self.site("www", self.new), self.site("shop", self.new, sandbox=abroad)
        accounts = account_table(self.sandbox) + account_table(abroad, "abroad")
        with self.daemon(shop.mapping(account='"abroad"'), www.mapping(), accounts=accounts) as daemon:
            daemon.wait_for_log("rotation.waiting mapping=shop")
            self.wait_until_done(daemon, www, self.new)
            self.assert_succession(daemon, www, self.old, self.new)
            self.assertEqual(shop.replacements(), [])
            wait_until(lambda: len(abroad.requests("ReplaceCert")) >= 3, "it tries again and again")
            abroad.clear_faults()
            self.wait_until_done(daemon, shop, self.new)
            self.assert_succession(daemon, shop, self.old, self.new)

    def test_a_certificate_that_no_listener_uses_is_waited_for(self):
        www = self.site("www", self.new)
        idle = self.sandbox.add_certificate(self.authority.issue("www.test.example", days=20))
        unused = www.mapping(name='"unused"', old_cert_id=f'"{idle}"')
        with self.daemon(unused, www.mapping()) as daemon:
            daemon.wait_for_log("rotation.waiting mapping=unused .*bound to no listener")
            self.wait_until_done(daemon, www, self.new)
            self.sandbox.add_listener("lbl-late", idle)
            daemon.wait_for_log("rotation.done mapping=unused")
            self.assertEqual(daemon.target("unused", "status")["deployed_id"], self.sandbox.bound("lbl-late"))


class Credentials(DaemonCase):
    def corrected(self, wrong: tuple, complaint: str):
        """A daemon with wrong credentials says so, and succeeds once the file is right, without a restart."""
        site = self.site(on_disk=self.new)
        daemon = self.daemon(site.mapping())
        daemon.write_credentials(*wrong)
        with daemon:
            line = daemon.wait_for_log("rotation.waiting")
            for words in (complaint, str(self.directory / "credentials.toml"), "Check secret_id and secret_key"):
                self.assertIn(words, line)
            self.assert_nothing_carried_out(site)
            daemon.write_credentials(SECRET_ID, SECRET_KEY)
            self.wait_until_done(daemon, site, self.new)
            self.assert_succession(daemon, site, self.old, self.new)

    def assert_nothing_carried_out(self, site):
        self.assertEqual((site.uploads(self.new), site.replacements()), (0, []))

    def test_a_wrong_secret_key(self):
        self.corrected((SECRET_ID, "wrong0000000000000000000000000000"), "the API refuses the signature")

    def test_an_unknown_secret_id(self):
        self.corrected(("AKIDunknown000000000000000000000000", SECRET_KEY), "the SecretId is unknown or disabled")

    def test_a_missing_file(self):
        site = self.site(on_disk=self.new)
        daemon = self.daemon(site.mapping())
        (self.directory / "credentials.toml").unlink()
        with daemon:
            daemon.wait_for_log("rotation.waiting .*credentials.toml")
            self.assertEqual(self.sandbox.requests(), [])
            daemon.write_credentials(SECRET_ID, SECRET_KEY)
            self.wait_until_done(daemon, site, self.new)

    def test_a_file_that_others_can_read_is_not_used(self):
        site = self.site(on_disk=self.new)
        daemon = self.daemon(site.mapping())
        (self.directory / "credentials.toml").chmod(0o644)
        with daemon:
            daemon.wait_for_log("rotation.waiting .*credentials.toml")
            self.assertEqual(self.sandbox.requests(), [])
            (self.directory / "credentials.toml").chmod(0o600)
            self.wait_until_done(daemon, site, self.new)


if __name__ == "__main__":
    unittest.main()
