# SPDX-License-Identifier: MIT
"""Tencent's own SDKs work against the sandbox, that of API 2.0 (npm qcloudapi-sdk) and that of API 3.0 (npm
tencentcloud-sdk-nodejs): only the host is set, and where one verifies certificates the CA."""

import json
import os
import subprocess
import unittest

from support.certificates import tencent_form
from support.daemon import account_table
from support.daemon_case import DaemonCase
from support.node import install
from support.sandbox import SECRET_ID, SECRET_KEY, Sandbox
from support.sandbox_case import SandboxCase
from support.tls import served_fingerprint


class SdkOfApi2(SandboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.place = install("node")

    def call(self, hash_name, secret_key=SECRET_KEY, **parameters) -> dict:
        sdk = {"host": f"127.0.0.1:{self.sandbox.port}", "SecretId": SECRET_ID, "SecretKey": secret_key,
               "signatureMethod": hash_name}
        call = {"sdk": sdk, "parameters": {"Region": "ap-guangzhou", **parameters}}
        # The SDK does not verify certificates, about which node warns.
        done = subprocess.run(["node", "--no-warnings", "call_api2.js"], input=json.dumps(call), cwd=self.place,
                              capture_output=True, text=True, timeout=60, env=os.environ)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def upload_and_replace(self, hash_name):
        old_id = self.sandbox.add_certificate(self.old)
        port = self.sandbox.add_listener("lbl-1", old_id)
        chain, key = tencent_form(self.new)
        uploaded = self.call(hash_name, Action="CertUpload", cert=chain, key=key, certType="SVR", alias="by the SDK")
        self.assertEqual(uploaded["code"], 0, uploaded)
        new_id = uploaded["data"]["id"]
        replaced = self.call(hash_name, Action="ReplaceCert", oldCertId=old_id, newCertId=new_id)
        self.assertEqual(replaced["codeDesc"], "Success", replaced)
        self.assertEqual(self.sandbox.bound("lbl-1"), new_id)
        self.assertEqual(served_fingerprint(port), self.new.fingerprint)

    def test_uploads_and_replaces_signed_with_sha1(self):
        self.upload_and_replace("sha1")

    def test_uploads_and_replaces_signed_with_sha256(self):
        self.upload_and_replace("sha256")

    def test_replaces_by_content(self):
        old_id = self.bind_old()
        chain, key = tencent_form(self.new)
        answer = self.call("sha256", Action="ReplaceCert", oldCertId=old_id, newCertContent=chain, newCertKey=key,
                           newCertName="inline")
        self.assertEqual(answer["code"], 0, answer)
        self.assertNotEqual(self.sandbox.bound("lbl-1"), old_id)

    def test_reads_lists_of_ids(self):
        old_id = self.bind_old()
        answer = self.call("sha1", Action="GetCertListWithLoadBalancer", certIds=[old_id])
        self.assertEqual(list(answer["certSet"]), [old_id])

    def test_is_refused_with_a_wrong_key(self):
        old_id = self.bind_old()
        for hash_name in ("sha1", "sha256"):
            answer = self.call(hash_name, secret_key="wrong", Action="ReplaceCert", oldCertId=old_id, newCertId=old_id)
            self.assertEqual((answer["code"], answer["codeDesc"]), (4100, "AuthFailure"))


class ClientOfApi3:
    """What a test case does through Tencent's SDK of API 3.0."""

    VERSIONS = {"clb": "v20180317", "ssl": "v20191205", "sts": "v20180813"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.place = install("node")

    def call(self, service: str, action: str, parameters: dict, key: dict | None = None, method: str = "POST") -> dict:
        """{"answer": ...} or {"code": ...}."""
        credential = key or {"secretId": SECRET_ID, "secretKey": SECRET_KEY}
        profile = {"endpoint": f"127.0.0.1:{self.sandbox.port}", "reqMethod": method}
        call = {"service": service, "version": self.VERSIONS[service], "action": action, "parameters": parameters,
                "client": {"credential": credential, "region": "ap-guangzhou", "profile": {"httpProfile": profile}}}
        done = subprocess.run(["node", "call_api3.js"], input=json.dumps(call), cwd=self.place, capture_output=True,
                              text=True, timeout=60, env=os.environ | {"NODE_EXTRA_CA_CERTS": str(self.sandbox.ca)})
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def answer(self, *arguments, **options) -> dict:
        told = self.call(*arguments, **options)
        self.assertIn("answer", told, told)
        return told["answer"]

    def upload_new(self, alias: str = "by the SDK") -> str:
        chain, key = tencent_form(self.new)
        return self.answer("ssl", "UploadCertificate", {
            "CertificatePublicKey": chain, "CertificatePrivateKey": key, "Alias": alias,
            "Repeatable": False})["CertificateId"]


class SdkOfApi3(ClientOfApi3, SandboxCase):
    def test_uploads_replaces_awaits_and_reads_back(self):
        old_id = self.sandbox.add_certificate(self.old)
        port = self.sandbox.add_listener("lbl-1", old_id)
        self.sandbox.set_behaviour(task_polls=1)
        new_id = self.upload_new()
        self.assertEqual(self.upload_new(), new_id)
        task = self.answer("clb", "ReplaceCertForLoadBalancers",
                           {"OldCertificateId": old_id, "Certificate": {"CertId": new_id}})["RequestId"]
        self.assertEqual([self.answer("clb", "DescribeTaskStatus", {"TaskId": task})["Status"] for _ in "12"], [2, 0])
        for method in ("POST", "GET"):
            listeners = self.answer("clb", "DescribeListeners", {"LoadBalancerId": "lb-test", "ListenerIds": ["lbl-1"]},
                                    method=method)["Listeners"]
            self.assertEqual([entry["Certificate"]["CertId"] for entry in listeners], [new_id])
        self.assertEqual(served_fingerprint(port), self.new.fingerprint)

    def test_is_refused_with_a_wrong_key(self):
        for key, code in (({"secretId": SECRET_ID, "secretKey": "wrong"}, "AuthFailure.SignatureFailure"),
                          ({"secretId": "AKIDunknown", "secretKey": SECRET_KEY}, "AuthFailure.SecretIdNotFound")):
            self.assertEqual(self.call("clb", "DescribeLoadBalancers", {}, key=key), {"code": code})

    def test_assumes_a_role_and_calls_with_its_key(self):
        lent = self.answer("sts", "AssumeRole", {"RoleArn": "qcs::cam::uin/1:roleName/x", "RoleSessionName": "x"})
        key = {"secretId": lent["Credentials"]["TmpSecretId"], "secretKey": lent["Credentials"]["TmpSecretKey"]}
        self.assertEqual(self.call("ssl", "DescribeCertificates", {}, key=key), {"code": "AuthFailure.TokenFailure"})
        token = {"token": lent["Credentials"]["Token"]}
        self.assertEqual(self.answer("ssl", "DescribeCertificates", {}, key=key | token)["TotalCount"], 0)


class ByHandAndByDaemon(ClientOfApi3, DaemonCase):
    """The same renewal, done in two clouds that are alike: by certferryd, and by a person with the SDK."""

    def test_leave_the_same_behind(self):
        site = self.site(on_disk=self.new)
        with self.daemon(site.mapping(), accounts=account_table(self.sandbox, api='"3.0"')) as daemon:
            self.wait_until_done(daemon, site, self.new)
        left_by_daemon = self.left_behind()

        self.addCleanup(self.sandbox.stop)
        self.sandbox = Sandbox(self.directory / "by-hand")
        site = self.site()
        new_id = self.upload_new(alias=f"certferry-www-{self.new.fingerprint[:12]}")
        self.answer("clb", "ReplaceCertForLoadBalancers",
                    {"OldCertificateId": site.old_id, "Certificate": {"CertId": new_id}})
        self.assertEqual(left_by_daemon, self.left_behind())

    def left_behind(self) -> dict:
        """The state of the cloud, without times, ports and how it was asked for."""
        state = self.sandbox.state()
        passing = ("at_ms", "port", "history")
        return {part: [{key: value for key, value in one.items() if key not in passing} for one in state[part]]
                for part in ("certificates", "listeners", "replacements", "uploads")}


if __name__ == "__main__":
    unittest.main()
