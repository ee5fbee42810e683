#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the scenarios one after the other, and shows the table."""

import argparse
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

import burst  # noqa: E402
import growth  # noqa: E402
import idle  # noqa: E402
import reaction  # noqa: E402
import start  # noqa: E402
import status_page  # noqa: E402
from results import Results  # noqa: E402
from support.paths import project_directory  # noqa: E402

SCENARIOS = {"reaction": reaction, "burst": burst, "idle": idle, "start": start, "page": status_page,
             "growth": growth}


@dataclass(frozen=True)
class Extent:
    """How much is measured: `quick` tries whether everything runs, `full` has the bursts of 10,000 lineages too."""

    quick: bool = False
    full: bool = False


def main() -> int:
    arguments = read_arguments()
    allow_many_descriptors()
    results = Results()
    extent = Extent(arguments.quick, arguments.full)
    for name in arguments.scenario or SCENARIOS:
        began = time.monotonic()
        print(f"{name} ...", file=sys.stderr, flush=True)
        # Not in /tmp: what others do there would be an event for each daemon that is measured, and defer its look.
        with tempfile.TemporaryDirectory(prefix=f"certferry-bench-{name}-", dir="/var/tmp") as place:
            SCENARIOS[name].measure(results, extent, Path(place))
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    path = project_directory() / "build" / "bench" / "results.json"
    results.write(path, arguments.quick)
    print(results.table())
    if arguments.quick:
        print("\nThis was --quick: small numbers and few repeats, which say that everything runs, and no more.")
    return 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests/bench/run.sh", description=__doc__)
    parser.add_argument("--scenario", action="append", choices=SCENARIOS, help="only this one; may be repeated")
    parser.add_argument("--quick", action="store_true", help="a few minutes: tries whether everything runs")
    parser.add_argument("--full", action="store_true", help="hours: the bursts of 10,000 lineages too")
    return parser.parse_args()


def allow_many_descriptors():
    """The sandbox has a listener for each lineage."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    sys.exit(main())
