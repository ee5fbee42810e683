# SPDX-License-Identifier: MIT
"""Tencent's own SDK of API 2.0 (npm qcloudapi-sdk 0.2.1) works against the sandbox: only its host is set."""

import json
import os
import shutil
import subprocess
import unittest
from pathlib import Path

from support.certificates import tencent_form
from support.paths import build_directory
from support.sandbox import SECRET_ID, SECRET_KEY
from support.sandbox_case import SandboxCase
from support.tls import served_fingerprint


def install_sdk() -> Path:
    """A directory with call_api2.js and the SDK as the lock file has it, below the build directory."""
    source, place = Path(__file__).parent / "node", build_directory() / "node"
    place.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json", "call_api2.js"):
        shutil.copy(source / name, place / name)
    installed = place / "installed-lock.json"
    lock = (place / "package-lock.json").read_text()
    if not installed.exists() or installed.read_text() != lock:
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=place, check=True,
                       stdout=subprocess.DEVNULL)
        installed.write_text(lock)
    return place


class OfficialSdk(SandboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.place = install_sdk()

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


if __name__ == "__main__":
    unittest.main()
