# SPDX-License-Identifier: MIT
"""The hooks of packaging/hooks, and README's line for acme.sh, run by the real ACME clients. Nothing but the hook makes the daemon look: neither events
nor rescans come in time."""

import os
import re
import shutil
import unittest
from unittest import mock

from support.acme_clients import AcmeSh, Dehydrated, Lego
from support.daemon import daemon_table
from support.daemon_case import DaemonCase
from support.paths import project_directory
from support.pebble import Certbot, Pebble
from support.site import Site

NAME = "www.test.example"
HOOKS = project_directory() / "packaging" / "hooks"
ONLY_WHEN_ASKED = daemon_table(settle='{ min = "1h", max = "1h" }', rescan='"1h"')


class HookCase(DaemonCase):
    """A client that has issued a certificate, and a daemon that has deployed it."""

    def prepare(self, client_of):
        if not (shutil.which(client_of.program) and shutil.which("pebble")):
            self.skipTest(f"{client_of.program} or pebble is not installed")
        self.pebble = self.enterContext(Pebble(self.directory / "pebble"))
        self.client = client_of(self.directory, self.pebble)
        self.client.issue(NAME)
        self.site = Site(NAME, self.sandbox, self.client.directory, self.old, on_disk=None)
        certificate = f'{{ "{self.client.program}" = "{NAME}", dir = "{self.client.directory}" }}'
        self.certferryd = self.daemon(self.site.mapping(certificate=certificate), settings=ONLY_WHEN_ASKED)
        (self.directory / "roots.pem").write_text(self.pebble.root)
        self.install_command()
        self.install_hook()

    def install_command(self):
        """`certferry` is on the PATH, and asks this test's daemon."""
        programs = self.directory / "bin"
        programs.mkdir()
        command = " ".join(map(str, self.certferryd.command_line()))
        (programs / "certferry").write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        (programs / "certferry").chmod(0o755)
        path = {"PATH": f"{programs}:{os.environ['PATH']}"}
        self.enterContext(mock.patch.dict(os.environ, path))

    def install_hook(self):
        self.client.hook = HOOKS / self.client.program

    def bound(self) -> str:
        return self.sandbox.bound(self.site.listener)

    def check_a_renewal(self):
        with self.certferryd as daemon:
            daemon.wait_for_log("rotation.done")
            before = self.bound()
            self.client.renew(NAME)
            self.assertNotEqual(self.bound(), before, "the client has ended, and the renewal is deployed")
            target = daemon.target(NAME, "status")
            self.assertEqual((target["stage"], target["deployed_id"]), ("done", self.bound()))

    def check_that_nothing_breaks_without_a_daemon(self):
        said = self.client.renew(NAME)
        self.assertIn("the renewal is not lost", said.lower())
        self.assertNotRegex(said, "reported error code|non-zero|exit status")

    def renewal_that_is_refused(self) -> str:
        """What the client says of it."""
        (self.directory / "roots.pem").write_text(self.authority.root)
        with self.certferryd as daemon:
            daemon.wait_for_log("rotation.held")
            try:
                return self.client.renew(NAME)
            except RuntimeError as failure:
                return str(failure)


class CertbotHook(HookCase):
    def install_hook(self):
        deploy = self.client.directory / "renewal-hooks" / "deploy"
        shutil.copy(HOOKS / "certbot", deploy / "certferry")

    def test_a_renewal_is_deployed_when_certbot_ends(self):
        self.prepare(Certbot)
        self.check_a_renewal()

    def test_without_a_daemon(self):
        self.prepare(Certbot)
        self.check_that_nothing_breaks_without_a_daemon()

    def test_a_refusal_is_told(self):
        self.prepare(Certbot)
        said = self.renewal_that_is_refused()
        self.assertRegex(said, "Hook 'deploy-hook' reported error code 6")
        self.assertIn("is not trusted", said)


class LegoHook(HookCase):
    def test_a_renewal_is_deployed_when_lego_ends(self):
        self.prepare(Lego)
        self.check_a_renewal()

    def test_without_a_daemon(self):
        self.prepare(Lego)
        self.check_that_nothing_breaks_without_a_daemon()

    def test_a_refusal_is_told(self):
        self.prepare(Lego)
        self.assertRegex(self.renewal_that_is_refused(), "exit status 6")


class DehydratedHook(HookCase):
    def test_a_renewal_is_deployed_when_dehydrated_ends(self):
        self.prepare(Dehydrated)
        self.check_a_renewal()

    def test_without_a_daemon(self):
        self.prepare(Dehydrated)
        self.check_that_nothing_breaks_without_a_daemon()

    def test_a_refusal_is_told(self):
        self.prepare(Dehydrated)
        self.assertRegex(self.renewal_that_is_refused(), "deploy_cert hook returned with non-zero exit code")


class AcmeShHook(HookCase):
    def install_hook(self):
        readme = (project_directory() / "README.md").read_text()
        self.client.install_hook(NAME, re.search("--reloadcmd '(.*)'", readme).group(1))

    def test_a_renewal_is_deployed_when_acme_sh_ends(self):
        self.prepare(AcmeSh)
        self.check_a_renewal()

    def test_without_a_daemon(self):
        self.prepare(AcmeSh)
        self.check_that_nothing_breaks_without_a_daemon()

    def test_a_refusal_is_told(self):
        self.prepare(AcmeSh)
        said = self.renewal_that_is_refused()
        self.assertIn("is not trusted", said)
        self.assertIn("Reload error", said)


if __name__ == "__main__":
    unittest.main()
