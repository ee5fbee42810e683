# SPDX-License-Identifier: MIT
"""The files of the project, and how a check tells what it found in them."""

import os
import sys
from pathlib import Path
from typing import Iterable, Iterator, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("daemon", "config", "systemd")
NOT_OURS = {".git", "build", "node_modules", "__pycache__"}


class Finding(NamedTuple):
    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def files(*tops: str, suffixes: tuple[str, ...] = ("",)) -> Iterator[Path]:
    """Every file below the folders `tops` of the project (all of it for none) that ends in one of `suffixes`."""
    for top in tops or (".",):
        for folder, folders, names in os.walk(ROOT / top):
            folders[:] = sorted(set(folders) - NOT_OURS)
            for name in sorted(names):
                if name.endswith(suffixes) and name not in NOT_OURS:
                    yield Path(folder) / name


def name_of(path: Path) -> str:
    """`path` as messages name it: from the top of the project."""
    return path.relative_to(ROOT).as_posix()


def report(findings: Iterable[Finding]) -> int:
    """Prints what was found; the exit code of the check."""
    found = list(findings)
    for finding in found:
        print(finding)
    print(f"{Path(sys.argv[0]).name}: {len(found)} found")
    return 1 if found else 0
