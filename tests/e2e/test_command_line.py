# SPDX-License-Identifier: MIT
"""certferryd --check and --once: what they say, and the exit codes that scripts go by."""

import json
import subprocess
import unittest

from support.daemon_case import DaemonCase
from support.sandbox import SECRET_ID
from support.site import Site


class Check(DaemonCase):
    def test_it_prints_what_is_in_force(self):
        site = self.site()
        daemon = self.daemon(site.mapping())
        self.assertEqual(daemon.run("--check"), 0)
        for line in (f'old_cert_id = "{site.old_id}"', 'shutdown_grace = "30s"', f'"{self.directory}/state"'):
            self.assertIn(line, daemon.log())
        self.assertFalse((self.directory / "state" / "journal.db").exists(), "and does nothing else")

    def test_what_it_prints_is_a_configuration_that_means_the_same(self):
        daemon = self.daemon(self.site().mapping())
        daemon.run("--check")
        printed = daemon.log()
        daemon.write_configuration(printed)
        self.assertEqual(daemon.run("--check"), 0)
        self.assertEqual(daemon.log(), printed)

    def test_a_bad_file_is_refused_with_each_mistake_at_its_place(self):
        daemon = self.daemon(self.site().mapping(delivr='"id"', verify='{ attempts_for = "soon" }'))
        for arguments in ((), ("--check",), ("--once",)):
            self.assertEqual(daemon.run(*arguments), 4)
            self.assertRegex(daemon.log(), r"certferry\.toml:\d+:\d+: .*delivr")
            self.assertRegex(daemon.log(), r"certferry\.toml:\d+:\d+: .*attempts_for")

    def test_a_file_that_is_missing(self):
        daemon = self.daemon()
        daemon.config.unlink()
        self.assertEqual(daemon.run("--check"), 4)
        self.assertIn(str(daemon.config), daemon.log())

    def test_roots_that_cannot_be_loaded(self):
        daemon = self.daemon(self.site().mapping(gate='{ trust = "{directory}/none.pem" }'))
        for arguments in (("--check",), ("--once",)):
            self.assertEqual(daemon.run(*arguments), 4)
            self.assertIn("none.pem: No such file or directory. Name a PEM file of roots", daemon.log())

    def test_an_option_that_does_not_exist(self):
        self.assertEqual(self.daemon().run("--chekc"), 2)


class Client(DaemonCase):
    def assert_fails(self, daemon, exit_code: int, words: str, *arguments: str):
        with self.assertRaises(subprocess.CalledProcessError) as failure:
            daemon.certferry(*arguments)
        self.assertEqual(failure.exception.returncode, exit_code)
        self.assertIn(words, failure.exception.stderr)

    def test_before_the_daemon_has_run(self):
        daemon = self.daemon(self.site().mapping())
        for command in ("status", "history"):
            self.assert_fails(daemon, 5, f"certferryd does not run, and there is no journal in {self.directory}/state. "
                              "Start it (systemctl start certferryd)", command)

    def test_a_mapping_that_is_misspelt_is_no_matter_of_the_journal(self):
        daemon = self.daemon(self.site().mapping())
        self.assert_fails(daemon, 4, 'no mapping is named "ww". Did you mean "www"?', "history", "ww")

    def config(self, daemon, *arguments: str) -> tuple[int, dict]:
        """The exit code of `certferry config` and what it says as JSON."""
        done = daemon.command("config", *arguments, "-o", "json")
        self.assertEqual(done.stderr, "")
        return done.returncode, json.loads(done.stdout)

    def test_a_valid_configuration_for_machines(self):
        daemon = self.daemon(self.site().mapping())
        self.assertEqual(self.config(daemon, "check"), (0, {"version": 1, "valid": True, "mappings": 1}))
        code, shown = self.config(daemon, "show")
        self.assertEqual((code, shown["version"]), (0, 1))
        self.assertEqual(shown["configuration"]["daemon"]["settle"], {"min": "50ms", "max": "1s"})
        self.assertEqual([mapping["name"] for mapping in shown["configuration"]["mapping"]], ["www"])

    def test_mistakes_for_machines(self):
        daemon = self.daemon()
        daemon.write_configuration('[daemon]\nrescn = "5m"\n')
        for command in ("check", "show"):
            code, said = self.config(daemon, command)
            self.assertEqual((code, said["version"], said["valid"]), (4, 1, False))
            self.assertIn({"file": str(daemon.config), "line": 2, "column": 1, "sentence": 'unknown key "rescn" in [daemon]',
                           "suggestion": 'did you mean "rescan"?'}, said["problems"])

    def test_roots_that_cannot_be_loaded_for_machines(self):
        daemon = self.daemon(self.site().mapping(gate='{ trust = "{directory}/none.pem" }'))
        code, said = self.config(daemon, "check")
        self.assertEqual(code, 4)
        self.assertIn("none.pem: No such file or directory", said["problems"][0]["sentence"])

    def test_the_example_is_no_json(self):
        self.assert_fails(self.daemon(), 2, "leave -o json off", "config", "example", "-o", "json")


class Once(DaemonCase):
    """Code 10 is test_state_directory's, code 4 the one above."""

    def once(self, site: Site, **keys: str):
        daemon = self.daemon(site.mapping(**keys))
        return daemon, daemon.run("--once")

    def test_0_when_all_is_deployed(self):
        site = self.site(on_disk=self.new)
        daemon, code = self.once(site)
        self.assertEqual(code, 0, daemon.log())
        self.assert_succession(daemon, site, self.old, self.new)
        self.assertEqual(daemon.run("--once"), 0)
        self.assert_succession(daemon, site, self.old, self.new)

    def test_3_when_some_is_deployed(self):
        www, missing = self.site("www", self.new), self.site("missing")
        daemon = self.daemon(missing.mapping(), www.mapping())
        self.assertEqual(daemon.run("--once"), 3)
        self.assert_succession(daemon, www, self.old, self.new)

    def test_6_when_the_gate_refuses(self):
        site = self.site(on_disk=self.new)
        daemon, code = self.once(site, gate='{ trust = "system" }')
        self.assertEqual(code, 6, daemon.log())
        self.assert_nothing_asked_for(site)

    def test_6_when_there_is_no_certificate(self):
        daemon, code = self.once(self.site())
        self.assertEqual(code, 6, daemon.log())
        self.assertRegex(daemon.log(), "bundle.unusable mapping=www reason=file_missing")

    def test_7_when_the_cloud_does_not_know_the_old_certificate(self):
        site = self.site(on_disk=self.new)
        daemon, code = self.once(site, old_cert_id='"NoSuchId"')
        self.assertEqual(code, 7, daemon.log())
        self.assertRegex(daemon.log(), "rotation.rejected .*NoSuchId")
        self.assert_nothing_asked_for(site)

    def test_7_when_the_cloud_refuses_the_signature(self):
        daemon = self.daemon(self.site(on_disk=self.new).mapping())
        daemon.write_credentials(SECRET_ID, "wrong0000000000000000000000000000")
        self.assertEqual(daemon.run("--once"), 7)

    def test_8_when_it_would_be_tried_again(self):
        self.sandbox.add_fault("http_status", action="ReplaceCert")
        site = self.site(on_disk=self.new)
        daemon, code = self.once(site)
        self.assertEqual(code, 8, daemon.log())
        self.assertEqual(daemon.run("--once"), 0)
        self.assert_succession(daemon, site, self.old, self.new)

    def test_9_when_it_is_not_proven(self):
        self.sandbox.add_fault("success_without_effect", action="ReplaceCert")
        site = self.site(on_disk=self.new)
        daemon, code = self.once(site, verify='{ attempts_for = "0s" }')
        self.assertEqual(code, 9, daemon.log())
        self.assertEqual(daemon.target("www", "status")["reason"], "not_proven")
        self.assertEqual(daemon.run("--once"), 0)
        self.assert_succession(daemon, site, self.old, self.new)


if __name__ == "__main__":
    unittest.main()
