# SPDX-License-Identifier: MIT
"""The sandbox answers API 3.0 as Tencent's pages and users say."""

import json
import time
import unittest

from support.api3_client import Api3Client, Failed
from support.certificates import RSA, Authority, tencent_form
from support.sandbox_case import SandboxCase
from support.tls import served_fingerprint
from support.waiting import wait_until


class Api3Case(SandboxCase):
    def setUp(self):
        super().setUp()
        self.client = Api3Client(self.sandbox)

    def upload(self, leaf, **parameters) -> str:
        chain, key = tencent_form(leaf)
        return self.client.call("UploadCertificate", CertificatePublicKey=chain, CertificatePrivateKey=key,
                                **parameters)["CertificateId"]

    def replace(self, old_id: str, new_id: str, **fields) -> str:
        """Its RequestId, which is the task's id."""
        return self.client.call("ReplaceCertForLoadBalancers", OldCertificateId=old_id,
                                Certificate={"CertId": new_id, **fields})["RequestId"]

    def task_status(self, task: str) -> int:
        return self.client.call("DescribeTaskStatus", TaskId=task)["Status"]

    def assert_refused(self, code: str, action: str, **parameters):
        with self.assertRaises(Failed) as failed:
            self.client.call(action, **parameters)
        self.assertEqual(failed.exception.code, code)


class Signatures(Api3Case):
    def code(self, client=None, action="DescribeLoadBalancers", parameters=None, **options) -> str:
        answer = (client or self.client).send(action, parameters or {}, **options)
        self.assertEqual(answer.status, 200)
        response = answer.json()["Response"]
        self.assertRegex(response["RequestId"], "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
        return response.get("Error", {}).get("Code", "Success")

    def test_a_post_and_a_get_are_understood(self):
        self.bind_old()
        for method in ("POST", "GET"):
            self.assertEqual(self.code(method=method), "Success")
        listeners = self.client.send("DescribeListeners", {"LoadBalancerId": "lb-test", "ListenerIds.0": "lbl-1"}, "GET")
        self.assertEqual(len(listeners.json()["Response"]["Listeners"]), 1)

    def test_the_host_may_be_signed_with_its_port_or_as_the_service_itself(self):
        for host in (f"127.0.0.1:{self.sandbox.port}", "clb.tencentcloudapi.com", "clb.intl.tencentcloudapi.com",
                     "clb.ap-guangzhou.tencentcloudapi.com"):
            self.assertEqual(self.code(host=host), "Success")
        self.assertEqual(self.code(host="cvm.tencentcloudapi.com"), "AuthFailure.SignatureFailure")

    def test_the_service_is_the_hosts_where_the_host_is_a_services(self):
        self.assertEqual(self.code(service="127"), "Success")
        name = "clb.tencentcloudapi.com"
        self.assertEqual(self.code(host=name, Host=name), "Success")
        self.assertEqual(self.code(host=name, Host=name, service="ssl"), "AuthFailure.SignatureFailure")
        self.assertEqual(self.code(action="DescribeCertificates", Host=name), "InvalidAction")

    def test_a_wrong_key_and_an_unknown_id_are_told_apart(self):
        self.assertEqual(self.code(Api3Client(self.sandbox, secret_key="wrong")), "AuthFailure.SignatureFailure")
        self.assertEqual(self.code(Api3Client(self.sandbox, "AKIDunknown")), "AuthFailure.SecretIdNotFound")

    def test_a_clock_that_is_off_is_refused_and_the_answer_tells_the_time(self):
        self.sandbox.set_clock(3600)
        answer = self.client.send("DescribeLoadBalancers", {})
        self.assertEqual(answer.json()["Response"]["Error"]["Code"], "AuthFailure.SignatureExpire")
        server_time = time.mktime(time.strptime(answer.date, "%a, %d %b %Y %H:%M:%S GMT")) - time.timezone
        self.assertEqual(self.code(at=server_time), "Success")

    def test_a_token_must_be_the_keys_and_alive(self):
        self.sandbox.set_credentials("AKIDtemporary", "key", token="token", ttl_s=600)
        for token, code in (("token", "Success"), ("other", "AuthFailure.TokenFailure"),
                            ("", "AuthFailure.TokenFailure")):
            self.assertEqual(self.code(Api3Client(self.sandbox, "AKIDtemporary", "key", token)), code)
        self.sandbox.set_clock(700)
        late = Api3Client(self.sandbox, "AKIDtemporary", "key", "token")
        self.assertEqual(self.code(late, at=time.time() + 700), "AuthFailure.TokenFailure")

    def test_what_is_missing_or_unknown_is_named(self):
        for headers, code in (({"X_TC_Action": None}, "MissingParameter"), ({"X_TC_Version": None}, "MissingParameter"),
                              ({"X_TC_Timestamp": None}, "MissingParameter"), ({"X_TC_Region": None}, "MissingParameter"),
                              ({"Authorization": None}, "AuthFailure.InvalidAuthorization"),
                              ({"X_TC_Action": "DescribeAll"}, "InvalidAction"),
                              ({"X_TC_Version": "2017-03-12"}, "NoSuchVersion"),
                              ({"X_TC_Region": "gz"}, "UnsupportedRegion")):
            with self.subTest(headers):
                self.assertEqual(self.code(**headers), code)

    def test_parameters_must_be_known_and_of_their_kind(self):
        for parameters, code in (({"Limit": "10"}, "InvalidParameter"), ({"Limits": 10}, "UnknownParameter"),
                                 ({"LoadBalancerIds": "lb-1"}, "Success"), ({"Forward": None}, "Success"), ([], "InvalidParameter")):
            with self.subTest(parameters):
                self.assertEqual(self.code(parameters=parameters or [0]), code)


class Certificates(Api3Case):
    def test_a_repeated_upload_makes_a_copy_unless_told_otherwise(self):
        first = self.upload(self.new, Alias="certferry-www")
        second = self.upload(self.new)
        self.assertNotEqual(first, second)
        chain, key = tencent_form(self.new)
        answer = self.client.call("UploadCertificate", CertificatePublicKey=chain, CertificatePrivateKey=key,
                                  Repeatable=False)
        self.assertEqual((answer["CertificateId"], answer["RepeatCertId"]), (first, first))
        self.assertEqual(len(self.sandbox.state()["uploads"]), 2)
        found = self.client.call("CheckCertificateExist", CertificatePublicKey=chain)
        self.assertEqual(found["RepeatCertId"], first)
        other = self.client.call("CheckCertificateExist", CertificatePublicKey=tencent_form(self.old)[0])
        self.assertEqual(other["RepeatCertId"], "")

    def test_a_certificate_that_does_not_fit_has_the_services_words(self):
        chain, key = tencent_form(self.new)
        for what, code in (({"CertificatePrivateKey": tencent_form(self.old)[1]}, "FailedOperation.CertificateMatchError"),
                           ({"CertificatePublicKey": chain + "\n"}, "FailedOperation.CertificateParseError"),
                           ({"CertificatePublicKey": ""}, "MissingParameter"),
                           ({"CertificateType": "CA"}, "FailedOperation.CertificateCaError"),
                           ({"Alias": "x" * 51}, "InvalidParameterValue.Length")):
            with self.subTest(code):
                self.assert_refused(code, "UploadCertificate",
                                    **{"CertificatePublicKey": chain, "CertificatePrivateKey": key} | what)

    def test_lists_and_details(self):
        ids = [self.upload(leaf, Alias=alias) for leaf, alias in ((self.old, "one"), (self.new, "two"))]
        listed = self.client.call("DescribeCertificates", SearchKey="two", FilterSource="upload")
        self.assertEqual((listed["TotalCount"], listed["Certificates"][0]["CertificateId"]), (1, ids[1]))
        entry = listed["Certificates"][0]
        self.assertEqual((entry["SubjectAltName"], entry["Status"], entry["IsIgnore"]), (["www.test.example"], 1, False))
        self.assertRegex(entry["CertEndTime"], r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")
        pages = [self.client.call("DescribeCertificates", CertIds=ids, Offset=offset, Limit=1) for offset in (0, 1, 2)]
        self.assertEqual([[entry["CertificateId"] for entry in page["Certificates"]] for page in pages],
                         [[ids[0]], [ids[1]], []])
        detail = self.client.call("DescribeCertificateDetail", CertificateId=ids[1])
        self.assertEqual(detail["CertificatePublicKey"], tencent_form(self.new)[0])
        self.assert_refused("FailedOperation.CertificateNotFound", "DescribeCertificateDetail", CertificateId="deadbeef")

    def test_expiry_mail_can_be_switched_off(self):
        cert_id = self.upload(self.old)
        self.client.call("ModifyCertificatesExpiringNotificationSwitch", CertificateIds=[cert_id], SwitchStatus=1)
        self.assertTrue(self.sandbox.find_certificate(cert_id)["muted"])

    def deleted(self, cert_id: str) -> dict:
        task = self.client.call("DeleteCertificate", CertificateId=cert_id, IsCheckResource=True)["TaskId"]
        results = self.client.call("DescribeDeleteCertificatesTaskResult", TaskIds=[task])["DeleteTaskResult"]
        return {entry["TaskId"]: entry["Status"] for entry in results}[task]

    def test_a_checked_deletion_is_a_task_that_spares_what_is_bound(self):
        bound_id, free_id = self.bind_old(), self.upload(self.new)
        self.assertEqual((self.deleted(bound_id), self.deleted(free_id)), (4, 1))
        self.assertEqual([entry["id"] for entry in self.sandbox.state()["certificates"]], [bound_id])

    def test_an_unchecked_deletion_takes_what_is_bound(self):
        old_id = self.sandbox.add_certificate(self.old)
        port = self.sandbox.add_listener("lbl-1", old_id)
        self.assertTrue(self.client.call("DeleteCertificate", CertificateId=old_id)["DeleteResult"])
        with self.assertRaises(OSError):
            served_fingerprint(port)


class Replacements(Api3Case):
    def test_every_binding_in_every_region_moves(self):
        old_id, new_id = self.sandbox.add_certificate(self.old), self.upload(self.new)
        self.sandbox.add_listener("lbl-1", old_id, "lb-1")
        self.sandbox.add_listener("lbl-2", old_id, "lb-2", region="ap-beijing", classic=True)
        self.sandbox.add_sni_listener("lbl-3", {"a.example": old_id}, "lb-3", region="na-ashburn")
        task = self.replace(old_id, new_id)
        self.assertEqual(self.task_status(task), 0)
        self.assertEqual([self.sandbox.bound("lbl-1"), self.sandbox.bound("lbl-2"),
                          self.sandbox.bound("lbl-3", "a.example")], [new_id] * 3)

    def test_it_is_served_in_guangzhou_only(self):
        self.client.region = "ap-beijing"
        self.assert_refused("UnsupportedRegion", "ReplaceCertForLoadBalancers", OldCertificateId="a",
                            Certificate={"CertId": "b"})

    def test_by_content_a_new_entry_is_made_under_its_name(self):
        old_id = self.bind_old()
        chain, key = tencent_form(self.new)
        self.client.call("ReplaceCertForLoadBalancers", OldCertificateId=old_id,
                         Certificate={"CertName": "certferry-www-1", "CertContent": chain, "CertKey": key})
        entry = self.sandbox.find_certificate(self.sandbox.bound("lbl-1"))
        self.assertEqual((entry["alias"], entry["fingerprint"]), ("certferry-www-1", self.new.fingerprint))
        self.assertNotIn(key.splitlines()[1], str(self.sandbox.requests()))

    def test_an_old_id_that_is_bound_nowhere(self):
        new_id = self.upload(self.new)
        self.assertEqual(self.task_status(self.replace("deadbeef", new_id)), 0)
        self.sandbox.set_behaviour(refuse_unbound_old=True)
        self.assert_refused("FailedOperation", "ReplaceCertForLoadBalancers", OldCertificateId="deadbeef",
                            Certificate={"CertId": new_id})

    def mutual_listener(self):
        self.people = Authority("people")
        ca_id, old_id = self.sandbox.add_client_ca(self.people.root), self.sandbox.add_certificate(self.old)
        self.sandbox.add_listener("lbl-1", old_id, ssl_mode="mutual", ca_id=ca_id)
        return old_id, ca_id

    def mode(self):
        entry = self.sandbox.find_listener("lbl-1")
        return entry["ssl_mode"], entry["ca_id"]

    def test_a_mutual_listener_stays_mutual_unless_the_cloud_behaves_otherwise(self):
        old_id, ca_id = self.mutual_listener()
        new_id, newer_id = self.upload(self.new), self.upload(self.new)
        self.replace(old_id, new_id)
        self.assertEqual(self.mode(), ("mutual", ca_id))
        self.sandbox.set_behaviour(replace_resets_mode=True)
        self.replace(new_id, newer_id, SSLMode="MUTUAL", CertCaId=ca_id)
        self.assertEqual(self.mode(), ("mutual", ca_id))
        self.replace(newer_id, new_id)
        self.assertEqual(self.mode(), ("unidirectional", ""))

    def test_a_client_ca_is_named_as_one_or_as_a_certificate(self):
        _, ca_id = self.mutual_listener()
        second, third = (self.sandbox.add_client_ca(Authority(name).root) for name in ("second", "third"))
        self.client.call("ReplaceCertForLoadBalancers", OldCertificateId=ca_id, Certificate={"CertCaId": second})
        self.assertEqual(self.mode(), ("mutual", second))
        self.replace(second, third)
        self.assertEqual(self.mode(), ("mutual", third))


class Tasks(Api3Case):
    def setUp(self):
        super().setUp()
        self.old_id, self.new_id = self.bind_old(), self.upload(self.new)

    def test_a_change_comes_true_when_its_task_ends(self):
        self.sandbox.set_behaviour(task_polls=2)
        task = self.replace(self.old_id, self.new_id)
        self.assertEqual(self.sandbox.bound("lbl-1"), self.old_id)
        self.assertEqual([self.task_status(task) for _ in range(3)], [2, 2, 0])
        self.assertEqual(self.sandbox.bound("lbl-1"), self.new_id)

    def test_a_task_may_take_its_time(self):
        self.sandbox.set_behaviour(task_delay_ms=300)
        started = time.monotonic()
        task = self.replace(self.old_id, self.new_id)
        wait_until(lambda: self.task_status(task) == 0, "the task ends")
        self.assertGreaterEqual(time.monotonic() - started, 0.25)
        self.assertEqual(self.sandbox.bound("lbl-1"), self.new_id)

    def test_a_task_that_fails_has_changed_nothing(self):
        self.sandbox.set_behaviour(task_fails=True)
        self.assertEqual(self.task_status(self.replace(self.old_id, self.new_id)), 1)
        self.assertEqual(self.sandbox.bound("lbl-1"), self.old_id)

    def test_a_load_balancer_at_work_refuses_further_changes(self):
        self.sandbox.set_behaviour(task_polls=1)
        task = self.replace(self.old_id, self.new_id)
        edit = {"LoadBalancerId": "lb-test", "ListenerId": "lbl-1", "Certificate": {"CertId": self.new_id}}
        self.assert_refused("FailedOperation.ResourceInOperating", "ModifyListener", **edit)
        self.assertEqual(self.task_status(task), 2)
        self.client.call("ModifyListener", **edit)
        self.sandbox.set_behaviour(busy_while_running=False)
        self.client.call("ModifyListener", **edit)

    def test_a_cloud_that_knows_no_tasks(self):
        self.assert_refused("InvalidParameter", "DescribeTaskStatus", TaskId="nonsense")
        self.sandbox.set_behaviour(unknown_tasks=True)
        self.assert_refused("InvalidParameter", "DescribeTaskStatus", TaskId=self.replace(self.old_id, self.new_id))
        self.assertEqual(self.sandbox.bound("lbl-1"), self.new_id)


class Readings(Api3Case):
    def test_where_certificates_are_bound_is_told_region_by_region(self):
        old_id = self.sandbox.add_certificate(self.old)
        self.sandbox.add_listener("lbl-1", old_id, "lb-1")
        self.sandbox.add_listener("lbl-2", old_id, "lb-2", region="ap-beijing", classic=True)
        for region, name, forward in (("ap-guangzhou", "lb-1", 1), ("ap-beijing", "lb-2", 0)):
            self.client.region = region
            users = self.client.call("DescribeLoadBalancerListByCertId", CertIds=[old_id])["CertSet"][0]["LoadBalancers"]
            self.assertEqual([(user["LoadBalancerId"], user["Forward"], user["TargetRegionInfo"]["Region"])
                              for user in users], [(name, forward, region)])
        self.assert_refused("InvalidParameterValue.Length", "DescribeLoadBalancerListByCertId", CertIds=["a"] * 21)

    def test_listeners_show_their_certificates_and_nulls(self):
        ecc_id, rsa_id = (self.sandbox.add_certificate(self.authority.issue("www.test.example", **kind))
                          for kind in ({}, {"kind": RSA}))
        ca_id = self.sandbox.add_client_ca(self.authority.root)
        port = self.sandbox.add_listener("lbl-1", ecc_id, ext_ids=[rsa_id], ssl_mode="mutual", ca_id=ca_id)
        self.sandbox.add_sni_listener("lbl-2", {"a.example": ecc_id})
        dual, sni = self.client.call("DescribeListeners", LoadBalancerId="lb-test")["Listeners"]
        self.assertEqual((dual["SniSwitch"], dual["Rules"], dual["Port"]), (0, None, port))
        self.assertEqual(dual["Certificate"], {"SSLMode": "MUTUAL", "SSLVerifyClient": "ON", "CertId": ecc_id,
                                               "CertCaId": ca_id, "ExtCertIds": [rsa_id]})
        self.assertEqual((sni["SniSwitch"], sni["Certificate"]), (1, None))
        rule = sni["Rules"][0]
        self.assertEqual((rule["Domain"], rule["Domains"]), ("a.example", ["a.example"]))
        self.assertEqual(rule["Certificate"], {"SSLMode": "UNIDIRECTIONAL", "SSLVerifyClient": None, "CertId": ecc_id,
                                               "CertCaId": None, "ExtCertIds": None})
        for filters, count in (({"ListenerIds": ["lbl-2"]}, 1), ({"Port": port}, 1), ({"Protocol": "TCP_SSL"}, 0)):
            found = self.client.call("DescribeListeners", LoadBalancerId="lb-test", **filters)["Listeners"]
            self.assertEqual(len(found), count)

    def test_a_load_balancer_elsewhere_or_of_the_other_kind_is_not_found(self):
        cert_id = self.sandbox.add_certificate(self.old)
        self.sandbox.add_listener("lbl-1", cert_id, "lb-old", classic=True)
        listener = self.client.call("DescribeClassicalLBListeners", LoadBalancerId="lb-old")["Listeners"][0]
        self.assertEqual((listener["SSLMode"], listener["CertId"], listener["CertCaId"]), ("UNIDIRECTIONAL", cert_id, None))
        self.assert_refused("InvalidParameter", "DescribeListeners", LoadBalancerId="lb-old")
        self.client.region = "ap-shanghai"
        self.assert_refused("InvalidParameter.LBIdNotFound", "DescribeClassicalLBListeners", LoadBalancerId="lb-old")

    def test_load_balancers_come_in_pages(self):
        cert_id = self.sandbox.add_certificate(self.old)
        for number in range(3):
            self.sandbox.add_listener("lbl-1", cert_id, f"lb-{number}")
        pages = [self.client.call("DescribeLoadBalancers", Offset=offset, Limit=2) for offset in (0, 2)]
        self.assertEqual([page["TotalCount"] for page in pages], [3, 3])
        self.assertEqual([[entry["LoadBalancerId"] for entry in page["LoadBalancerSet"]] for page in pages],
                         [["lb-0", "lb-1"], ["lb-2"]])


class Edits(Api3Case):
    def test_one_listener_gets_two_algorithms_and_a_client_ca(self):
        ecc_id, rsa_id = self.upload(self.new), self.upload(self.authority.issue("www.test.example", kind=RSA))
        ca_id = self.sandbox.add_client_ca(self.authority.root)
        self.bind_old()
        place = {"LoadBalancerId": "lb-test", "ListenerId": "lbl-1"}
        certificates = [{"CertId": cert_id} for cert_id in (ecc_id, rsa_id, ca_id)]
        self.client.call("ModifyListener", **place, MultiCertInfo={"SSLMode": "MUTUAL", "SSLVerifyClient": "OPTIONAL",
                                                                   "CertList": certificates})
        entry = self.sandbox.find_listener("lbl-1")
        self.assertEqual((entry["cert_id"], entry["ext_ids"], entry["ca_id"], entry["ssl_verify_client"]),
                         (ecc_id, [rsa_id], ca_id, "optional"))
        self.assert_refused("InvalidParameter", "ModifyListener", **place,
                            MultiCertInfo={"CertList": [{"CertId": ecc_id}] * 2})
        self.client.call("ModifyListener", **place, Certificate={"CertId": ecc_id})
        entry = self.sandbox.find_listener("lbl-1")
        self.assertEqual((entry["ssl_mode"], entry["ext_ids"]), ("unidirectional", []), "what is not sent is switched off")

    def test_one_rule(self):
        old_id, new_id = self.sandbox.add_certificate(self.old), self.upload(self.new)
        port = self.sandbox.add_sni_listener("lbl-1", {"a.example": old_id, "b.example": old_id})
        place = {"LoadBalancerId": "lb-test", "ListenerId": "lbl-1"}
        self.client.call("ModifyDomainAttributes", **place, Domain="b.example", Certificate={"CertId": new_id})
        self.assertEqual(served_fingerprint(port, "a.example"), self.old.fingerprint)
        self.assertEqual(served_fingerprint(port, "b.example"), self.new.fingerprint)
        self.assert_refused("InvalidParameter", "ModifyListener", **place, Certificate={"CertId": new_id})
        self.assert_refused("InvalidParameter.LocationNotFound", "ModifyDomainAttributes", **place, Domain="c.example",
                            Certificate={"CertId": new_id})

    def test_a_domain_of_a_listener_without_sni_is_a_success_that_changes_nothing(self):
        old_id, new_id = self.sandbox.add_certificate(self.old), self.upload(self.new)
        self.sandbox.add_listener("lbl-1", old_id, rules=[{"domains": ["a.example"]}])
        self.client.call("ModifyDomainAttributes", LoadBalancerId="lb-test", ListenerId="lbl-1", Domain="a.example",
                         Certificate={"CertId": new_id})
        self.assertEqual(self.sandbox.bound("lbl-1"), old_id)


class Faults(Api3Case):
    def setUp(self):
        super().setUp()
        self.old_id, self.new_id = self.bind_old("lbl-1", "lbl-2"), self.upload(self.new)

    def assert_bound(self, first, second):
        self.assertEqual((self.sandbox.bound("lbl-1"), self.sandbox.bound("lbl-2")), (first, second))

    def test_partial_changes_the_first_listener_only(self):
        self.sandbox.add_fault("partial", action="ReplaceCertForLoadBalancers")
        self.assertEqual(self.task_status(self.replace(self.old_id, self.new_id)), 0)
        self.assert_bound(self.new_id, self.old_id)

    def test_unbind_leaves_the_listeners_with_neither(self):
        self.sandbox.add_fault("unbind", action="ReplaceCertForLoadBalancers")
        self.assertEqual(self.task_status(self.replace(self.old_id, self.new_id)), 0)
        self.assert_bound("", "")
        self.client.call("ModifyListener", LoadBalancerId="lb-test", ListenerId="lbl-2",
                         Certificate={"CertId": self.new_id})
        self.assert_bound("", self.new_id)

    def test_success_without_effect_has_a_task_that_succeeds(self):
        self.sandbox.add_fault("success_without_effect", action="ReplaceCertForLoadBalancers")
        self.assertEqual(self.task_status(self.replace(self.old_id, self.new_id)), 0)
        self.assert_bound(self.old_id, self.old_id)

    def test_errors_have_words_for_codes(self):
        self.sandbox.add_fault("error", code="FailedOperation.ResourceInOperating", message="busy")
        with self.assertRaisesRegex(Failed, "FailedOperation.ResourceInOperating: busy"):
            self.replace(self.old_id, self.new_id)
        self.assert_bound(self.old_id, self.old_id)

    def test_malformed_and_huge_bodies(self):
        for kind in ("malformed", "huge"):
            self.sandbox.add_fault(kind, **({"mib": 3} if kind == "huge" else {}))
            answer = self.client.send("DescribeLoadBalancers", {})
            if kind == "huge":
                self.assertGreater(len(answer.body), 3 * 1024 * 1024)
                answer.json()
            else:
                self.assertRaises(json.JSONDecodeError, answer.json)

    def test_more_requests_than_a_second_may_have(self):
        self.sandbox.set_behaviour(requests_per_second=1)
        outcomes = []
        for _ in range(20):
            try:
                self.client.call("DescribeLoadBalancers")
                outcomes.append("")
            except Failed as failed:
                outcomes.append(failed.code)
        self.assertEqual(set(outcomes), {"", "RequestLimitExceeded"})
        self.assertEqual(outcomes[0], "")
        refused = outcomes.count("RequestLimitExceeded")
        self.assertEqual(self.sandbox.state()["throttled"], {"DescribeLoadBalancers": refused})
        self.client.call("DescribeTaskStatus", TaskId=self.replace(self.old_id, self.new_id))


if __name__ == "__main__":
    unittest.main()
