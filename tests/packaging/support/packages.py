# SPDX-License-Identifier: MIT
"""The packages that packaging/build.sh has built, and what is in them."""

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parents[3]
BUILT = PROJECT / "build" / "packages"
VERSION = re.search(r"project\(certferry VERSION ([\d.]+)", (PROJECT / "CMakeLists.txt").read_text()).group(1)
DEB = BUILT / f"certferry_{VERSION}-1_amd64.deb"
RPM = BUILT / f"certferry-{VERSION}-1.x86_64.rpm"
RPM_DEBUGINFO = BUILT / f"certferry-debuginfo-{VERSION}-1.x86_64.rpm"
SOURCE_RPM = BUILT / f"certferry-{VERSION}-1.src.rpm"


class Entry(NamedTuple):
    """A file or directory of a package."""

    mode: str
    owner: str


def output_of(*command, **keywords) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **keywords)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def entries_of_deb() -> dict:
    lines = output_of("dpkg-deb", "--contents", DEB).splitlines()
    return {path.removeprefix(".").rstrip("/") or "/": Entry(mode, owner)
            for mode, owner, _, _, _, path in (line.split(None, 5) for line in lines)}


def entries_of_rpm() -> dict:
    lines = output_of("rpm", "-qp", "--queryformat", "[%{FILEMODES:perms} %{FILEUSERNAME}/%{FILEGROUPNAME} %{FILENAMES}\\n]",
                      RPM).splitlines()
    return {path: Entry(mode, owner) for mode, owner, path in (line.split(None, 2) for line in lines)}


def field_of_deb(name: str) -> str:
    return output_of("dpkg-deb", "--field", DEB, name).strip()
