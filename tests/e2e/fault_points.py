#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Strikes the real daemon at every write, sync, send and receive of a rotation, one after the other: it is killed
there, or the call fails with EIO or ENOSPC. Then it is started again without a fault, and has to finish: one upload,
one replacement, and the succession that the sandbox knows.

    python3 tests/e2e/fault_points.py [--every N [--first M]] [--api 2.0] [--fault KILL]

CERTFERRY_BUILD_DIR is where the programs are; strace injects the faults. The last line is "N points, ...: nothing
lost", or what was."""

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from support.certificates import Authority
from support.daemon import Daemon, account_table, daemon_table
from support.promises import broken_promises
from support.sandbox import Sandbox
from support.site import Site
from support.waiting import wait_until

STORING = ("pwrite64", "fdatasync", "fsync", "ftruncate", "rename", "unlink")
TALKING = ("sendto", "recvfrom")
# Of write(2), which carries the log and wakes the loop up, the kernel's failures are other tests' business.
CALLS = {"KILL": (*STORING, *TALKING, "write"), "EIO": (*STORING, *TALKING), "ENOSPC": STORING}
AT_A_TIME = (os.cpu_count() or 1) + 2
LONGEST = 180  # s, for what takes a second or two: longer is for ever


@dataclass(frozen=True)
class Point:
    """The `number`th call of one kind that a thread of the daemon makes, and what happens to it."""

    fault: str
    call: str
    number: int

    def __str__(self):
        return f"{self.fault}-{self.call}-{self.number}"

    @property
    def injection(self) -> str:
        effect = "signal=KILL" if self.fault == "KILL" else f"error={self.fault}"
        return f"inject={self.call}:{effect}:when={self.number}"

    @property
    def mark(self) -> str:
        """What strace writes down where it has struck."""
        return "killed by SIGKILL" if self.fault == "KILL" else "(INJECTED)"


def strace(trace: Path, *options: str) -> list:
    """A command that traces another one, which dies with it."""
    return ["strace", "--follow-forks", "--seccomp-bpf", "--output", trace, *options, "setpriv", "--pdeathsig", "KILL"]


def can_trace() -> bool:
    done = subprocess.run(["strace", "--output", "/dev/null", "true"], capture_output=True, check=False)
    return done.returncode == 0


def calls_in(trace: Path) -> Counter:
    """How many calls of each name the busiest thread has made."""
    calls = Counter()
    for line in trace.read_text(errors="replace").splitlines():
        thread, _, event = line.partition(" ")
        if "(" in event and "resumed>" not in event:
            calls[thread, event.strip().split("(")[0]] += 1
    most = Counter()
    for (_, name), count in calls.items():
        most[name] = max(most[name], count)
    return most


class Rotations:
    """One rotation for each point, of a site of its own, by a daemon of its own; all in one sandbox."""

    def __init__(self, directory: Path, api: str):
        self.directory, self.api = directory, api
        # Away from the directories that the daemon watches: strace would wake it up by telling that it woke up.
        self.traces = directory / "traces"
        self.traces.mkdir()
        self.authority = Authority()
        self.old = self.authority.issue("www.test.example", days=10)
        self.sandbox = Sandbox(directory / "sandbox")

    def end(self):
        self.sandbox.stop()

    def points(self) -> list[Point]:
        """Every point of a rotation, which is made once for that without a fault."""
        daemon, _, _ = self._begin("survey")
        trace = self.traces / "survey"
        kinds = sorted({call for calls in CALLS.values() for call in calls})
        daemon.wrapper = strace(trace, "--trace=" + ",".join(kinds))
        if self._once(daemon) != 0:
            raise AssertionError(f"under strace, and without a fault, certferryd fails:\n{daemon.log()}")
        made = calls_in(trace)
        return [Point(fault, call, number) for fault, calls in CALLS.items() for call in calls
                for number in range(1, made[call] + 1)]

    def strike(self, point: Point) -> tuple[bool, list[str]]:
        """Whether the rotation came to that point, and what was broken by it."""
        daemon, site, leaves = self._begin(str(point).lower())
        trace = self.traces / str(point)
        daemon.wrapper = strace(trace, f"--trace={point.call}", "-e", point.injection)
        try:
            exit_code = self._once(daemon)
            struck = point.mark in trace.read_text(errors="replace")
            return struck, [f"{point}: {finding}" for finding in self._findings(point, exit_code, daemon, site, leaves)]
        except (AssertionError, subprocess.TimeoutExpired) as failure:
            return True, [f"{point}: {failure}\n{daemon.log_file.read_text(errors='replace')}"]
        finally:
            trace.unlink(missing_ok=True)

    def _findings(self, point: Point, exit_code: int, daemon: Daemon, site: Site, leaves: list):
        if exit_code < 0 and point.fault != "KILL":
            yield f"certferryd ended with signal {-exit_code}"
        daemon.wrapper = []
        with daemon:
            daemon.wait_for_log("daemon.ready", LONGEST)
            wait_until(lambda: self._is_done(daemon, site), f"{point}: the rotation is done after a restart", LONGEST,
                       interval=1)
            yield from broken_promises(daemon, site, leaves)
        if "Sanitizer" in daemon.log_file.read_text(errors="replace"):
            yield "a sanitizer spoke up"

    def _begin(self, name: str):
        directory = self.directory / name
        leaves = [self.old, self.authority.issue("www.test.example", days=90)]
        site = Site(name.replace("_", "-"), self.sandbox, directory / "letsencrypt", *leaves, load_balancer=f"lb-{name}")
        account = {"api": f'"{self.api}"'} | ({"regions": '["ap-guangzhou"]'} if self.api == "3.0" else {})
        probed = site.mapping(verify=f'{{ endpoint = ["127.0.0.1:{site.port}"] }}')
        daemon = Daemon(directory, "\n".join([daemon_table(), account_table(self.sandbox, **account), probed]))
        (directory / "roots.pem").write_text(self.authority.root)
        return daemon, site, leaves

    @staticmethod
    def _once(daemon: Daemon) -> int:
        # LeakSanitizer cannot work where somebody else traces.
        return daemon.run("--once", ASAN_OPTIONS="detect_leaks=0")

    @staticmethod
    def _is_done(daemon: Daemon, site: Site) -> bool:
        if not daemon.running():
            raise AssertionError(f"certferryd ended with {daemon.process.returncode}")
        # What was written down before a kill need not be in the log.
        logged = "rotation.done" in daemon.log_file.read_text(errors="replace")
        return logged or daemon.target(site.name, "status").get("stage") == "done"


def strike_all(rotations: Rotations, points: list[Point]):
    """Yields what `strike` says of each, several at a time, in their order."""
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        yield from pool.map(rotations.strike, points)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth point ...")
    parser.add_argument("--first", type=int, default=0, metavar="M", help="... beginning with the Mth")
    parser.add_argument("--api", default="3.0", choices=("2.0", "3.0"))
    parser.add_argument("--fault", action="append", choices=tuple(CALLS))
    options = parser.parse_args()
    struck, findings = 0, []
    with tempfile.TemporaryDirectory(prefix="certferry-fault-points-") as directory:
        rotations = Rotations(Path(directory), options.api)
        try:
            points = [point for point in rotations.points() if point.fault in (options.fault or CALLS)]
            points = list(islice(points, options.first, None, options.every))
            for number, (hit, found) in enumerate(strike_all(rotations, points), start=1):
                struck += hit
                findings += found
                if number % 25 == 0:
                    print(f"{number} of {len(points)} points, {len(findings)} findings", flush=True)
        finally:
            rotations.end()
    print("\n".join(findings))
    print(f"{len(points)} points, {struck} of them struck: " + (f"{len(findings)} findings" if findings else "nothing lost"))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
