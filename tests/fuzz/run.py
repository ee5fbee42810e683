#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the fuzz targets: first each input of the corpus, then what libFuzzer makes of them.

    python3 tests/fuzz/run.py [--seconds N] [TARGET...]

N is the time for each target; for 0, the corpus is all. The programs are those of build/fuzz, or of CERTFERRY_FUZZ_DIR. What is found on the way
stays in build/fuzz/found; an input that breaks a target is kept there too, and named. The last line is
"N passed, M failed"."""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAMS = Path(os.environ.get("CERTFERRY_FUZZ_DIR", HERE.parent.parent / "build" / "fuzz"))
FOUND = PROGRAMS / "found"
CORPUS = HERE / "corpus"
DICTIONARIES = HERE / "dictionaries"

# A request that is too long for the control socket has more bytes than this.
LONGEST_INPUT = 20 * 1024
# What takes an input longer than that is a hang, also on a busy machine.
LONGEST_SECONDS = 60
MEGABYTES = 2048


def targets() -> list[str]:
    return sorted(folder.name for folder in CORPUS.iterdir())


def command_of(target: str, seconds: int) -> list[str]:
    found, broken = FOUND / target, FOUND / f"{target}-broken"
    for folder in (found, broken):
        folder.mkdir(parents=True, exist_ok=True)
    command = [str(PROGRAMS / f"certferry_fuzz_{target}"), str(found), str(CORPUS / target),
               f"-max_total_time={seconds}" if seconds else "-runs=0", f"-max_len={LONGEST_INPUT}",
               f"-timeout={LONGEST_SECONDS}",
               f"-rss_limit_mb={MEGABYTES}", f"-artifact_prefix={broken}/", "-print_final_stats=1", "-verbosity=0"]
    dictionary = DICTIONARIES / f"{target}.dict"
    return command + ([f"-dict={dictionary}"] if dictionary.exists() else [])


def run(target: str, seconds: int) -> bool:
    done = subprocess.run(command_of(target, seconds), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", check=False)
    executions = re.search(r"number_of_executed_units: (\d+)", done.stdout)
    count = executions.group(1) if executions else "no"
    if done.returncode == 0:
        print(f"{target}: {count} executions, nothing found", flush=True)
        return True
    print(f"{done.stdout}\n{target}: broken after {count} executions", flush=True)
    return False


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=int, default=7)
    arguments.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(targets()))
    wanted = arguments.parse_args()
    if unknown := set(wanted.targets) - set(targets()):
        arguments.error(f"no such target: {', '.join(sorted(unknown))}")
    verdicts = [run(target, wanted.seconds) for target in wanted.targets or targets()]
    print(f"{verdicts.count(True)} passed, {verdicts.count(False)} failed")
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
