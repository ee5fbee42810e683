# SPDX-License-Identifier: MIT
"""The status page, its data, the metrics, `certferry status` and `history` with many mappings: how long they take, and
for how long they hold up the loop."""

import subprocess
import time
from pathlib import Path
from typing import Callable

from fleet import Fleet, wait_until_looked
from issuing import QuickAuthority
from loop_watch import LoopWatch
from results import Results, at_most
from support.daemon import Daemon, daemon_table
from support.web import connect

RENEWALS = 10
PATHS = ("/", "/status.json", "/metrics", "/recent.json")
HELD_MAX_MS = 50
# What took long to make is kept for ten times as long (daemon/report/cached.hpp).
KEPT_FACTOR, KEPT_MIN_S = 10, 0.5


def measure(results: Results, extent, place: Path):
    repeats = 2 if extent.quick else 5
    for size in (100,) if extent.quick else (1000, 10000):
        fleet = Fleet(place / str(size), size, QuickAuthority())
        with fleet.daemon(daemon_table(rescan='"1h"'), renewals=RENEWALS) as daemon:
            wait_until_looked(daemon)
            Measured(results, daemon, f"page {size}", repeats).all()


class Measured:
    def __init__(self, results: Results, daemon: Daemon, scenario: str, repeats: int):
        self.results, self.daemon, self.scenario, self.repeats = results, daemon, scenario, repeats
        self.socket = daemon.directory / "http.sock"

    def all(self):
        for path in PATHS:
            first, whole, size = zip(*self.repeat(path, lambda path=path: fetch(self.socket, path)))
            self.add(f"{path}, first byte", first)
            self.add(f"{path}, whole", whole, note=f"{size[-1] / 1e6:.2f} MB")
        for name in ("status", "history"):
            self.add(f"certferry {name}", self.repeat(name, lambda name=name: self.command(name, "-o", "json")))

    def repeat(self, what: str, act: Callable) -> list:
        """What `act` gives each time, when nothing is kept from the last time."""
        values, held = [], []
        for _ in range(self.repeats):
            began = time.monotonic()
            with LoopWatch(self.daemon.process.pid, self.socket) as watch:
                values.append(act())
            held.append(1000 * watch.longest_s)
            time.sleep(KEPT_MIN_S + KEPT_FACTOR * (time.monotonic() - began))
        self.add(f"loop held up by {what}", held, at_most(HELD_MAX_MS))
        return values

    def command(self, *arguments: str) -> float:
        began = time.monotonic()
        subprocess.run(self.daemon.command_line(*arguments), stdout=subprocess.DEVNULL, check=True)
        return 1000 * (time.monotonic() - began)

    def add(self, what: str, values, target=None, note: str = ""):
        self.results.add(self.scenario, what, values, "ms", target, note)


def fetch(socket: Path, path: str) -> tuple:
    """Milliseconds to the first byte and to the last, and how many bytes there were."""
    connection = connect(socket)
    try:
        began = time.monotonic()
        connection.request("GET", path)
        answer = connection.getresponse()
        first = time.monotonic() - began
        size = len(answer.read())
        return 1000 * first, 1000 * (time.monotonic() - began), size
    finally:
        connection.close()
