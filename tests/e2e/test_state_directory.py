# SPDX-License-Identifier: MIT
"""state_dir is one daemon's own, and what is in it is not to be lost."""

import unittest

from support.daemon import account_table
from support.daemon_case import DaemonCase
from support.mounts import read_only


class TwoStateDirectories(DaemonCase):
    API = "3.0"

    def test_two_daemons_that_know_nothing_of_each_other_bring_about_one_renewal(self):
        site = self.site(on_disk=self.new)
        account = account_table(self.sandbox, api='"3.0"', regions='["ap-guangzhou"]')
        first, second = (self.daemon(site.mapping(), accounts=account, directory=self.directory / name)
                         for name in ("first", "second"))
        # Both have seen what there is to replace before either has replaced it.
        self.sandbox.add_fault("http_status", action="ReplaceCertForLoadBalancers", times=1_000_000)
        with first, second:
            for daemon in (first, second):
                daemon.wait_for_log("rotation.waiting")
            self.sandbox.clear_faults()
            for daemon in (first, second):
                self.wait_until_done(daemon, site, self.new)
                self.assert_succession(daemon, site, self.old, self.new)


class StateDirectory(DaemonCase):
    def assert_refuses(self, daemon, exit_code: int, *words: str):
        self.assertEqual(daemon.run(), exit_code)
        for word in ("daemon.refused", *words):
            self.assertIn(word, daemon.log())
        self.assertEqual(self.sandbox.requests(), [])

    def test_a_second_daemon_ends_and_names_the_first(self):
        mapping = self.site().mapping()
        first, second = self.daemon(mapping), self.daemon(mapping)
        with first:
            first.wait_for_log("daemon.ready")
            self.assert_refuses(second, 10, "journal_locked", str(first.process.pid))
            self.assertEqual(second.run("--once"), 10)
            self.assertTrue(first.running())

    def test_a_daemon_that_was_killed_leaves_nothing_locked(self):
        daemon = self.daemon(self.site().mapping())
        for _ in range(2):
            daemon.start()
            daemon.wait_for_log("daemon.ready")
            daemon.kill9()

    def test_a_journal_that_is_no_database_is_left_as_it_is(self):
        self.assert_left_as_it_is(b"not a database, but somebody's file\n" * 100, "journal_corrupt")

    def test_an_empty_journal_is_left_as_it_is(self):
        self.assert_left_as_it_is(b"", "journal_corrupt")

    def test_a_damaged_journal_is_left_as_it_is(self):
        daemon = self.daemon(self.site(on_disk=self.old).mapping())
        with daemon:
            daemon.wait_for_log("rotation.done")
            self.assertEqual(daemon.term(), 0)
        journal = self.directory / "state" / "journal.db"
        pages = bytearray(journal.read_bytes())
        pages[len(pages) // 2:] = b"\xff" * (len(pages) - len(pages) // 2)
        calls_before = len(self.sandbox.requests())
        journal.write_bytes(pages)
        self.assertEqual(daemon.run(), 1)
        self.assertIn(str(journal), daemon.log())
        self.assertEqual(journal.read_bytes(), bytes(pages))
        self.assertEqual(len(self.sandbox.requests()), calls_before)

    def assert_left_as_it_is(self, contents: bytes, reason: str):
        daemon = self.daemon(self.site(on_disk=self.new).mapping())
        journal = self.directory / "state" / "journal.db"
        journal.write_bytes(contents)
        journal.chmod(0o600)
        self.assert_refuses(daemon, 1, reason, str(journal), "refusing to run")
        self.assertEqual(journal.read_bytes(), contents)

    def test_a_read_only_directory(self):
        daemon = self.daemon(self.site(on_disk=self.new).mapping())
        with read_only(self, self.directory / "state"):
            self.assert_refuses(daemon, 1, "journal_unwritable", str(self.directory / "state"), "write access")

    def test_a_directory_that_others_may_write_to(self):
        daemon = self.daemon(self.site().mapping())
        (self.directory / "state").chmod(0o777)
        self.assert_refuses(daemon, 4, "go-w", str(self.directory / "state"))


if __name__ == "__main__":
    unittest.main()
