#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Kills the real daemon with SIGKILL at random moments, again and again, while certificates are renewed and the cloud
misbehaves; then lets it finish, and compares what it believes with what the sandbox knows.

    python3 tests/e2e/kill_loop.py [--kills N] [--seed S]

CERTFERRY_BUILD_DIR is where the programs are. The last line is "N kills, ...: nothing lost", or what was."""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from support.certificates import Authority
from support.daemon import Daemon, account_table, daemon_table
from support.promises import broken_promises
from support.sandbox import Sandbox
from support.site import Site
from support.tls import served_fingerprint
from support.waiting import wait_until

CHANGES = ("CertUpload", "ReplaceCert", "UploadCertificate", "ReplaceCertForLoadBalancers", "ModifyListener")
READS = ("GetCertListWithLoadBalancer", "DescribeListeners", "DescribeLoadBalancerListByCertId", "DescribeTaskStatus",
         "CertGetList", "DescribeCertificates", "CheckCertificateExist")
# After API 2.0 has left a listener without a certificate, somebody has to bind it at the console.
MENDABLE = ("ReplaceCertForLoadBalancers", "ModifyListener")
# Without "huge" and "slow", which cost the loop its time and change nothing. Those of the second kind may strike before
# the call is carried out, or after.
FAULTS = ("latency", "reset_before", "reset_after", "success_without_effect", "partial", "unbind")
EITHER_WAY = ("http_status", "error", "malformed", "html", "hold")
LONGEST_LIFE = 1.5
SETTLED_WITHIN = 180


class KillLoop:
    """Four sites in two accounts, one for each generation of the API, by id and by content."""

    def __init__(self, directory: Path, seed: int):
        self.random = random.Random(seed)
        self.authority = Authority()
        self.sandbox = Sandbox(directory / "sandbox")
        self.days = 30
        self.leaves = {}
        self.sites = [self._site(directory, name) for name in ("old-id", "old-content", "new-id", "new-content")]
        (directory / "roots.pem").write_text(self.authority.root)
        self.daemon = Daemon(directory, "\n".join([
            daemon_table(), account_table(self.sandbox, "old", api='"2.0"', timeout='{ connect = "1s", total = "1s" }'),
            account_table(self.sandbox, "new", api='"3.0"', regions='["ap-guangzhou"]', timeout='{ connect = "1s", total = "1s" }'),
            *(site.mapping(account=f'"{site.name.split("-")[0]}"', deliver=f'"{site.name.split("-")[1]}"')
              for site in self.sites)]))

    def _site(self, directory: Path, name: str) -> Site:
        first = self._issue(name)
        self.leaves[name] = [first]
        return Site(name, self.sandbox, directory / "letsencrypt", first, first, load_balancer=f"lb-{name}")

    def _issue(self, name: str):
        self.days += 1
        return self.authority.issue(f"{name}.test.example", days=self.days)

    def run(self, kills: int):
        self.daemon.start()
        for number in range(1, kills + 1):
            self._trouble()
            if self.random.random() < 0.5:
                self._renew(self.random.choice(self.sites))
            time.sleep(self.random.uniform(0, LONGEST_LIFE))  # the moment of death
            self.daemon.kill9()
            if self.random.random() < 0.3:
                self.sandbox.clear_faults()
            self.daemon.start()
            if number % 25 == 0:
                print(f"{number} kills, {sum(map(len, self.leaves.values())) - len(self.sites)} renewals", flush=True)
        self.sandbox.clear_faults()
        for site in self.sites:
            self._renew(site)
            wait_until(lambda site=site: self._settled(site), f"{site.name} has its newest certificate", SETTLED_WITHIN)

    def _trouble(self):
        kind = self.random.choice(FAULTS + EITHER_WAY)
        details = {"executed": self.random.random() < 0.5} if kind in EITHER_WAY else {}
        if kind == "latency":
            details["ms"] = 300
        actions = MENDABLE if kind == "unbind" else CHANGES + READS
        self.sandbox.add_fault(kind, action=self.random.choice(actions), after=self.random.randrange(2), **details)

    def _renew(self, site: Site):
        leaf = self._issue(site.name)
        self.leaves[site.name].append(leaf)
        site.write(leaf)

    def _settled(self, site: Site) -> bool:
        newest = self.leaves[site.name][-1].fingerprint
        if not self.daemon.running():
            raise AssertionError(f"certferryd ended with {self.daemon.process.returncode}:\n{self.daemon.log()}")
        done = self.daemon.target(site.name, "status").get("stage") == "done"
        return done and served_fingerprint(site.port) == newest

    def findings(self) -> list:
        """Every promise that was broken, as a sentence."""
        return [finding for site in self.sites for finding in broken_promises(self.daemon, site, self.leaves[site.name])]

    def standings(self) -> str:
        """How everything stands, for the one who has to find out why."""
        daemon = self.daemon.certferry("status", check=False) if self.daemon.running() else "certferryd has ended\n"
        cloud = [(listener["listener"], listener["cert_id"]) for listener in self.sandbox.state()["listeners"]]
        return f"{daemon}bound: {cloud}"

    def end(self):
        if self.daemon.running():
            self.daemon.term()
        self.sandbox.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="certferry-kill-loop-") as directory:
        loop = KillLoop(Path(directory), options.seed)
        try:
            loop.run(options.kills)
            findings = loop.findings()
        except AssertionError as failure:
            findings = [str(failure), loop.standings()]
        finally:
            loop.end()
        if "Sanitizer" in loop.daemon.log_file.read_text(errors="replace"):
            findings.append("a sanitizer spoke up")
        if findings:
            kept = Path(tempfile.gettempdir()) / f"certferry-kill-loop-{options.seed}.log"
            kept.write_bytes(loop.daemon.log_file.read_bytes())
            findings.append(f"what the daemon logged: {kept}")
    renewals = sum(map(len, loop.leaves.values())) - len(loop.sites)
    print("\n".join(findings) or f"{options.kills} kills, {renewals} renewals: nothing lost")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
