# SPDX-License-Identifier: MIT
"""Waiting for as long as big numbers take."""

from typing import Callable, TypeVar

from support.waiting import wait_until

T = TypeVar("T")


def wait_patiently(condition: Callable[[], T], what: str, timeout: float = 3600) -> T:
    """As wait_until(), looking seldom enough not to disturb what is measured."""
    return wait_until(condition, what, timeout, interval=0.05)
