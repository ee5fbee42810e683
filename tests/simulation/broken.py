#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""One deliberately broken build for each property: the simulation must notice it, by that property.

    python3 tests/simulation/broken.py [PROPERTY ...]

Compiles a changed copy of one file, below build/broken, and links it with what build/release holds of the rest. Prints
a table; the last line is "N passed, M failed", counted in properties.
"""

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple, Optional

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "release"
BROKEN = ROOT / "build" / "broken"
SEEDS = 500


class Break(NamedTuple):
    """A small wrong change, and what it amounts to."""

    what: str
    file: str
    right: str
    wrong: str


BREAKS = {
    "gate_passed": Break(
        "the gate is not asked", "daemon/rotate/rotate.cpp",
        "    if (!allowed) co_return allowed.error();\n",
        ""),
    "intent_first": Break(
        "the replacement is sent before it is written down", "daemon/rotate/rotate.cpp",
        "    if (auto intent = advance(ports, rotation, Stage::replacing, from_to(rotation)); !intent)\n"
        "        co_return intent;\n"
        "    Result<RequestId> accepted =\n",
        "    Result<RequestId> accepted =\n"),
    "single_flight": Break(
        "a reload does not wait for what is in flight", "daemon/service/supervise.cpp",
        "    if (stopping_ || !in_flight_.insert(target).second) return;\n    asio::co_spawn(",
        "    if (stopping_) return;\n    in_flight_.insert(target);\n    asio::co_spawn("),
    "succession_grows": Break(
        "a rotation names the configured id as old, not the head", "daemon/rotate/pursuit.cpp",
        "begin(bundle->leaf(), head->id)",
        "begin(bundle->leaf(), ports_.journal.succession(target_.key, ports_.clock.now())->entries.front().id)"),
    "read_back_first": Break(
        "an ambiguous replacement is repeated without a look", "daemon/rotate/rotate.cpp",
        "    if (before == Stage::replacing)\n",
        "    if (before == Stage::replacing && ports.stopping)\n"),
    "done_is_proven": Break(
        "what the API said yes to is done", "daemon/rotate/rotate.cpp",
        "    Result<void> proven = co_await verify(ports, target, rotation);\n",
        "    Result<void> proven;\n"),
    "never_earlier": Break(
        "the gate lets an older certificate pass", "daemon/bundle/gate.cpp",
        "    if (ours >= theirs) return {};\n",
        "    if (ours >= theirs - std::chrono::days(400)) return {};\n"),
    "uploaded_once": Break(
        "nobody looks whether the certificate is there already", "daemon/rotate/rotate.cpp",
        "found = co_await ports.cloud.find(certificate);",
        "found = std::optional<CertificateId>(); static_cast<void>(certificate);"),
    "removes_its_own": Break(
        "cleanup takes every id for its own", "daemon/rotate/cleanup.cpp",
        "        if (!uploaded_by_us(rotations, entry.id)) continue;\n",
        "        static_cast<void>(uploaded_by_us(rotations, entry.id));\n"),
    "others_left_alone": Break(
        "every certificate is taken for one of this target", "daemon/rotate/past.cpp",
        "    const auto& entries = succession.entries;\n",
        "    if (!id.empty()) return true;\n    const auto& entries = succession.entries;\n"),
    "keys_stay_secret": Break(
        "the log tells what was read", "daemon/service/lookout.cpp",
        "report_bundle(ports.log, reading->bundle.leaf, reading->chain);",
        "report_bundle(ports.log, reading->bundle.leaf, std::string(reading->bundle.key_pem.reveal()));"),
    "rate_kept": Break(
        "calls follow each other at once", "daemon/cloud/call_rate.cpp",
        "    next_ = now + spacing(per_second_);\n}\n\nvoid CallRate::answered",
        "    next_ = now;\n}\n\nvoid CallRate::answered"),
    "soonest_first": Break(
        "who comes first goes first", "daemon/cloud/pace.cpp",
        "place(in.waiting.emplace(served_until, this))",
        "place(in.waiting.emplace(served_until - served_until.time_since_epoch(), this))"),
    "effort_bounded": Break(
        "what is busy is asked again at once", "daemon/rotate/retry.cpp",
        "            return backoff_delay(busy_backoff, failures, chance);\n",
        "            return backoff_delay(busy_backoff, failures, 0);\n"),
    "converges": Break(
        "events are taken for the truth: no scan", "daemon/service/supervise.cpp",
        "co_await look_at_all_due(now, rescan);",
        "co_await look_at_all_due(now, false);"),
    "trouble_stays_alone": Break(
        "one target at a time", "daemon/service/supervise.cpp",
        "    if (stopping_ || !in_flight_.insert(target).second) return;\n    asio::co_spawn(",
        "    if (stopping_ || !in_flight_.empty() || !in_flight_.insert(target).second) return;\n    asio::co_spawn("),
}


def link_broken(name: str, broken: Break) -> Path:
    """Compiles a changed copy of the file, and links the program of it and of the objects of everything else: the
    linker takes from a library what is not there yet."""
    folder = BROKEN / name
    folder.mkdir(parents=True, exist_ok=True)
    source, copy = ROOT / broken.file, folder / Path(broken.file).name
    text = source.read_text(encoding="utf-8")
    if text.count(broken.right) != 1:
        raise SystemExit(f"{name}: {broken.file} does not hold the text to change exactly once")
    copy.write_text(text.replace(broken.right, broken.wrong), encoding="utf-8")
    obj, program = copy.with_suffix(".o"), folder / "certferry_simulation"
    command = compile_command(source)
    run(f"{re.sub(' -o [^ ]+', f' -o {obj}', command.replace(f'-c {source}', f'-c {copy}'))}")
    run(link_command().replace(" -o certferry_simulation ", f" -o {program} {obj} "))
    return program


def compile_command(source: Path) -> str:
    entries = json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8"))
    return next(entry["command"] for entry in entries if entry["file"] == str(source))


def link_command() -> str:
    commands = run("ninja -t commands certferry_simulation")
    return next(line for line in reversed(commands.splitlines()) if " -o certferry_simulation " in line)


def run(command: str) -> str:
    done = subprocess.run(command, shell=True, cwd=BUILD, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    if done.returncode != 0:
        raise SystemExit(f"{command}:\n{done.stdout[-4000:]}")
    return done.stdout


def first_failing_seed(name: str, program: Path) -> Optional[int]:
    """The first seed in which the property is broken, looked for in growing steps."""
    first = 1
    while first <= SEEDS:
        seeds = min(100, SEEDS - first + 1)
        done = subprocess.run([str(program), "--property", name, "--seeds", str(seeds),
                               "--first", str(first)], stdout=subprocess.PIPE, text=True, check=False)
        if found := re.search(rf'^seed (\d+) broke "{name}"', done.stdout, re.MULTILINE):
            return int(found.group(1))
        first += seeds
    return None


def try_break(name: str, broken: Break) -> bool:
    began = time.monotonic()
    seed = first_failing_seed(name, link_broken(name, broken))
    verdict = f"noticed in seed {seed}" if seed else f"NOT NOTICED in {SEEDS} seeds"
    print(f"{name:<20} {broken.what:<56} {verdict:<24} {time.monotonic() - began:>5.0f}s", flush=True)
    return seed is not None


def main() -> int:
    names = sys.argv[1:] or list(BREAKS)
    if unknown := [name for name in names if name not in BREAKS]:
        raise SystemExit(f"no such property: {', '.join(unknown)}")
    run(f"cmake --build {BUILD} --target certferry_simulation")
    known = run("./certferry_simulation --properties").splitlines()
    if missing := {line.split()[0] for line in known} - set(BREAKS):
        raise SystemExit(f"no broken build for: {', '.join(sorted(missing))}")
    noticed = [try_break(name, BREAKS[name]) for name in names]
    print(f"\n{noticed.count(True)} passed, {noticed.count(False)} failed")
    return 0 if all(noticed) else 1


if __name__ == "__main__":
    sys.exit(main())
