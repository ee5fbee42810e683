# SPDX-License-Identifier: MIT
"""Credentials that are lent for a while: a CVM's role, a pod's, and roles assumed on top of others."""

import unittest

from support.daemon import SERVICES, account_table
from support.daemon_case import DaemonCase
from support.lender import ROLE, Lender
from support.secrets import find_secrets

ARN = "qcs::cam::uin/100000000001:roleName/"


class LentCredentials(DaemonCase):
    def setUp(self):
        super().setUp()
        self.lender = Lender(self.sandbox)
        self.addCleanup(self.lender.stop)
        self.www = self.site(on_disk=self.new)

    def borrower(self, credentials: str):
        places = {service: self.sandbox.api for service in SERVICES} | {"metadata": self.lender.metadata}
        if self.lender.sts:
            places["sts"] = self.lender.sts
        endpoint = "{ " + ", ".join(f'{service} = "{place}"' for service, place in places.items()) + " }"
        ca_file = self.directory / "roots-of-endpoints.pem"
        ca_file.write_text(self.sandbox.ca.read_text() + self.authority.root)
        accounts = account_table(self.sandbox, credentials=credentials, endpoint=endpoint, ca_file=f'"{ca_file}"')
        return self.daemon(self.www.mapping(), accounts=accounts)

    def be_sts(self):
        self.lender.be_sts(self.authority.issue("localhost"), self.directory)

    def assert_renewed_and_silent(self, daemon):
        self.wait_until_done(daemon, self.www, self.new)
        self.assert_succession(daemon, self.www, self.old, self.new)
        keys = [key for _, key in self.lender.lent]
        self.assertEqual(find_secrets(daemon.log_file.read_bytes(), keys), [])

    def signers(self) -> list:
        return [call["parameters"]["SecretId"] for call in self.sandbox.requests()]


class CvmRole(LentCredentials):
    def test_the_bound_role_serves(self):
        with self.borrower('"cvm-role"') as daemon:
            self.assert_renewed_and_silent(daemon)
            self.assertEqual(set(self.signers()), {"AKIDlent0001"})
            self.assertRegex(daemon.log(), f"credentials.refreshed account=default .*{ROLE}")

    def test_a_role_that_is_bound_later(self):
        self.lender.role = None
        with self.borrower('"cvm-role"') as daemon:
            daemon.wait_for_log("rotation.waiting .*this CVM has no role bound.*Bind the role to it in the console")
            self.assertEqual(self.sandbox.requests(), [])
            self.lender.role = ROLE
            self.assert_renewed_and_silent(daemon)

    def test_keys_that_run_out_during_a_rotation(self):
        """They are void as soon as there are others, whatever is being done with them."""
        self.lender.life, self.lender.voids = 6, True
        for action in ("CertUpload", "ReplaceCert", "GetCertListWithLoadBalancer"):
            self.sandbox.add_fault("latency", action=action, ms=1500)
        with self.borrower(f'{{ kind = "cvm-role", role = "{ROLE}" }}') as daemon:
            self.assert_renewed_and_silent(daemon)
            self.assertGreater(len(set(self.signers())), 1)
            self.assertNotRegex(daemon.log(), "rotation.waiting|credentials.expired")

    def test_keys_that_cannot_be_renewed_are_waited_for(self):
        self.lender.life = 3
        with self.borrower('"cvm-role"') as daemon:
            self.assert_renewed_and_silent(daemon)
            self.lender.role = None
            self.sandbox.add_fault("latency", ms=4000)
            self.www.write(self.newer)
            daemon.wait_for_log("credentials.expired account=default")
            daemon.wait_for_log("rotation.waiting .*the credentials expired at .*this CVM has no role bound")
            self.lender.role = ROLE
            self.wait_until_done(daemon, self.www, self.newer)


class Sts(LentCredentials):
    def test_a_role_is_assumed_with_the_keys_of_a_file(self):
        self.be_sts()
        file = "{directory}/credentials.toml"
        with self.borrower(f'{{ kind = "file", path = "{file}", role_arn = "{ARN}deploy", duration = "30m" }}') as daemon:
            self.assert_renewed_and_silent(daemon)
            self.assertEqual(set(self.signers()), {"AKIDlent0001"})
        action, headers, body = self.lender.sts_calls[0]
        self.assertEqual((action, headers["X-TC-Version"]), ("AssumeRole", "2018-08-13"))
        self.assertRegex(headers["Authorization"], "^TC3-HMAC-SHA256 Credential=.*/sts/tc3_request")
        self.assertEqual(body, {"RoleArn": ARN + "deploy", "RoleSessionName": "certferry", "DurationSeconds": 1800})

    def test_a_pod_takes_its_role_and_assumes_another(self):
        self.be_sts()
        token = self.directory / "token"
        token.write_text("eyJhbGciOiJSUzI1NiJ9.cG9k\n")
        daemon = self.borrower(f'{{ kind = "oidc", role_arn = "{ARN}deploy" }}')
        daemon.start(TKE_REGION="ap-shanghai", TKE_PROVIDER_ID="cls-1", TKE_ROLE_ARN=ARN + "pod",
                     TKE_WEB_IDENTITY_TOKEN_FILE=str(token))
        self.assert_renewed_and_silent(daemon)
        self.assertEqual(set(self.signers()), {"AKIDlent0002"})
        (first, unsigned, pod), (second, signed, role) = self.lender.sts_calls
        self.assertEqual((first, unsigned["Authorization"], pod["RoleArn"], pod["WebIdentityToken"]),
                         ("AssumeRoleWithWebIdentity", "SKIP", ARN + "pod", token.read_text().strip()))
        self.assertEqual((second, signed["X-TC-Token"], role["RoleArn"]),
                         ("AssumeRole", "tokentokentoken0001", ARN + "deploy"))
        self.assertIn("AKIDlent0001", signed["Authorization"])


if __name__ == "__main__":
    unittest.main()
