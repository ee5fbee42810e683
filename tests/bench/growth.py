# SPDX-License-Identifier: MIT
"""Growth: how what is done for all targets grows with their number, and what ten years leave in the journal."""

import json
import math
import subprocess
import time
from pathlib import Path

from fleet import Fleet, wait_until_looked
from issuing import QuickAuthority
from results import Results, at_most
from support.daemon import daemon_table
from support.paths import build_directory

RENEWALS_IN_TEN_YEARS = 81  # of certificates for 45 days that are renewed in time
ASKED = 20


def measure(results: Results, extent, place: Path):
    measure_costs(results, extent.quick, place / "growth.json")
    measure_journal(results, place / "journal", 20 if extent.quick else 1000)


def measure_costs(results: Results, quick: bool, report: Path):
    """By the Google Benchmarks of growth.cpp, whose names are WHAT/TARGETS."""
    command = [build_directory() / "certferry_growth", f"--benchmark_out={report}", "--benchmark_out_format=json",
               f"--benchmark_min_time={0.01 if quick else 0.5}"]
    if quick:
        command.append("--benchmark_filter=/10{3,4}(/|$)")
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    curves = {}
    for run in json.loads(report.read_text())["benchmarks"]:
        what, targets = run["name"].split("/")[:2]
        curves.setdefault(what, []).append((int(targets), run["cpu_time"] * SECONDS[run["time_unit"]]))
    for what, points in curves.items():
        targets, seconds = points[-1]
        results.add("growth", f"{what}: fitted exponent", [exponent(points)], "", at_most(1.1),
                    note=f"{points[0][0]} to {targets} targets; {1e9 * seconds / targets:.0f} ns each at the end")


SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}


def exponent(points: list) -> float:
    """The slope of the line that fits best, both axes logarithmic."""
    across, up = zip(*((math.log(targets), math.log(seconds)) for targets, seconds in points))
    middle, height = sum(across) / len(across), sum(up) / len(up)
    return (sum((x - middle) * (y - height) for x, y in zip(across, up)) /
            sum((x - middle) ** 2 for x in across))


def measure_journal(results: Results, place: Path, size: int):
    fleet = Fleet(place, size, QuickAuthority())
    daemon = fleet.daemon(daemon_table(rescan='"1h"'), renewals=RENEWALS_IN_TEN_YEARS)
    file = place / "state" / "journal.db"
    name = f"ten years of {size}"
    rotations = size * RENEWALS_IN_TEN_YEARS
    results.add(name, "journal", [file.stat().st_size / 2**20], "MiB", note=f"{rotations} rotations")
    results.add(name, "journal, of a rotation", [file.stat().st_size / rotations], "bytes")
    began = time.monotonic()
    with daemon:
        wait_until_looked(daemon)
        results.add(name, "exec to every file checked", [time.monotonic() - began], "s")
        for command in ("status", "history"):
            results.add(name, f"certferry {command} MAPPING", time_command(daemon, command), "ms")


def time_command(daemon, command: str) -> list:
    """Milliseconds, the command's own start included."""
    took = []
    for _ in range(ASKED):
        began = time.monotonic()
        daemon.target("site-00007", command)  # which fails when it is not told
        took.append(1000 * (time.monotonic() - began))
    return took
