#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""clang-tidy over the sources of the product, as the preset `clang` compiles them. Not over the tests, which
doctest's macros make slow to look at. What passed once is not looked at again until it, a header of ours that it
includes, its compile command or .clang-tidy changes."""

import hashlib
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import NamedTuple

from include_rule import INCLUDE
from project import PRODUCT, ROOT, name_of

BUILD = ROOT / "build/clang"
PASSED = BUILD / "tidy"
CLANG_TIDY = "clang-tidy-14"
LOOKED_AT = tuple(f"{top}/" for top in PRODUCT)
INCLUDE_ROOTS = (ROOT, ROOT / "daemon", ROOT / "tests")


class Verdict(NamedTuple):
    passed: bool
    output: str


def main() -> int:
    PASSED.mkdir(exist_ok=True)
    sources = sources_to_look_at()
    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, (path, verdict) in enumerate(zip(sources, pool.map(judge, sources)), start=1):
            print(f"[{number}/{len(sources)}] {name_of(path[0])}", flush=True)
            if not verdict.passed:
                failed += 1
                print(verdict.output, flush=True)
    print(f"{len(sources) - failed} passed, {failed} failed")
    return 1 if failed else 0


def sources_to_look_at() -> list[tuple[Path, str]]:
    """Each with the command that compiles it."""
    entries = json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8"))
    commands = {Path(entry["file"]): entry["command"] for entry in entries}
    return sorted((path, command) for path, command in commands.items() if name_of(path).startswith(LOOKED_AT))


def judge(source: tuple[Path, str]) -> Verdict:
    path, command = source
    stamp = PASSED / name_of(path).replace("/", "__")
    state = digest(path, command)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == state:
        return Verdict(True, "")
    run = subprocess.run([CLANG_TIDY, "--quiet", "-p", BUILD, path], capture_output=True, text=True, check=False)
    if run.returncode == 0:
        stamp.write_text(state, encoding="utf-8")
    return Verdict(run.returncode == 0, run.stdout or run.stderr)


def digest(path: Path, command: str) -> str:
    """All that the verdict on `path` depends on, but for the system's headers."""
    state = hashlib.sha256(f"{version()}\n{command}\n".encode())
    for file in [*sorted(ROOT.glob("**/.clang-tidy")), *sorted(with_headers(path))]:
        state.update(file.read_bytes())
    return state.hexdigest()


@cache
def version() -> str:
    return subprocess.run([CLANG_TIDY, "--version"], capture_output=True, text=True, check=True).stdout


def with_headers(path: Path) -> set[Path]:
    """`path` and every header of ours that it includes, directly or not."""
    seen: set[Path] = set()
    waiting = [path]
    while waiting:
        file = waiting.pop()
        if file not in seen:
            seen.add(file)
            waiting += included_by(file)
    return seen


@cache
def included_by(path: Path) -> tuple[Path, ...]:
    lines = path.read_text(encoding="utf-8").splitlines()
    names = [match.group(2) for match in map(INCLUDE.match, lines) if match and match.group(1) == '"']
    places = (root / name for name in names for root in (path.parent, *INCLUDE_ROOTS))
    return tuple(place.resolve() for place in places if place.is_file())


if __name__ == "__main__":
    raise SystemExit(main())
