# SPDX-License-Identifier: MIT
"""The sandbox hands out temporary keys as the metadata service and STS do."""

import json
import time
import unittest
import urllib.error
import urllib.request

from support.api3_client import Api3Client, Failed
from support.sandbox_case import SandboxCase
from support.waiting import wait_until

CREDENTIALS = "/latest/meta-data/cam/security-credentials/"
ROLE = "qcs::cam::uin/1:roleName/certferry"


class Roles(SandboxCase):
    def setUp(self):
        super().setUp()
        self.client = Api3Client(self.sandbox)

    def metadata(self, path: str = "") -> str:
        with urllib.request.urlopen(self.sandbox.metadata + CREDENTIALS + path, timeout=20) as answer:
            return answer.read().decode()

    def works(self, key: dict, token: str | None = None) -> bool:
        client = Api3Client(self.sandbox, key["TmpSecretId"], key["TmpSecretKey"],
                            key["Token"] if token is None else token)
        try:
            client.call("DescribeLoadBalancers")
            return True
        except Failed as failed:
            self.assertEqual(failed.code, "AuthFailure.TokenFailure")
            return False

    def test_a_machine_without_a_role(self):
        for path in ("", "certferry"):
            with self.assertRaises(urllib.error.HTTPError) as refusal:
                self.metadata(path)
            self.assertEqual(refusal.exception.code, 404)
            refusal.exception.close()

    def test_the_role_of_the_machine_has_keys(self):
        self.sandbox.set_roles(machine="certferry")
        self.assertEqual(self.metadata(), "certferry")
        key = json.loads(self.metadata("certferry"))
        self.assertEqual(key["Code"], "Success")
        self.assertAlmostEqual(key["ExpiredTime"], time.time() + 43200, delta=120)
        self.assertTrue(self.works(key))
        self.assertFalse(self.works(key, token=""))
        self.assertNotEqual(json.loads(self.metadata("certferry"))["TmpSecretId"], key["TmpSecretId"])

    def test_keys_that_live_for_seconds(self):
        self.sandbox.set_roles(machine="certferry", ttl_s=1)
        key = json.loads(self.metadata("certferry"))
        wait_until(lambda: not self.works(key), "the key runs out")
        self.assertTrue(self.works(json.loads(self.metadata("certferry"))))

    def test_a_role_is_assumed_with_a_key(self):
        answer = self.client.call("AssumeRole", RoleArn=ROLE, RoleSessionName="certferry", DurationSeconds=600)
        self.assertAlmostEqual(answer["ExpiredTime"], time.time() + 600, delta=120)
        self.assertTrue(self.works(answer["Credentials"]))
        for parameters, code in (({"RoleSessionName": "x"}, "MissingParameter"),
                                 ({"RoleArn": ROLE, "RoleSessionName": "x", "DurationSeconds": 43201},
                                  "InvalidParameter.OverTimeError")):
            with self.assertRaises(Failed) as failed:
                self.client.call("AssumeRole", **parameters)
            self.assertEqual(failed.exception.code, code)

    def assume_with(self, identity: str) -> dict:
        parameters = {"ProviderId": "tke", "WebIdentityToken": identity, "RoleArn": ROLE, "RoleSessionName": "x"}
        return self.client.send("AssumeRoleWithWebIdentity", parameters, Authorization="SKIP").json()["Response"]

    def test_a_role_is_assumed_with_an_identity_and_without_a_signature(self):
        self.sandbox.set_roles(web_identity="the second one")
        self.assertEqual(self.assume_with("the first one")["Error"]["Code"], "InvalidParameter.WebIdentityTokenError")
        self.assertTrue(self.works(self.assume_with("the second one")["Credentials"]))
        self.assertNotIn("the second one", str(self.sandbox.requests()))

    def test_no_other_action_goes_without_a_signature(self):
        answer = self.client.send("AssumeRole", {"RoleArn": ROLE, "RoleSessionName": "x"}, Authorization="SKIP")
        self.assertEqual(answer.json()["Response"]["Error"]["Code"], "AuthFailure.InvalidAuthorization")


if __name__ == "__main__":
    unittest.main()
