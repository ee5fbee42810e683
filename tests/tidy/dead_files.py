#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every .cpp is compiled: a CMakeLists.txt names it, and what is named an edge is no part of the core."""

import re
from pathlib import Path
from typing import Iterator

from include_rule import is_edge
from project import PRODUCT, ROOT, Finding, files, name_of, report

COMMAND = re.compile(r"\b(target_sources|add_executable|add_library)\s*\(\s*(\S+)([^)]*)\)")
SOURCE = re.compile(r"[^\s()\"]+\.cpp\b")


def compiled_by(cmake: Path) -> dict[Path, str]:
    """The sources that a CMakeLists.txt names, and the target that each belongs to."""
    sources = {}
    for _, target, arguments in COMMAND.findall(without_comments(cmake.read_text(encoding="utf-8"))):
        for source in SOURCE.findall(arguments):
            sources[resolve(cmake.parent, source)] = target
    return sources


def without_comments(text: str) -> str:
    return re.sub(r"#.*", "", text)


def resolve(folder: Path, source: str) -> Path:
    source = re.sub(r"\$\{(PROJECT|CMAKE)_SOURCE_DIR\}", str(ROOT), source)
    source = source.replace("${CMAKE_CURRENT_SOURCE_DIR}", str(folder))
    return (folder / source).resolve()


def check_all() -> Iterator[Finding]:
    compiled: dict[Path, str] = {}
    for cmake in files(suffixes=("CMakeLists.txt",)):
        compiled |= compiled_by(cmake)
    for path in files(*PRODUCT, "tests", suffixes=(".cpp",)):
        if path not in compiled:
            yield Finding(name_of(path), 1, "no CMakeLists.txt compiles it: add it, or delete it")
    for path, target in compiled.items():
        if target == "certferry_core" and is_edge(path.name):
            yield Finding(name_of(path), 1, "named an edge, but compiled into certferry_core: it is of certferry_edges")


if __name__ == "__main__":
    raise SystemExit(report(check_all()))
