# SPDX-License-Identifier: MIT
"""Ports on loopback."""

import socket


def free_port() -> int:
    """A port that nobody listens at just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
