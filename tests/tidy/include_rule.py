#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Nouns know nothing; ports name needs; edge files name libraries; main.cpp and service/ wire.

The core (every file whose name carries no edge prefix) includes no library of the outside and no edge, and no
folder includes one that comes after it in the sentence watch, bundle, cloud, rotate, service."""

import re
from pathlib import Path, PurePosixPath
from typing import Iterator

from project import PRODUCT, Finding, files, name_of, report

EDGE_PREFIXES = ("uv_", "sqlite_", "spdlog_", "toml_", "sd_", "asio_", "beast_", "posix_", "tls_")

# Wiring may name the edges, and a program (main and the command) the libraries of its command line too.
WIRING = ("daemon/main.cpp", "daemon/service/", "daemon/control/client/")
PROGRAMS = ("daemon/main.cpp", "daemon/control/client/")

# What only an edge may include.
OUTSIDE = {
    "libuv": r"uv\.h",
    "SQLite": r"sqlite3\.h",
    "spdlog": r"spdlog/.*",
    "toml++": r"toml\+\+/.*",
    "libsystemd": r"systemd/sd-.*",
    "CLI11": r"CLI/.*",
    "TLS": r"openssl/ssl\.h",
    "Beast": r"boost/beast(/.*|\.hpp)",
    "a socket or descriptor": r"boost/asio/(ip|ssl|local|posix|generic)/.*|boost/asio/(connect|ssl|signal_set)\.hpp",
    "a real clock": r"boost/asio/(steady|system|high_resolution|deadline)_timer\.hpp",
    "POSIX I/O": r"(unistd|fcntl|poll|netdb|dirent|pwd|grp|termios)\.h|(sys|netinet|linux)/.*",
    "files": r"fstream",
}

# folder: the folders that it may include, besides itself.
DIRECTION = {
    "base": {"base"},
    "config": {"base"},
    "watch": {"base", "config"},
    "bundle": {"base", "config"},
    "cloud": {"base", "config", "bundle"},
    "store": {"base", "config", "bundle", "cloud", "rotate"},
    "rotate": {"base", "config", "bundle", "cloud", "store"},
    "report": {"base", "config", "bundle", "cloud", "store", "rotate"},
    "control": {"base", "config", "watch", "bundle", "store", "rotate", "report"},
    "systemd": {"base"},
}
# From one folder of the above, nothing but these headers: who keeps or shows rotations knows their nouns, not the steps.
ROTATION_NOUNS = {"rotation.hpp", "sightings.hpp", "succession.hpp", "target.hpp"}
ONLY = {
    ("store", "rotate"): ROTATION_NOUNS,
    ("control", "rotate"): ROTATION_NOUNS,
    ("report", "rotate"): ROTATION_NOUNS,
    ("store", "cloud"): {"binding.hpp"},
    ("report", "cloud"): {"http.hpp", "url.hpp"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def is_edge(name: str) -> bool:
    return PurePosixPath(name).name.startswith(EDGE_PREFIXES)


def folder_of(name: str) -> str:
    """"daemon/base/time.hpp", or as it is included, "base/time.hpp": base."""
    parts = PurePosixPath(name).parts
    return parts[1] if parts[0] == "daemon" and len(parts) > 2 else parts[0]


def breach(includer: str, bracket: str, included: str) -> str | None:
    """Why the file `includer` must not include `included`, if it must not."""
    core = not is_edge(includer)
    if bracket == "<":
        for what, pattern in OUTSIDE.items():
            if core and not includer.startswith(PROGRAMS) and re.fullmatch(pattern, included):
                return f"the core includes <{included}> ({what}): put it behind a port, into a file named for it"
        return None

    if core and is_edge(included) and not same_file(includer, included) and not includer.startswith(WIRING):
        return f"the core includes the edge {included}: include the port, and let main.cpp or service/ wire"

    source, target = folder_of(includer), folder_of(included)
    if source not in DIRECTION or source == target:
        return None
    if target not in DIRECTION[source]:
        return f"{source}/ includes {target}/, but may include only {', '.join(sorted(DIRECTION[source]))}"
    allowed = ONLY.get((source, target))
    if allowed and PurePosixPath(included).name not in allowed:
        return f"{source}/ includes {included}, but of {target}/ only {', '.join(sorted(allowed))}"
    return None


def same_file(includer: str, included: str) -> bool:
    return PurePosixPath(includer).stem == PurePosixPath(included).stem


def check(name: str, text: str) -> Iterator[Finding]:
    for number, line in enumerate(text.splitlines(), start=1):
        if match := INCLUDE.match(line):
            if why := breach(name, *match.groups()):
                yield Finding(name, number, why)


def check_all() -> Iterator[Finding]:
    for path in files(*PRODUCT, suffixes=(".cpp", ".hpp")):
        yield from check(name_of(path), Path(path).read_text(encoding="utf-8"))


if __name__ == "__main__":
    raise SystemExit(report(check_all()))
