#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The end-to-end tests, several files at a time: most of their time they wait.

    python3 tests/e2e/run.py [NAME...]        all of them, or those files whose name has one of the words in it

CERTFERRY_BUILD_DIR is where the programs are. What a file's tests say comes in one piece, when the file is done; what
the failed ones said is repeated at the end."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

HERE = Path(__file__).parent
AT_A_TIME = (os.cpu_count() or 1) + 2
# Those that take longest, so that they are not begun last.
FIRST = ("test_failures", "test_fault_points", "test_storm", "test_restart", "test_sandbox_faults", "test_certbot")


def main(words: list[str]) -> int:
    names = [path.stem for path in HERE.glob("test_*.py") if not words or any(word in path.stem for word in words)]
    names.sort(key=lambda name: (name not in FIRST, name))
    failed = []
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        runs = {pool.submit(run, name): name for name in names}
        for number, done in enumerate(as_completed(runs), start=1):
            result = done.result()
            print(f"[{number}/{len(names)}] {runs[done]}\n{result.stdout}", flush=True)
            if result.returncode != 0:
                failed.append(f"failed: {runs[done]}\n{what_failed(result.stdout)}")
    print(*failed, sep="\n", end="")
    return 1 if failed or not names else 0


def what_failed(output: str) -> str:
    """From the line on that unittest draws above the first failure; but not its count, which has been told."""
    _, drawn, failures = output.partition("=" * 70)
    return re.sub(r"^(Ran \d+ tests?|FAILED) .*\n?", "", drawn + failures, flags=re.MULTILINE) or output


def run(name: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "unittest", "--verbose", name], cwd=HERE, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
