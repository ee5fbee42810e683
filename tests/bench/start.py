# SPDX-License-Identifier: MIT
"""Start: from exec to READY=1, and until every mapping was looked at, with a journal full of history. Once with lineages
that the daemon has never seen, and then with those that it knows."""

import socket
import time
from pathlib import Path

from fleet import settled_daemon, sizes, wait_until_looked
from results import Results, at_most
from support.daemon import Daemon

RENEWALS = 10
RESCAN_S = 3600
BOUND_S = {10000: 1.5}


def measure(results: Results, extent, place: Path):
    repeats = 2 if extent.quick else 5
    for size in sizes(extent.quick):
        measure_one(results, place / str(size), size, repeats)


def measure_one(results: Results, place: Path, size: int, repeats: int):
    daemon = settled_daemon(place, size, RESCAN_S, RENEWALS)
    history = f"{size * RENEWALS} rotations in the journal"
    _, first = time_start(daemon)
    ready, looked = zip(*(time_start(daemon) for _ in range(repeats)))
    name, bound = f"start {size}", BOUND_S.get(size)
    results.add(name, "exec to READY", ready, "s", at_most(bound) if bound else None, note=history)
    results.add(name, "exec to every file checked, the first time", [first], "s", note=history)
    results.add(name, "exec to every file checked", looked, "s", at_most(bound) if bound else None, note=history)


def time_start(daemon: Daemon) -> tuple:
    """Until READY=1, and until everything was looked at, in seconds."""
    path = daemon.directory / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(path))
        manager.settimeout(600)
        began = time.monotonic()
        daemon.start(NOTIFY_SOCKET=str(path))
        while not manager.recv(4096).startswith(b"READY=1"):
            pass
        ready = time.monotonic() - began
        wait_until_looked(daemon)
        looked = time.monotonic() - began
        daemon.term()
    path.unlink()
    return ready, looked
