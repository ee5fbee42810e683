#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows that the unit tests notice when the product is wrong.

    python3 tests/mutation/run.py [WORD...]

Each change of mutations.py whose file or sentence has a WORD (all of them for none) is made by itself; what it touches is
built, and the tests must fail: first those of its own folder, then all others. One that compiles and is noticed by no test
has failed, and so has one that no longer fits its file. The last line is "N passed, M failed".

All of this happens to copies of the tree in build/mutation, one for each processor. A copy stands in the place of the tree,
in a mount namespace of its own: the compiler is then called as for the build of the unit tests, and ccache knows all but
what was changed."""

import filecmp
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

from mutations import MUTATIONS, Mutation

ROOT = Path(__file__).resolve().parents[2]
COPIES = ROOT / "build" / "mutation"
WORKERS = int(os.environ.get("CERTFERRY_MUTATION_JOBS", os.cpu_count() or 1))
PRESET = "asan"
BUILD = ROOT / "build" / PRESET  # of a copy, once it stands in the place of the tree
WORKER = "CERTFERRY_MUTATION_WORKER"  # which one this is, in its mount namespace

PROGRAMS = ("certferry_core_tests", "certferry_edge_tests")
EVERYTHING = "*"  # the files of all tests
LONGEST_RUN = 300  # seconds; the tests take some ten, and a mutation may make them wait for ever

ROW = "{:<8} {:>5}  {:<36} {}"


class Failure(Exception):
    """Why a mutation has not been noticed, or could not be."""


def main() -> int:
    words = sys.argv[1:]
    if WORKER in os.environ:
        return work(int(os.environ[WORKER]), words)
    copies = [COPIES / str(worker) for worker in range(min(WORKERS, len(chosen(words))))]
    for copy in copies:
        bring_up_to_date(copy)
    workers = [Worker(number, copy, words) for number, copy in enumerate(copies)]
    for worker in workers:
        worker.thread.join()
    failed = sum(worker.failed for worker in workers)
    print(f"{sum(worker.passed for worker in workers)} passed, {failed} failed")
    return 0 if workers and not failed else 1


def chosen(words: list[str]) -> list[Mutation]:
    return [one for one in MUTATIONS if not words or any(word in f"{one.path} {one.breaks}" for word in words)]


def work(number: int, words: list[str]) -> int:
    """What falls to one worker: a build of its own, and every WORKERSth mutation."""
    try:
        build_unchanged(with_tests=number == 0)
    except Failure as failure:
        print(failure, flush=True)
        return 1
    verdicts = [is_noticed(mutation) for mutation in chosen(words)[number::WORKERS]]
    print(f"{verdicts.count(True)} passed, {verdicts.count(False)} failed")
    return 0


class Worker:
    """Runs this script again, where a copy stands in the place of the tree, and passes on what it says."""

    def __init__(self, number: int, copy: Path, words: list[str]):
        own_mounts = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
        inside = 'mount --bind "$1" "$2" && cd "$2" && shift 2 && exec python3 tests/mutation/run.py "$@"'
        self.process = subprocess.Popen([*own_mounts, "bash", "-c", inside, "_", copy, ROOT, *words],
                                        env=os.environ | {WORKER: str(number)}, stdout=subprocess.PIPE, text=True)
        self.passed = self.failed = 0
        self.thread = threading.Thread(target=self._listen)
        self.thread.start()

    def _listen(self):
        for line in self.process.stdout:
            if numbers := re.fullmatch(r"(\d+) passed, (\d+) failed\n", line):
                self.passed, self.failed = map(int, numbers.groups())
            else:
                print(line, end="", flush=True)
        self.failed += self.process.wait() != 0


def bring_up_to_date(copy: Path):
    """Makes the copy what the tree is. A file that is new to it comes with its time, as its object may; one that was another
    is of now, for the object may be that of a mutation which was cut short."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True,
                            capture_output=True, text=True)
    names = {name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}
    for name in names:
        source, target = ROOT / name, copy / name
        if target.exists() and filecmp.cmp(source, target, shallow=False):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        copy_file = shutil.copyfile if target.exists() else shutil.copy2
        copy_file(source, target)
    for file in copy.rglob("*"):
        name = file.relative_to(copy)
        if file.is_file() and name.parts[0] != "build" and name.as_posix() not in names:
            file.unlink()


# --- one mutation


def is_noticed(mutation: Mutation) -> bool:
    begin = time.monotonic()
    try:
        with applied(mutation):
            noticed = notice(mutation)
    except Failure as failure:
        noticed = None
        verdict, why = "FAILED", str(failure)
    else:
        verdict, why = "noticed", f"by {noticed}"
    print(ROW.format(verdict, f"{time.monotonic() - begin:.0f}s", mutation.path, mutation.breaks), flush=True)
    print(ROW.format("", "", "", why), flush=True)
    return noticed is not None


@contextmanager
def applied(mutation: Mutation) -> Iterator[None]:
    path = ROOT / mutation.path
    right = path.read_text(encoding="utf-8")
    if right.count(mutation.right) != 1:
        raise Failure(f"does not fit {mutation.path}: what it changes is there {right.count(mutation.right)} times")
    path.write_text(right.replace(mutation.right, mutation.wrong), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(right, encoding="utf-8")


def notice(mutation: Mutation) -> str:
    """The test that fails."""
    own_folder = f"*/{Path(mutation.path).parent.name}/*"
    for scope in (own_folder, EVERYTHING):
        for program in PROGRAMS:
            build(program)
            if test := failing_test(program, scope):
                return test
    raise Failure("no test notices it")


def build_unchanged(with_tests: bool):
    """Tests that fail anyway would notice everything."""
    run_or_fail("cmake", "--preset", PRESET)
    for program in PROGRAMS:
        build(program)
        if with_tests and (test := failing_test(program, EVERYTHING)):
            raise Failure(f"without any mutation, this test fails: {test}")


def build(program: str):
    run_or_fail("cmake", "--build", BUILD, "--parallel", str(os.cpu_count()), "--target", program)


def run_or_fail(*command: str | Path):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"does not compile:\n{done.stdout}")


def failing_test(program: str, scope: str) -> str | None:
    """The first test that fails of those whose file is in `scope`."""
    command = [BUILD / program, f"--source-file={scope}", "--abort-after=1", "--no-colors"]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                              timeout=LONGEST_RUN, check=False)
    except subprocess.TimeoutExpired:
        return f"{program}, which does not end"
    if done.returncode == 0:
        return None
    cases = [line for line in done.stdout.splitlines() if line.startswith("TEST CASE:")]
    return f'"{cases[0].removeprefix("TEST CASE:").strip()}"' if cases else f"{program}, which ends with {done.returncode}"


if __name__ == "__main__":
    sys.exit(main())
