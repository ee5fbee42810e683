# SPDX-License-Identifier: MIT
"""Many lineages on disk, their mappings, and a journal that says that each is deployed and proven."""

import json
import sqlite3
import time
from contextlib import closing
from datetime import timezone
from pathlib import Path

from cryptography import x509
from issuing import NAME, QuickAuthority
from support.certificates import Leaf
from support.daemon import Daemon, daemon_table, http_table
from support.web import get
from waits import wait_patiently

STEPS = ("planned", "uploading", "uploaded", "replacing", "accepted", "verifying", "done")
DAY_MS = 86400 * 1000
NOT_ISSUED_YET = """[[mapping]]
name = "none"
old_cert_id = "none"
certificate = { chain = "{directory}/none.pem", key = "{directory}/none.key" }
"""


class Lineage:
    """live/NAME/{fullchain,privkey}.pem, which a renewal takes the place of by two renames: the chain comes last."""

    def __init__(self, root: Path, number: int):
        self.name = f"site-{number:05}"
        self.live, self._staged = root / "live" / self.name, root / "staged" / self.name
        for directory in (self.live, self._staged):
            directory.mkdir(parents=True)

    def write(self, leaf: Leaf):
        self.stage(leaf)
        self.renew()

    def stage(self, leaf: Leaf):
        """The next renewal, as far as it can be prepared."""
        (self._staged / "privkey.pem").write_text(leaf.key)
        (self._staged / "fullchain.pem").write_text(leaf.fullchain)

    def renew(self) -> int:
        """When the last write began, in nanoseconds of the monotonic clock: who watches may be faster than this program
        is to look at the clock."""
        (self._staged / "privkey.pem").rename(self.live / "privkey.pem")
        began = time.monotonic_ns()
        (self._staged / "fullchain.pem").rename(self.live / "fullchain.pem")
        return began


class Fleet:
    """`size` lineages with a certificate each, whose targets' ids are `ids`."""

    def __init__(self, directory: Path, size: int, authority: QuickAuthority):
        self.directory, self.authority = directory, authority
        self.directory.mkdir(parents=True, exist_ok=True)
        self.lineages = [Lineage(directory, number) for number in range(size)]
        self.leaves = [authority.issue(days=30) for _ in self.lineages]
        self.ids = [f"old{number:05}" for number in range(size)]
        for lineage, leaf in zip(self.lineages, self.leaves):
            lineage.write(leaf)

    def configuration(self, settings: str, account: str) -> str:
        mappings = (f'[[mapping]]\nname = "{lineage.name}"\nold_cert_id = "{old_id}"\n'
                    f'certificate = {{ chain = "{lineage.live}/fullchain.pem", key = "{lineage.live}/privkey.pem" }}\n'
                    f'gate = {{ trust = "{{directory}}/roots.pem" }}\n'
                    for lineage, old_id in zip(self.lineages, self.ids))
        return "\n".join([settings, http_table(), account, *mappings])

    def daemon(self, settings: str, account: str = "[account.default]\n", renewals: int = 0) -> Daemon:
        """One that finds everything deployed, after so many renewals of each lineage; not started yet."""
        self.directory.joinpath("roots.pem").write_text(self.authority.root)
        # The journal comes into being with a daemon that finds nothing.
        daemon = Daemon(self.directory, "\n".join([settings, http_table(), account, NOT_ISSUED_YET]))
        with daemon:
            wait_until_looked(daemon)
        fill_journal(self.directory / "state" / "journal.db", self.ids, self.leaves, renewals)
        daemon.write_configuration(self.configuration(settings, account))
        return daemon


def sizes(quick: bool) -> tuple:
    """How many mappings are measured."""
    return (10, 100) if quick else (10, 1000, 10000)


def settled_daemon(place: Path, size: int, rescan_s: int, renewals: int = 0) -> Daemon:
    """One of so many mappings that has nothing to do, with the settling of the default; not started yet."""
    settings = daemon_table(rescan=f'"{rescan_s}s"', settle='{ min = "1s", max = "30s" }')
    return Fleet(place, size, QuickAuthority()).daemon(settings, renewals=renewals)


def wait_until_looked(daemon: Daemon):
    """Until every mapping was looked at."""
    def is_ready() -> bool:
        if not daemon.running():
            raise AssertionError(f"certferryd ended:\n{daemon.log()}")
        try:
            return get(daemon.directory / "http.sock", "/readyz").status == 200
        except OSError:
            return False
    wait_patiently(is_ready, "every mapping was looked at")


def fill_journal(path: Path, ids: list, leaves: list, renewals: int):
    """Each target has come to its leaf by so many rotations, one every 45 days; by none, its configured id is that."""
    with closing(sqlite3.connect(path)) as file, file as journal:
        journal.executescript("DELETE FROM succession; DELETE FROM target")
        for target, (old_id, leaf) in enumerate(zip(ids, leaves), start=1):
            journal.execute("INSERT INTO target VALUES (?, 'default', ?)", (target, old_id))
            _fill_target(journal, target, old_id, leaf, renewals)


def _fill_target(journal, target: int, old_id: str, leaf: Leaf, renewals: int):
    now = int(time.time() * 1000)
    known = x509.load_pem_x509_certificate(leaf.certificate.encode())
    span = tuple(int(moment.replace(tzinfo=timezone.utc).timestamp())
                 for moment in (known.not_valid_before, known.not_valid_after))
    issuer = known.issuer.rfc4514_string()
    ids = [old_id] + [f"{target:05x}{number:03x}" for number in range(renewals)]
    facts = [(f"{target:032x}{number:032x}", *span, f'["{NAME}"]', issuer) for number in range(renewals)]
    facts.append((leaf.fingerprint, *span, f'["{NAME}"]', issuer))
    since = [now - (renewals - number + 1) * 45 * DAY_MS for number in range(renewals + 1)]
    journal.executemany("INSERT INTO succession VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                        ((target, number, ids[number], since[number], *facts[number])
                         for number in range(renewals + 1)))
    for number in range(renewals):
        _write_rotation(journal, target, ids[number], ids[number + 1], facts[number + 1], since[number + 1])


def _write_rotation(journal, target: int, old_id: str, new_id: str, facts: tuple, at: int):
    bindings = json.dumps([{"load_balancer": f"lb-{target}", "listener": f"lbl-{target}", "domain": "",
                            "region": "ap-guangzhou", "ssl_mode": "UNIDIRECTIONAL", "verify_client": "", "client_ca": "",
                            "beside": [], "as_client_ca": False, "classic": False}])
    row = journal.execute(
        "INSERT INTO rotation (target, mapping, fingerprint, not_before, not_after, names, issuer, stage, old_id, new_id,"
        " uploaded, bindings, request_id, failures, began, changed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 'done', ?, ?, 1, ?, 'c0ffee00-0000-4000-a000-000000000000', 0, ?, ?)",
        (target, f"site-{target - 1:05}", *facts, old_id, new_id, bindings, at, at + 500))
    journal.executemany("INSERT INTO history (rotation, at, state, detail) VALUES (?, ?, ?, ?)",
                        ((row.lastrowid, at + 50 * number, state, f"{old_id} -> {new_id}")
                         for number, state in enumerate(STEPS)))
