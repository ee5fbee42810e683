#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""clang-tidy over the sources of the product, as the preset `clang` compiles them. Not over the tests, which
doctest's macros make slow to look at.

Most of clang-tidy's time goes to the headers of libraries, so a folder's sources are looked at in batches, one
translation unit each; a batch in which two sources do not get along is halved. The compiler's own warnings are left to
the builds, where they are errors. What passed once is not looked at again
until one of its sources, a header of ours that they include, their compile command or .clang-tidy changes."""

import hashlib
import json
import os
import re
import shlex
import subprocess
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import NamedTuple

from include_rule import INCLUDE
from project import PRODUCT, ROOT, name_of

BUILD = ROOT / "build/clang"
BATCHES = BUILD / "tidy"
CLANG_TIDY = "clang-tidy-14"
LOOKED_AT = tuple(f"{top}/" for top in PRODUCT)
INCLUDE_ROOTS = (ROOT, ROOT / "daemon", ROOT / "tests")
AT_MOST = 12  # sources in a batch: two processors should share the work, and a change should not repeat all of it
NAMELESS = re.compile(r"^namespace \{$(.*?)^\}  // namespace$", re.DOTALL | re.MULTILINE)
DEFINITION = re.compile(r"^(?:(?:class|struct|enum class|using) (\w+)|(?!namespace|template|using)[^\s/}].*?(\w+)\s*[(={;])",
                        re.MULTILINE)


class Batch(NamedTuple):
    sources: tuple[Path, ...]
    flags: str  # what they are all compiled with

    def __str__(self) -> str:
        return f"{name_of(self.sources[0].parent)}: {' '.join(source.stem for source in self.sources)}"


class Verdict(NamedTuple):
    passed: bool
    output: str


def main() -> int:
    BATCHES.mkdir(exist_ok=True)
    batches = all_batches()
    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, (batch, verdict) in enumerate(zip(batches, pool.map(judge, batches)), start=1):
            print(f"[{number}/{len(batches)}] {batch}", flush=True)
            if not verdict.passed:
                failed += 1
                print(verdict.output, flush=True)
    print(f"{len(batches) - failed} passed, {failed} failed")
    return 1 if failed else 0


def all_batches() -> list[Batch]:
    """The largest first, so that none is begun last."""
    alike = defaultdict(list)
    for entry in json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8")):
        path = Path(entry["file"])
        if name_of(path).startswith(LOOKED_AT):
            alike[path.parent, flags_of(entry["command"])].append(path)
    batches = [Batch(tuple(part), flags) for (_, flags), sources in sorted(alike.items())
               for part in parted(sorted(sources))]
    return sorted(batches, key=lambda batch: -len(batch.sources))


def flags_of(command: str) -> str:
    arguments = shlex.split(command)
    return shlex.join(arguments[:arguments.index("-o")])


def parted(sources: list[Path]) -> list[list[Path]]:
    """Into batches whose sources define different names in their nameless namespaces, as far as can be seen."""
    parts: list[tuple[list[Path], set[str]]] = []
    for source in sources:
        names = nameless_names(source.read_text(encoding="utf-8"))
        room = (part for part in parts if len(part[0]) < AT_MOST and not names & part[1])
        part = next(room, None)
        if part is None:
            part = ([], set())
            parts.append(part)
        part[0].append(source)
        part[1].update(names)
    return [part for part, _ in parts]


def nameless_names(text: str) -> set[str]:
    return {one or other for space in NAMELESS.findall(text) for one, other in DEFINITION.findall(space)}


def judge(batch: Batch) -> Verdict:
    state = digest(batch)
    stamp = BATCHES / state
    if stamp.exists():
        return Verdict(True, "")
    run = subprocess.run(tidy_command(batch, BATCHES / f"{state}.cpp"), capture_output=True, text=True, check=False)
    if run.returncode == 0:
        stamp.touch()
        return Verdict(True, "")
    if len(batch.sources) > 1 and "clang-diagnostic-error" in run.stdout:
        return both(*(judge(half) for half in halves(batch)))
    return Verdict(False, run.stdout or run.stderr)


def tidy_command(batch: Batch, unit: Path) -> list[str]:
    unit.write_text("".join(f'#include "{source}"\n' for source in batch.sources), encoding="utf-8")
    return [CLANG_TIDY, "--quiet", f"--config-file={ROOT}/.clang-tidy", "--checks=-bugprone-suspicious-include", unit,
            "--", *shlex.split(batch.flags)[1:], "-w"]


def halves(batch: Batch) -> tuple[Batch, Batch]:
    middle = len(batch.sources) // 2
    return batch._replace(sources=batch.sources[:middle]), batch._replace(sources=batch.sources[middle:])


def both(one: Verdict, other: Verdict) -> Verdict:
    return Verdict(one.passed and other.passed, one.output + other.output)


def digest(batch: Batch) -> str:
    """All that the verdict on a batch depends on, but for the system's headers."""
    state = hashlib.sha256(f"{version()}\n{batch.flags}\n{batch}\n".encode())
    for file in [ROOT / ".clang-tidy", *sorted(with_headers(batch.sources))]:
        state.update(file.read_bytes())
    return state.hexdigest()


@cache
def version() -> str:
    return subprocess.run([CLANG_TIDY, "--version"], capture_output=True, text=True, check=True).stdout


def with_headers(sources: tuple[Path, ...]) -> set[Path]:
    """These and every header of ours that they include, directly or not."""
    seen: set[Path] = set()
    waiting = list(sources)
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
