# SPDX-License-Identifier: MIT
"""Credentials that are lent for a while: a CVM's role, a pod's, and roles assumed on top of others."""

import unittest

from support.daemon import SERVICES, account_table
from support.daemon_case import DaemonCase
from support.secrets import find_secrets

ROLE = "certferry"
ARN = "qcs::cam::uin/100000000001:roleName/"
# A role that lends keys which are due for renewal as soon as they are there.
SHORT_LIVED = 4


class LentCredentials(DaemonCase):
    def setUp(self):
        super().setUp()
        self.www = self.site(on_disk=self.new)

    def borrower(self, credentials: str):
        places = {service: self.sandbox.api for service in SERVICES} | {"metadata": self.sandbox.metadata}
        endpoint = "{ " + ", ".join(f'{service} = "{place}"' for service, place in places.items()) + " }"
        accounts = account_table(self.sandbox, api=f'"{self.API}"', credentials=credentials, endpoint=endpoint)
        return self.daemon(self.www.mapping(), accounts=accounts)

    def assert_renewed(self, daemon):
        self.wait_until_done(daemon, self.www, self.new)
        self.assert_succession(daemon, self.www, self.old, self.new)

    def assert_renewed_while_keys_run_out(self, *actions: str, **refusal):
        """The first call of each action finds that its keys have run out. The rotation goes on with others."""
        self.sandbox.set_roles(machine=ROLE)
        for action in actions:
            self.sandbox.add_fault("error", action=action, **refusal)
        with self.borrower(f'{{ kind = "cvm-role", role = "{ROLE}" }}') as daemon:
            self.assert_renewed(daemon)
            self.assertEqual(daemon.log().count("credentials.refreshed"), 1 + len(actions))
            self.assertNotRegex(daemon.log(), "rotation.waiting")

    def calls(self, action: str) -> list:
        return [call["parameters"] for call in self.sandbox.requests(action)]


class CvmRole(LentCredentials):
    def signers(self) -> set:
        return {call["parameters"]["SecretId"] for call in self.sandbox.requests() if call["action"] != "metadata"}

    def test_the_bound_role_serves(self):
        self.sandbox.set_roles(machine=ROLE)
        with self.borrower('"cvm-role"') as daemon:
            self.assert_renewed(daemon)
            self.assertEqual(len(self.signers()), 1, "lent once")
            self.assertRegex(daemon.log(), f"credentials.refreshed account=default .*{ROLE}")

    def test_a_role_that_is_bound_later(self):
        with self.borrower('"cvm-role"') as daemon:
            daemon.wait_for_log("rotation.waiting .*this CVM has no role bound.*Bind the role to it in the console")
            self.assertEqual(self.signers(), set())
            self.sandbox.set_roles(machine=ROLE)
            self.assert_renewed(daemon)

    def test_keys_that_run_out_during_a_rotation(self):
        self.assert_renewed_while_keys_run_out("CertGetList", "CertUpload", "ReplaceCert",
                                               "GetCertListWithLoadBalancer", code=4105)

    def test_keys_that_live_for_seconds(self):
        self.sandbox.set_roles(machine=ROLE, ttl_s=SHORT_LIVED)
        self.sandbox.add_fault("latency", times=3, ms=1000)
        with self.borrower('"cvm-role"') as daemon:
            self.assert_renewed(daemon)
            self.assertGreater(len(self.signers()), 1)

    def test_keys_that_cannot_be_renewed_are_waited_for(self):
        self.sandbox.set_roles(machine=ROLE, ttl_s=SHORT_LIVED)
        with self.borrower('"cvm-role"') as daemon:
            self.assert_renewed(daemon)
            self.sandbox.set_roles(machine="")
            self.sandbox.add_fault("latency", ms=1000 * (SHORT_LIVED + 1))
            self.www.write(self.newer)
            daemon.wait_for_log("rotation.waiting .*no role bound")
            self.sandbox.set_roles(machine=ROLE)
            self.wait_until_done(daemon, self.www, self.newer)


class Api3(LentCredentials):
    API = "3.0"

    def test_keys_that_run_out_during_a_rotation(self):
        self.assert_renewed_while_keys_run_out("CheckCertificateExist", "UploadCertificate",
                                               "ReplaceCertForLoadBalancers", "DescribeLoadBalancerListByCertId",
                                               code="AuthFailure.TokenFailure")


class Sts(LentCredentials):
    API = "3.0"

    def test_a_role_is_assumed_with_the_keys_of_a_file(self):
        self.sandbox.set_roles(ttl_s=SHORT_LIVED)
        with self.borrower('{ kind = "file", path = "{directory}/credentials.toml", '
                           f'role_arn = "{ARN}deploy", external_id = "acme:7", duration = "30m" }}') as daemon:
            self.assert_renewed(daemon)
        self.assertEqual(self.calls("AssumeRole")[0], {
            "Region": "ap-guangzhou", "RoleArn": ARN + "deploy", "RoleSessionName": "certferry",
            "DurationSeconds": "1800", "ExternalId": "acme:7"})
        self.assertEqual(self.sandbox.requests("metadata"), [])

    def test_a_pod_takes_its_role_and_assumes_another(self):
        """The pod's token is read anew each time, sent without a signature, and not told."""
        token = self.directory / "token"
        token.write_text("the-token-that-has-run-out\n")
        self.sandbox.set_roles(web_identity="the-token-that-is-good")
        daemon = self.borrower(f'{{ kind = "oidc", role_arn = "{ARN}deploy" }}')
        daemon.start(TKE_REGION="ap-shanghai", TKE_PROVIDER_ID="cls-1", TKE_ROLE_ARN=ARN + "pod",
                     TKE_WEB_IDENTITY_TOKEN_FILE=str(token))
        daemon.wait_for_log("rotation.waiting .*WebIdentityToken: not accepted")
        token.write_text("the-token-that-is-good\n")
        self.assert_renewed(daemon)
        self.assertEqual(self.calls("AssumeRoleWithWebIdentity")[-1]["RoleArn"], ARN + "pod")
        self.assertEqual(self.calls("AssumeRole")[-1]["RoleArn"], ARN + "deploy")
        self.assertEqual(find_secrets(daemon.log_file.read_bytes(), ["the-token-that"]), [])


if __name__ == "__main__":
    unittest.main()
