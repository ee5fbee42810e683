# SPDX-License-Identifier: MIT
"""The sandbox answers API 2.0 as Tencent's pages and users say."""

import time
import unittest

from support.api2_client import Api2Client
from support.certificates import RSA, Authority, openssl, tencent_form
from support.sandbox import Refused
from support.sandbox_case import SandboxCase
from support.tls import served_fingerprint


class Signatures(SandboxCase):
    def call_code(self, client=None, method="POST", host="127.0.0.1", **parameters):
        client = client or self.client
        return client.send(client.signed("CertGetList", parameters, method, host), method).json()["code"]

    def test_both_methods_and_both_hashes_are_understood(self):
        for method in ("GET", "POST"):
            for signature_method in ("HmacSHA1", "HmacSHA256"):
                self.assertEqual(self.call_code(method=method, SignatureMethod=signature_method), 0)

    def test_the_host_may_be_signed_with_its_port_or_as_the_service_itself(self):
        for host in (f"127.0.0.1:{self.sandbox.port}", "lb.api.qcloud.com", "wss.api.qcloud.com"):
            self.assertEqual(self.call_code(host=host), 0)
        self.assertEqual(self.call_code(host="cvm.api.qcloud.com"), 4100)

    def test_a_wrong_key_and_an_unknown_id_are_told_apart(self):
        self.assertEqual(self.call_code(Api2Client(self.sandbox, secret_key="wrong")), 4100)
        self.assertEqual(self.call_code(Api2Client(self.sandbox, secret_id="AKIDunknown")), 4104)

    def test_a_changed_parameter_breaks_the_signature(self):
        request = self.client.signed("CertGetList", {"searchKey": "a"})
        self.assertEqual(self.client.send(request | {"searchKey": "b"}).json()["codeDesc"], "AuthFailure")

    def test_credentials_can_be_added_and_disabled(self):
        self.sandbox.set_credentials("AKIDsecond", "second")
        self.assertEqual(self.call_code(Api2Client(self.sandbox, "AKIDsecond", "second")), 0)
        self.sandbox.set_credentials("AKIDsecond", "", enabled=False)
        self.assertEqual(self.call_code(Api2Client(self.sandbox, "AKIDsecond", "second")), 4104)

    def test_a_temporary_key_needs_its_token_while_it_lives(self):
        self.sandbox.set_credentials("AKIDtemporary", "key", token="token", ttl_s=600)
        client = Api2Client(self.sandbox, "AKIDtemporary", "key")
        self.assertEqual(self.call_code(client, Token="token"), 0)
        self.assertEqual(self.call_code(client, Token="other"), 4105)
        self.assertEqual(self.call_code(client), 4105)
        self.sandbox.set_clock(700)
        self.assertEqual(self.call_code(client, Token="token", Timestamp=int(time.time()) + 700), 4105)

    def test_more_requests_than_a_second_may_have(self):
        self.sandbox.set_behaviour(requests_per_second=1)
        codes = [self.call_code() for _ in range(20)]
        self.assertEqual((codes[0], set(codes)), (0, {0, 4400}))
        self.assertEqual(self.sandbox.state()["throttled"], {"CertGetList": codes.count(4400)})

    def test_a_request_that_comes_again_is_a_replay(self):
        request = self.client.signed("CertGetList", {})
        self.assertEqual([self.client.send(request).json()["code"] for _ in range(2)], [0, 4500])

    def test_a_clock_that_is_off_is_refused_and_the_answer_tells_the_time(self):
        self.sandbox.set_clock(3600)
        answer = self.client.send(self.client.signed("CertGetList", {}))
        self.assertEqual(answer.json()["code"], 4500)
        server_time = time.mktime(time.strptime(answer.date, "%a, %d %b %Y %H:%M:%S GMT")) - time.timezone
        self.assertAlmostEqual(server_time - time.time(), 3600, delta=60)
        self.assertEqual(self.call_code(Timestamp=int(server_time)), 0)

    def test_what_is_missing_is_named(self):
        request = self.client.signed("CertGetList", {})
        for name in ("SecretId", "Timestamp", "Nonce", "Signature"):
            answer = self.client.send({key: value for key, value in request.items() if key != name}).json()
            self.assertEqual(answer["code"], 4000)
            self.assertIn(name, answer["message"])

    def test_an_action_that_is_not_there(self):
        self.assertEqual(self.client.call("CertGetDetail")["codeDesc"], "ActionNotFound")
        self.assertEqual(self.client.send({"Region": "gz"}).json()["code"], 6100)


class Certificates(SandboxCase):
    def test_an_upload_is_listed_with_its_dates_in_chinas_time(self):
        cert_id = self.upload(self.new, alias="certferry-www")
        self.assertRegex(cert_id, "^[0-9a-f]{8}$")
        listed = self.client.call("CertGetList", searchKey="certferry-www", withCert=1)["data"]
        self.assertEqual(listed["totalNum"], 1)
        entry = listed["list"][0]
        self.assertEqual((entry["id"], entry["alias"], entry["status"]), (cert_id, "certferry-www", 1))
        self.assertEqual(entry["subjectAltName"], ["www.test.example"])
        self.assertEqual(entry["cert"], tencent_form(self.new)[0])
        end = openssl("x509", "-noout", "-enddate", stdin=self.new.certificate).strip().removeprefix("notAfter=")
        shift = (time.mktime(time.strptime(entry["certEndTime"], "%Y-%m-%d %H:%M:%S"))
                 - time.mktime(time.strptime(end, "%b %d %H:%M:%S %Y GMT")))
        self.assertEqual(shift, 8 * 3600)

    def test_a_list_comes_in_pages(self):
        ids = [self.upload(self.new, alias=f"n{number}") for number in range(3)]
        pages = [self.client.call("CertGetList", page=page, count=2)["data"] for page in (1, 2, 3)]
        self.assertEqual([page["totalNum"] for page in pages], [3, 3, 3])
        self.assertEqual([[entry["id"] for entry in page["list"]] for page in pages], [ids[:2], ids[2:], []])

    def test_only_the_documented_form_of_pem_is_taken(self):
        chain, key = tencent_form(self.new)
        rsa_key = self.authority.issue("www.test.example", kind=RSA).key
        unfit = {
            "text around the blocks": ("subject=www\n" + chain, key),
            "a newline at the end": (chain + "\n", key),
            "a blank line": (chain.replace("-----\n-----BEGIN", "-----\n\n-----BEGIN"), key),
            "the issuer first": ((self.new.chain + self.new.certificate).strip(), key),
            "PKCS#8": (chain, self.new.key.strip()),
            "an encrypted key": (chain, openssl("pkey", "-traditional", "-aes128", "-passout", "pass:x",
                                                stdin=self.new.key).strip()),
            "another certificate's key": (chain, tencent_form(self.old)[1]),
            "another kind of key": (chain, openssl("pkey", "-traditional", stdin=rsa_key).strip()),
            "no key": (chain, ""),
            "rubbish": ("rubbish", key),
        }
        for what, (cert, private_key) in unfit.items():
            with self.subTest(what):
                answer = self.client.call("CertUpload", cert=cert, key=private_key, certType="SVR")
                self.assertEqual(answer["code"], 4000, answer)
        self.assertEqual(self.sandbox.state()["uploads"], [])

    def test_pem_of_any_form_is_taken_when_told_so(self):
        self.sandbox.set_behaviour(strict_pem=False)
        answer = self.client.call("CertUpload", cert="note\n" + self.new.fullchain, key=self.new.key, certType="SVR")
        self.assertEqual(answer["code"], 0)

    def test_a_name_is_bounded(self):
        chain, key = tencent_form(self.new)
        answer = self.client.call("CertUpload", cert=chain, key=key, certType="SVR", alias="x" * 51)
        self.assertEqual(answer["code"], 4000)

    def test_a_certificate_in_use_is_not_deleted(self):
        old_id, spare_id = self.bind_old(), self.upload(self.new)
        self.assertEqual(self.client.call("CertDelete", id=old_id)["code"], 5100)
        self.assertEqual(self.client.call("CertDelete", id=spare_id)["code"], 0)
        self.assertEqual(self.client.call("CertDelete", id=spare_id)["code"], 5000)


class Replacements(SandboxCase):
    def bindings(self, *ids):
        numbered = {f"certIds.{number}": cert_id for number, cert_id in enumerate(ids)}
        return self.client.call("GetCertListWithLoadBalancer", **numbered)["certSet"]

    def test_by_id_every_binding_moves_and_the_ports_serve_it_at_once(self):
        old_id = self.sandbox.add_certificate(self.old)
        ports = [self.sandbox.add_listener(f"lbl-{number}", old_id, f"lb-{number}") for number in (1, 2)]
        self.assertEqual([served_fingerprint(port) for port in ports], [self.old.fingerprint] * 2)
        new_id = self.upload(self.new)
        self.assertEqual(self.client.call("ReplaceCert", oldCertId=old_id, newCertId=new_id),
                         {"code": 0, "message": "", "codeDesc": "Success"})
        self.assertEqual([served_fingerprint(port) for port in ports], [self.new.fingerprint] * 2)
        self.assertEqual(list(self.bindings(old_id, new_id)), [new_id])
        balancers = self.bindings(new_id)[new_id]
        self.assertEqual([entry["loadBalancerId"] for entry in balancers], ["lb-1", "lb-2"])
        self.assertEqual(balancers[0]["region"], "ap-guangzhou")
        self.assertEqual(balancers[0]["listener"], [
            {"unListenerId": "lbl-1", "listenerName": "lbl-1", "loadBalancerPort": ports[0], "protocol": 4,
             "SSLMode": "unidirectional", "certId": new_id, "certCaId": ""}])

    def test_by_content_a_new_entry_is_made_under_its_name(self):
        old_id = self.bind_old()
        chain, key = tencent_form(self.new)
        answer = self.client.call("ReplaceCert", oldCertId=old_id, newCertContent=chain, newCertKey=key,
                                  newCertName="certferry-www-1")
        self.assertEqual(answer["code"], 0, answer)
        entry = self.client.call("CertGetList", searchKey="certferry-www-1")["data"]["list"][0]
        self.assertEqual(self.sandbox.bound("lbl-1"), entry["id"])

    def test_by_content_without_a_name_or_a_key_nothing_changes(self):
        old_id = self.bind_old()
        chain, key = tencent_form(self.new)
        for incomplete in ({"newCertKey": key}, {"newCertName": "n"}, {}):
            answer = self.client.call("ReplaceCert", oldCertId=old_id, newCertContent=chain, **incomplete)
            self.assertEqual(answer["code"], 4000)
        self.assertEqual(self.sandbox.bound("lbl-1"), old_id)

    def test_an_old_id_that_is_bound_nowhere_is_a_success_that_changes_nothing(self):
        self.bind_old()
        new_id = self.upload(self.new)
        self.assertEqual(self.client.call("ReplaceCert", oldCertId="deadbeef", newCertId=new_id)["code"], 0)
        self.assertEqual(self.sandbox.state()["replacements"], [])
        self.sandbox.set_behaviour(refuse_unbound_old=True)
        self.assertEqual(self.client.call("ReplaceCert", oldCertId="deadbeef", newCertId=new_id)["code"], 5000)

    def test_an_unknown_new_id_and_a_missing_region_are_refused(self):
        old_id = self.bind_old()
        self.assertEqual(self.client.call("ReplaceCert", oldCertId=old_id, newCertId="deadbeef")["code"], 5000)
        answer = self.client.call("ReplaceCert", oldCertId=old_id, newCertId=old_id, Region="")
        self.assertIn("Region", answer["message"])

    def test_bindings_of_unbound_ids_are_the_empty_list_of_php(self):
        self.assertEqual(self.bindings("deadbeef"), [])

    def test_a_client_ca_is_replaced_by_a_call_of_its_own(self):
        people = Authority("people")
        person = people.issue("person", usage="clientAuth")
        server_id = self.sandbox.add_certificate(self.old)
        old_ca = self.sandbox.add_client_ca(self.authority.root)
        port = self.sandbox.add_listener("lbl-1", server_id, ssl_mode="mutual", ca_id=old_ca)
        with self.assertRaises(OSError):
            served_fingerprint(port)
        with self.assertRaises(OSError):
            served_fingerprint(port, client=person)

        uploaded = self.client.call("CertUpload", cert=people.root.strip(), certType="CA")
        answer = self.client.call("ReplaceCert", oldCertId=old_ca, newCertId=uploaded["data"]["id"])
        self.assertEqual(answer["code"], 0)
        self.assertEqual(served_fingerprint(port, client=person), self.old.fingerprint)
        listener = self.sandbox.find_listener("lbl-1")
        self.assertEqual((listener["ssl_mode"], listener["cert_id"]), ("mutual", server_id))
        wrong_type = self.client.call("ReplaceCert", oldCertId=uploaded["data"]["id"], newCertId=server_id)
        self.assertEqual(wrong_type["code"], 4000)

    def test_a_task_runs_and_then_is_done(self):
        self.sandbox.set_behaviour(request_ids=True, task_polls=1)
        old_id, new_id = self.bind_old(), self.upload(self.new)
        task = self.client.call("ReplaceCert", oldCertId=old_id, newCertId=new_id)["requestId"]
        polls = [self.client.call("DescribeLoadBalancersTaskResult", requestId=task)["data"]["status"] for _ in "12"]
        self.assertEqual(polls, [2, 0])

    def test_a_task_that_fails_has_changed_nothing(self):
        self.sandbox.set_behaviour(request_ids=True, task_fails=True)
        old_id, new_id = self.bind_old(), self.upload(self.new)
        task = self.client.call("ReplaceCert", oldCertId=old_id, newCertId=new_id)["requestId"]
        self.assertEqual(self.client.call("DescribeLoadBalancersTaskResult", requestId=task)["data"]["status"], 1)
        self.assertEqual(self.sandbox.bound("lbl-1"), old_id)


class Truth(SandboxCase):
    def test_state_tells_what_happened_and_by_whom(self):
        old_id, new_id = self.bind_old(), self.upload(self.new, alias="n")
        self.client.call("ReplaceCert", oldCertId=old_id, newCertId=new_id)
        state = self.sandbox.state()
        self.assertEqual([(entry["id"], entry["fingerprint"], entry["uploader"]) for entry in state["uploads"]],
                         [(old_id, self.old.fingerprint, "admin"), (new_id, self.new.fingerprint, "api")])
        self.assertEqual([(entry["old"], entry["new"], entry["listeners"]) for entry in state["replacements"]],
                         [(old_id, new_id, ["lbl-1"])])
        self.assertEqual([entry["fingerprint"] for entry in state["listeners"][0]["history"]],
                         [self.old.fingerprint, self.new.fingerprint])
        self.assertEqual(state["calls"], {"CertUpload": {"0": 1}, "ReplaceCert": {"0": 1}})

    def test_neither_log_nor_state_shows_a_key(self):
        old_id = self.bind_old()
        chain, key = tencent_form(self.new)
        self.client.call("ReplaceCert", oldCertId=old_id, newCertContent=chain, newCertKey=key, newCertName="n")
        shown = str(self.sandbox.requests()) + str(self.sandbox.state())
        self.assertNotIn(key.splitlines()[1], shown)
        logged = self.sandbox.requests("ReplaceCert")[0]["parameters"]
        self.assertEqual(logged["newCertKey"], f"({len(key)} characters, secret)")
        self.assertEqual(logged["oldCertId"], old_id)

    def test_an_edit_at_the_console_is_served_at_once(self):
        port = self.sandbox.add_listener("lbl-1", self.sandbox.add_certificate(self.old))
        self.sandbox.bind("lbl-1", self.sandbox.add_certificate(self.new))
        self.assertEqual(served_fingerprint(port), self.new.fingerprint)
        self.sandbox.bind("lbl-1", "")
        with self.assertRaises(OSError):
            served_fingerprint(port)

    def test_admin_says_what_it_does_not_understand(self):
        for method, path, fields, status, said in (
                ("GET", "/nowhere", {}, 404, "/nowhere"),
                ("DELETE", "/state", {}, 405, "DELETE"),
                ("POST", "/clock", {"offset": 1}, 400, "offset_s"),
                ("POST", "/clock", {"offset_s": 1, "zone": "x"}, 400, "zone"),
                ("POST", "/clock", {"offset_s": "1"}, 400, "whole number"),
                ("POST", "/faults", {"kind": "gremlins"}, 400, "kind"),
                ("POST", "/faults", {"kind": "html", "ms": 5}, 400, "ms"),
                ("POST", "/bindings", {"load_balancer": "lb", "listener": "l", "cert_id": ""}, 400, "no listener"),
                ("POST", "/certificates", {"pem": "rubbish", "key": "rubbish"}, 400, "parsed")):
            with self.subTest(path=path, fields=fields):
                with self.assertRaises(Refused) as refusal:
                    self.sandbox.call(method, path, **fields)
                self.assertEqual(refusal.exception.status, status)
                self.assertIn(said, str(refusal.exception))


if __name__ == "__main__":
    unittest.main()
