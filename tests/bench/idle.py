# SPDX-License-Identifier: MIT
"""Idle: what a daemon costs that has nothing to do."""

import time
from pathlib import Path

from fleet import settled_daemon, sizes, wait_until_looked
from process import cost_of
from results import Results, at_most

# A status for the service manager; with a watchdog, a third of its patience, that is the sign of life as well.
HEARTBEAT_S = 30
RESCAN_S = 300
RSS_MAX_MIB = {10: 16, 10000: 64}


def measure(results: Results, extent, place: Path):
    seconds = 12 if extent.quick else 120
    for size in sizes(extent.quick):
        measure_one(results, place / str(size), size, seconds)


def measure_one(results: Results, place: Path, size: int, seconds: int):
    daemon = settled_daemon(place, size, RESCAN_S)
    with daemon:
        come_to_rest(daemon, 5)
        first = cost_of(daemon.process.pid)
    with daemon:
        come_to_rest(daemon, 70)
        before = cost_of(daemon.process.pid)
        time.sleep(seconds)
        cost = cost_of(daemon.process.pid).since(before)
    name = f"idle {size}"
    # Those that fall into the time, and one more for where it begins.
    needed = seconds / HEARTBEAT_S + 1
    results.add(name, f"wake-ups in {seconds} s", [cost.wakeups], "", at_most(needed),
                note=f"a heartbeat every {HEARTBEAT_S} s; the rescan is later")
    results.add(name, f"CPU time in {seconds} s", [1000 * cost.cpu_s], "ms")
    bound = RSS_MAX_MIB.get(size)
    limit = at_most(bound) if bound else None
    results.add(name, "RSS", [cost.rss_mib], "MiB", limit)
    results.add(name, "RSS after the first start, which judges every certificate", [first.rss_mib], "MiB", limit)
    results.add(name, "peak RSS, of the start", [cost.peak_mib], "MiB")


def come_to_rest(daemon, seconds: int):
    """What the start left to do: notifiers look once more after a minute."""
    wait_until_looked(daemon)
    time.sleep(seconds)
