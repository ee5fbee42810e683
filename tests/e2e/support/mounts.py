# SPDX-License-Identifier: MIT
"""File systems that a test mounts. Where mounting is not permitted, the test is skipped, and says so."""

import subprocess
import unittest
from contextlib import contextmanager
from pathlib import Path

# A command that starts with this mounts for itself alone.
IN_OWN_MOUNTS = ["unshare", "--mount", "--map-root-user"]


def need_own_mounts(test: unittest.TestCase):
    done = subprocess.run([*IN_OWN_MOUNTS, "true"], capture_output=True, text=True)
    if done.returncode != 0:
        test.skipTest(f"this needs a mount namespace: {done.stderr.strip()}")


@contextmanager
def small_file_system(test: unittest.TestCase, place: Path, size: str = "1m"):
    """An empty one of `size` at the directory `place`, for its owner only."""
    _mount(test, "-t", "tmpfs", "-o", f"size={size},mode=0700", "none", place)
    with _unmounted_at_the_end(place):
        yield


@contextmanager
def bind_mounted(test: unittest.TestCase, source: Path, place: Path):
    """The directory `source` in the place of `place`. inotify tells nobody."""
    _mount(test, "--bind", source, place)
    with _unmounted_at_the_end(place):
        yield


@contextmanager
def read_only(test: unittest.TestCase, place: Path):
    """The directory `place`, in which nothing can be written, not even by root."""
    with bind_mounted(test, place, place):
        _mount(test, "-o", "remount,bind,ro", place)
        yield


def fill(place: Path) -> Path:
    """Writes a file until no byte more fits; the file."""
    ballast = place / "ballast"
    with open(ballast, "wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                pass
    return ballast


def _mount(test: unittest.TestCase, *arguments):
    done = subprocess.run(["mount", *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        test.skipTest(f"this needs a mount: {done.stderr.strip()}")


@contextmanager
def _unmounted_at_the_end(place: Path):
    try:
        yield
    finally:
        # Lazily: the daemon may still have files open there.
        subprocess.run(["umount", "--lazy", place], check=True)
