# SPDX-License-Identifier: MIT
"""Packages from npm, as a lock file beside the tests has them."""

import shutil
import subprocess
from pathlib import Path

from .paths import build_directory

TESTS = Path(__file__).resolve().parents[1]


def install(folder: str) -> Path:
    """A directory below the build directory with what is in tests/e2e/`folder`, and its packages."""
    source, place = TESTS / folder, build_directory() / folder
    place.mkdir(exist_ok=True)
    for file in source.iterdir():
        shutil.copy(file, place / file.name)
    installed = place / "installed-lock.json"
    lock = (place / "package-lock.json").read_text()
    if not installed.exists() or installed.read_text() != lock:
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=place, check=True,
                       stdout=subprocess.DEVNULL)
        installed.write_text(lock)
    return place
