# SPDX-License-Identifier: MIT
"""Burst: many lineages are renewed at once, each with one target, and the API takes 50 ms to answer."""

import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from fleet import Fleet, wait_until_looked
from issuing import QuickAuthority
from process import Cost, cost_of
from reaction import RIVALS, node_environment
from results import Results, at_least, at_most
from support.daemon import Daemon, account_table, daemon_table
from support.sandbox import Sandbox
from waits import wait_patiently

LATENCY_S = 0.05
PER_SECOND = 20
CONCURRENCY = 8  # Pace::under_way_max
UNLIMITED = 100  # of each action, the highest that can be configured: more than the latency lets through
SETTINGS = daemon_table(rescan='"1h"', settle='{ min = "50ms", max = "30s" }')


@dataclass(frozen=True)
class Outcome:
    """How long all rotations took, the calls of each action that this took, and what the client cost."""

    seconds: float
    calls: dict
    cost: Cost

    def least_seconds(self, per_second: float) -> float:
        """What no program can go below that makes these calls: the busiest action has its rate, and all of them
        their latency at that concurrency."""
        paced = max(self.calls.values()) / per_second
        return max(paced, sum(self.calls.values()) * LATENCY_S / CONCURRENCY)


def measure(results: Results, extent, place: Path):
    sizes = [30] if extent.quick else [1000, 10000] if extent.full else [1000]
    for size in sizes:
        limited = of_daemon(place / f"limited-{size}", size, PER_SECOND)
        report_limited(results, size, limited)
        ours = of_daemon(place / f"unlimited-{size}", size, UNLIMITED)
        rival = of_node(place / f"node-{size}", size)
        report_unlimited(results, size, ours, rival)


def report_limited(results: Results, size: int, ours: Outcome):
    name = f"burst {size}"
    least = ours.least_seconds(PER_SECOND)
    results.add(name, f"certferryd, {PER_SECOND}/s of each action", [ours.seconds], "s", note=calls_text(ours, size))
    results.add(name, "theoretical minimum", [least], "s", note="calls of the busiest action / its rate")
    results.add(name, "certferryd / minimum", [ours.seconds / least], "x", at_most(1.02))


def report_unlimited(results: Results, size: int, ours: Outcome, rival: Outcome):
    name = f"burst {size}"
    least = ours.least_seconds(UNLIMITED)
    results.add(name, f"certferryd, no limit, {CONCURRENCY} at a time", [ours.seconds], "s", note=calls_text(ours, size))
    results.add(name, "theoretical minimum", [least], "s", note="calls x latency / concurrency")
    results.add(name, "certferryd / minimum", [ours.seconds / least], "x")
    results.add(name, f"Node SDK, the same calls, {CONCURRENCY} at a time", [rival.seconds], "s",
                note=calls_text(rival, size))
    results.add(name, "throughput: certferryd / Node SDK", [rival.seconds / ours.seconds], "x", at_least(5),
                note=f"both wait for the API: at most {rival.seconds / least:.2f} can be reached by waiting well")
    results.add(name, "certferryd, CPU time of a rotation", [1000 * ours.cost.cpu_s / size], "ms")
    results.add(name, "Node SDK, CPU time of a rotation", [1000 * rival.cost.cpu_s / size], "ms")
    results.add(name, "certferryd, peak RSS", [ours.cost.peak_mib], "MiB")
    results.add(name, "Node SDK, peak RSS", [rival.cost.peak_mib], "MiB")
    results.add(name, "peak RSS: certferryd / Node SDK", [ours.cost.peak_mib / rival.cost.peak_mib], "x", at_most(0.2))


def calls_text(outcome: Outcome, size: int) -> str:
    return f"{sum(outcome.calls.values()) / size:.2f} calls a rotation"


class Cloud:
    """A sandbox with a load balancer for each lineage of a fleet, and with latency."""

    def __init__(self, place: Path, fleet: Fleet, per_second: int):
        self.sandbox = Sandbox(place / "sandbox")
        old = fleet.authority.issue(days=30)
        fleet.ids = [self.sandbox.add_certificate(old) for _ in fleet.lineages]
        for number, cert_id in enumerate(fleet.ids):
            self.sandbox.add_listener("lbl-1", cert_id, load_balancer=f"lb-{number}")
        if per_second != UNLIMITED:
            self.sandbox.set_behaviour(requests_per_second=per_second)
        self.sandbox.add_fault("latency", ms=int(LATENCY_S * 1000), times=1_000_000)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sandbox.stop()

    def calls(self) -> dict:
        """How many of each action came, refused ones too."""
        return {action: sum(outcomes.values()) for action, outcomes in self.sandbox.state()["calls"].items()}


def renewed_fleet(place: Path, size: int) -> Fleet:
    """Lineages whose renewal is prepared."""
    fleet = Fleet(place, size, QuickAuthority())
    for lineage in fleet.lineages:
        lineage.stage(fleet.authority.issue(days=90))
    return fleet


def of_daemon(place: Path, size: int, per_second: int) -> Outcome:
    fleet = renewed_fleet(place, size)
    with Cloud(place, fleet, per_second) as cloud:
        account = account_table(cloud.sandbox, api='"3.0"', requests_per_second=f"{per_second}.0",
                                timeout='{ total = "30s" }')
        with fleet.daemon(SETTINGS, account) as daemon:
            wait_until_looked(daemon)
            before, began = cost_of(daemon.process.pid), time.monotonic()
            for lineage in fleet.lineages:
                lineage.renew()
            wait_patiently(lambda: rotations_done(daemon) >= size, "all rotations are done")
            return Outcome(time.monotonic() - began, cloud.calls(), cost_of(daemon.process.pid).since(before))


def rotations_done(daemon: Daemon) -> int:
    return daemon.log().count(" rotation.done ")


def of_node(place: Path, size: int) -> Outcome:
    fleet = renewed_fleet(place, size)
    with Cloud(place, fleet, UNLIMITED) as cloud:
        for lineage in fleet.lineages:
            lineage.renew()
        with subprocess.Popen(["node", RIVALS / "node_burst.js", f"127.0.0.1:{cloud.sandbox.port}", str(CONCURRENCY)],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                              env=node_environment(cloud.sandbox)) as process:
            for number, (lineage, cert_id) in enumerate(zip(fleet.lineages, fleet.ids)):
                job = {"oldId": cert_id, "directory": str(lineage.live), "balancer": f"lb-{number}"}
                process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
            expect(process, "ready")
            before, began = cost_of(process.pid), time.monotonic()
            process.stdin.write("go\n")
            process.stdin.flush()
            expect(process, "done")
            outcome = Outcome(time.monotonic() - began, cloud.calls(), cost_of(process.pid).since(before))
            process.stdin.close()
            return outcome


def expect(process: subprocess.Popen, word: str):
    if (line := process.stdout.readline().strip()) != word:
        raise AssertionError(f"the Node program said {line!r} rather than {word!r}")
