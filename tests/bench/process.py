# SPDX-License-Identifier: MIT
"""What a process costs, as /proc tells it."""

import os
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """`wakeups` are voluntary context switches: each is the end of a sleep."""

    cpu_s: float
    wakeups: int
    rss_mib: float
    peak_mib: float

    def since(self, before: "Cost") -> "Cost":
        return Cost(self.cpu_s - before.cpu_s, self.wakeups - before.wakeups, self.rss_mib, self.peak_mib)


def cost_of(pid: int) -> Cost:
    place = Path("/proc") / str(pid)
    whole = _fields(place / "status")
    # Behind the name, which may have blanks: the 12th and 13th are utime and stime (proc(5)).
    times = (place / "stat").read_text().rpartition(")")[2].split()[11:13]
    wakeups = sum(int(_fields(thread / "status")["voluntary_ctxt_switches"]) for thread in (place / "task").iterdir())
    return Cost(sum(map(int, times)) / TICKS, wakeups, _mib(whole["VmRSS"]), _mib(whole["VmHWM"]))


def _fields(status: Path) -> dict:
    return {name: value.strip() for name, _, value in (line.partition(":") for line in status.read_text().splitlines())}


def _mib(text: str) -> float:
    return int(text.split()[0]) / 1024
