# SPDX-License-Identifier: MIT
"""Waiting for something that another process will bring about."""

import time
from typing import Callable, TypeVar

T = TypeVar("T")


class TimedOut(AssertionError):
    pass


def wait_until(condition: Callable[[], T], what: str, timeout: float = 20, interval: float = 0.02) -> T:
    """The first true value that `condition` gives. Raises TimedOut, which says `what` did not happen."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimedOut(f"not within {timeout} s: {what}")
        time.sleep(interval)
