#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Words that no file of the project holds: each belongs to the place where it was written, not to the reader."""

import re
from pathlib import Path
from typing import Iterator

from project import Finding, files, name_of, report

# pattern, below which folder, why. The patterns are written so that they do not match themselves.
WORDS = (
    (r"/wor[k]/", "", "a path of one workplace"),
    (r"[.]librar[y]\b", "", "a path of one workplace"),
    (r"\b(?i:issue|ticket|pull request|PR) #\d+", "", "say what it is, not its number"),
    (r"\bTOD[O]\b|\bFIXM[E]\b|\bXX[X]\b", "", "do it, or leave it out"),
    (r"\bdeb[.]debian[.]org\b|\bregistry[.]npmjs[.]org\b|\bpypi[.]org\b|\bpythonhosted[.]org\b|\bpkg[.]dev\b", "",
     "the package registry of one machine: clients know theirs"),
    (r"\bsleep_fo[r]\b|\bsleep_unti[l]\b\s*\(\s*std::|\busleep[(]", "tests/",
     "a test that sleeps and hopes: wait for the event, or turn a clock by hand"),
)

LICENSE = "SPDX-License-Identifier: MIT"
LICENSED = (".cpp", ".hpp", ".py", ".sh", ".mjs")


def check(name: str, text: str) -> Iterator[Finding]:
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        for pattern, below, why in WORDS:
            if name.startswith(below) and (match := re.search(pattern, line)):
                yield Finding(name, number, f'"{match.group()}": {why}')
    if lines and name.endswith(LICENSED) and not any(LICENSE in line for line in lines[:2]):
        yield Finding(name, 1, f"begins without {LICENSE}")


def check_all() -> Iterator[Finding]:
    for path in files():
        try:
            text = Path(path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a certificate in DER, a picture
        yield from check(name_of(path), text)


if __name__ == "__main__":
    raise SystemExit(report(check_all()))
