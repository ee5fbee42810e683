# SPDX-License-Identifier: MIT
"""Each fault of the sandbox: what the client sees, and whether the call was carried out."""

import http.client
import json
import socket
import ssl
import subprocess
import time
import unittest

from support.paths import build_directory
from support.sandbox import Refused
from support.sandbox_case import SandboxCase
from support.waiting import wait_until


class Faults(SandboxCase):
    def setUp(self):
        super().setUp()
        self.old_id = self.bind_old("lbl-1", "lbl-2")
        self.new_id = self.upload(self.new)

    def replace(self):
        request = self.client.signed("ReplaceCert", {"oldCertId": self.old_id, "newCertId": self.new_id})
        return self.client.send(request)

    def assert_bound(self, first, second):
        self.assertEqual((self.sandbox.bound("lbl-1"), self.sandbox.bound("lbl-2")), (first, second))

    def assert_untouched(self):
        self.assert_bound(self.old_id, self.old_id)

    def assert_replaced(self):
        self.assert_bound(self.new_id, self.new_id)

    def test_a_kind_that_does_not_exist_is_told_the_others(self):
        with self.assertRaisesRegex(Refused, "no such kind of fault; there are latency, .*, partial, unbind"):
            self.sandbox.add_fault("tsunami")

    def test_an_option_that_does_not_exist(self):
        run = subprocess.run([build_directory() / "certferry-sandbox", "--prot", "1"], capture_output=True)
        self.assertEqual(run.returncode, 2)

    def test_reset_before_nothing_happens(self):
        self.sandbox.add_fault("reset_before", action="ReplaceCert")
        with self.assertRaises(ConnectionError):
            self.replace()
        self.assert_untouched()
        self.assertEqual(self.replace().json()["code"], 0)

    def test_reset_after_it_happened_and_nobody_says_so(self):
        self.sandbox.add_fault("reset_after", action="ReplaceCert")
        with self.assertRaises(ConnectionError):
            self.replace()
        self.assert_replaced()

    def test_latency_delays_the_answer(self):
        self.sandbox.add_fault("latency", action="ReplaceCert", ms=200)
        started = time.monotonic()
        self.assertEqual(self.replace().json()["code"], 0)
        self.assertGreaterEqual(time.monotonic() - started, 0.2)
        self.assert_replaced()

    def send_and_leave(self):
        """Sends the call and closes the connection as soon as the sandbox has it."""
        request = self.client.signed("ReplaceCert", {"oldCertId": self.old_id, "newCertId": self.new_id})
        connection = self.client.begin(request)
        wait_until(lambda: self.sandbox.requests("ReplaceCert"), "the call has arrived")
        connection.close()

    def wait_for_answer(self):
        self.sandbox.clear_faults()
        wait_until(lambda: self.sandbox.requests("ReplaceCert")[0]["answered"], "the call is carried out")

    def test_a_held_call_comes_true_after_its_client_has_gone(self):
        self.sandbox.add_fault("hold", action="ReplaceCert")
        self.send_and_leave()
        self.assert_untouched()
        self.assertEqual(self.client.call("CertGetList")["code"], 0, "other calls are served meanwhile")
        self.wait_for_answer()
        self.assert_replaced()

    def test_a_held_answer_to_a_call_that_was_carried_out(self):
        self.sandbox.add_fault("hold", action="ReplaceCert", executed=True)
        self.send_and_leave()
        self.assert_replaced()
        self.assertFalse(self.sandbox.requests("ReplaceCert")[0]["answered"])
        self.wait_for_answer()

    def test_http_status_is_a_gateways(self):
        self.sandbox.add_fault("http_status", status=503)
        answer = self.replace()
        self.assertEqual(answer.status, 503)
        self.assert_untouched()

    def test_http_status_after_the_call_was_carried_out(self):
        self.sandbox.add_fault("http_status", status=502, executed=True)
        self.assertEqual(self.replace().status, 502)
        self.assert_replaced()

    def test_error_of_any_code(self):
        self.sandbox.add_fault("error", code=4400, code_desc="RequestLimitExceeded", message="slow down")
        self.assertEqual(self.replace().json(),
                         {"code": 4400, "message": "slow down", "codeDesc": "RequestLimitExceeded"})
        self.assert_untouched()

    def test_success_without_effect(self):
        self.sandbox.add_fault("success_without_effect", action="ReplaceCert")
        self.assertEqual(self.replace().json()["code"], 0)
        self.assert_untouched()
        self.assertEqual(self.sandbox.state()["replacements"], [])

    def test_malformed_is_no_json(self):
        self.sandbox.add_fault("malformed", action="ReplaceCert")
        with self.assertRaises(json.JSONDecodeError):
            self.replace().json()
        self.assert_replaced()

    def test_html_comes_with_status_200(self):
        self.sandbox.add_fault("html", action="ReplaceCert")
        answer = self.replace()
        self.assertEqual((answer.status, answer.body[:6]), (200, b"<html>"))
        self.assert_untouched()

    def test_huge(self):
        self.sandbox.add_fault("huge", action="ReplaceCert", mib=3)
        self.assertGreater(len(self.replace().body), 3 * 1024 * 1024)
        self.assert_replaced()

    def test_slow_outlasts_a_clients_patience(self):
        self.sandbox.add_fault("slow", action="ReplaceCert", ms=1)
        started = time.monotonic()
        self.assertEqual(self.replace().json()["code"], 0)
        self.assertGreater(time.monotonic() - started, 0.1)  # some 200 bytes, a millisecond each at the least
        self.assert_replaced()

    def test_code_as_string(self):
        self.sandbox.add_fault("code_as_string", action="ReplaceCert", times=2)
        self.assertEqual(self.replace().json()["code"], "0")
        self.new_id = "deadbeef"
        self.old_id = self.sandbox.bound("lbl-1")
        self.assertEqual(self.replace().json()["code"], "5000")

    def test_partial_changes_the_first_listener_only(self):
        self.sandbox.add_fault("partial", action="ReplaceCert")
        self.assertEqual(self.replace().json()["code"], 0)
        self.assert_bound(self.new_id, self.old_id)

    def test_a_fault_spares_some_calls_and_strikes_some(self):
        self.sandbox.add_fault("error", action="CertGetList", code=6000, after=1, times=2)
        codes = [self.client.call("CertGetList")["code"] for _ in range(4)]
        self.assertEqual(codes, [0, 6000, 6000, 0])
        self.assertEqual(self.sandbox.state()["calls"]["CertGetList"], {"0": 2, "error": 2})

    def test_cleared_faults_do_not_strike(self):
        self.sandbox.add_fault("reset_before", times=100)
        self.sandbox.clear_faults()
        self.assertEqual(self.replace().json()["code"], 0)


class Robustness(SandboxCase):
    def connect(self):
        context = ssl.create_default_context(cafile=self.sandbox.ca)
        plain = socket.create_connection(("127.0.0.1", self.sandbox.port), timeout=20)
        return context.wrap_socket(plain, server_hostname="127.0.0.1")

    def assert_alive(self):
        self.assertEqual(self.client.call("CertGetList")["code"], 0)

    def test_what_is_no_http_loses_its_connection(self):
        for rubbish in (b"\x00" * 100 + b"\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"G" * 100_000,
                        b"POST /v2/index.php HTTP/1.1\r\nContent-Length: -1\r\n\r\n"):
            with self.connect() as connection:
                try:
                    connection.sendall(rubbish)
                    while connection.recv(4096):
                        pass
                except OSError:
                    pass
            self.assert_alive()

    def test_what_is_no_tls_loses_its_connection(self):
        with socket.create_connection(("127.0.0.1", self.sandbox.port), timeout=20) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
            while plain.recv(4096):
                pass
        self.assert_alive()

    def test_a_body_over_1_mib_is_refused(self):
        with self.connect() as connection:
            connection.sendall(b"POST /v2/index.php HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n")
            self.assertIn(b" 413 ", connection.recv(4096))

    def test_forms_that_are_not_well_formed_are_still_answered(self):
        for body in (b"", b"&&&=&%", b"Action", b"Action=%zz&=x", b"Action=CertGetList&Nonce=" + b"9" * 1000,
                     b"\xff" * 99):
            with self.connect() as connection:
                client = http.client.HTTPConnection("127.0.0.1")
                client.sock = connection
                client.request("POST", "/v2/index.php", body, {"Content-Type": "application/x-www-form-urlencoded"})
                self.assertNotEqual(json.load(client.getresponse())["code"], 0)

    def test_many_connections_at_once(self):
        connections = [self.connect() for _ in range(200)]
        self.assert_alive()
        for connection in connections:
            connection.close()
        self.assert_alive()


if __name__ == "__main__":
    unittest.main()
