# SPDX-License-Identifier: MIT
"""For how long the daemon's loop was busy with something else, as somebody sees it who asks /healthz all the time."""

import multiprocessing
import time
from pathlib import Path

from support.web import get

PAUSE_S = 0.001


class LoopWatch:
    """Asks while the `with` block lasts, in a process of its own. Afterwards `longest_s` is the longest that an answer
    took, without what the two processes waited for a processor: that is the machine's doing, not the loop's."""

    def __init__(self, pid: int, socket: Path):
        self.longest_s = None
        self._begun, self._over = multiprocessing.Event(), multiprocessing.Event()
        self._result, result = multiprocessing.Pipe(duplex=False)
        self._process = multiprocessing.Process(target=_ask, args=(pid, socket, self._begun, self._over, result))

    def __enter__(self):
        self._process.start()
        self._begun.wait()
        return self

    def __exit__(self, *_):
        self._over.set()
        self.longest_s = self._result.recv()
        self._process.join()


def _ask(pid: int, socket: Path, begun, over, result):
    longest = _took(pid, socket)
    begun.set()
    while not over.is_set():
        longest = max(longest, _took(pid, socket))
        time.sleep(PAUSE_S)
    result.send(longest)


def _took(pid: int, socket: Path) -> float:
    began = time.monotonic_ns()
    queued = _queued_ns(pid)
    get(socket, "/healthz")
    queued = _queued_ns(pid) - queued
    return (time.monotonic_ns() - began - queued) / 1e9


def _queued_ns(pid: int) -> int:
    """How long the daemon's loop and this process have been ready to run, and did not (Linux, sched-stats.rst)."""
    return sum(int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) for process in (pid, "self"))
