# SPDX-License-Identifier: MIT
"""A machine with a real systemd as PID 1: a throw-away overlay of this machine's root in namespaces of its own, booted in
seconds with util-linux alone. It has its own loopback and no other network."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "e2e"))

from support.waiting import wait_until  # noqa: E402

NAMESPACES = ["--mount", "--pid", "--uts", "--ipc", "--cgroup", "--net"]
POWER_OFF = signal.SIGRTMIN + 4  # systemd(1), "Signals"


def why_not() -> str:
    """Why there can be no such machine here; empty where there can."""
    if os.geteuid() != 0:
        return "this needs root"
    for program in ("unshare", "nsenter", "pivot_root", "/lib/systemd/systemd"):
        if not shutil.which(program):
            return f"{program} is not installed"
    if not _cgroup_root():
        return "there is no cgroup2 file system"
    done = subprocess.run(["unshare", *NAMESPACES, "--fork", "mount", "-t", "tmpfs", "none", "/mnt"],
                          capture_output=True, text=True, check=False)
    return f"namespaces are not permitted: {done.stderr.strip()}" if done.returncode != 0 else ""


class Machine:
    """Runs while the `with` block does."""

    def __init__(self):
        self._work = Path(tempfile.mkdtemp(prefix="certferry-boot-"))
        self._console = open(self._work.with_suffix(".console"), "w+", encoding="utf-8", errors="replace")
        self._cgroup = _cgroup_root() / self._work.name
        self._cgroup.mkdir()
        boot = ["bash", str(HERE / "boot.sh"), str(self._work), str(PROJECT)]
        self._process = subprocess.Popen(
            ["sh", "-c", 'echo $$ >"$0/cgroup.procs" && exec "$@"', self._cgroup, "unshare", *NAMESPACES, "--fork",
             "--kill-child", "--propagation", "private", *boot],
            stdin=subprocess.DEVNULL, stdout=self._console, stderr=self._console)
        try:
            self._init = wait_until(self._find_init, "systemd is PID 1", timeout=60)
            wait_until(Path(f"/proc/{self._init}/root/run/systemd/private").exists, "systemd listens", timeout=60)
        except BaseException:
            print(self._console_text(), file=sys.stderr)
            self._clean_up()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.kill(self._init, POWER_OFF)
        self._clean_up()

    def run(self, *command, **environment: str) -> int:
        """Runs a command in there, with this process's output; its exit code."""
        clean = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"} | environment
        enter = ["nsenter", "--target", str(self._init), "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"]
        return subprocess.run([*enter, *map(str, command)], env=clean, stdin=subprocess.DEVNULL, check=False).returncode

    def _find_init(self) -> int | None:
        if self._process.poll() is not None:
            raise AssertionError("systemd ended at once")
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        return next((int(pid) for pid in children if Path(f"/proc/{pid}/comm").read_text() == "systemd\n"), None)

    def _console_text(self) -> str:
        self._console.seek(0)
        return self._console.read()

    def _clean_up(self):
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._console.close()
        Path(self._console.name).unlink()
        self._work.rmdir()
        for directory, _, _ in os.walk(self._cgroup, topdown=False):
            os.rmdir(directory)


def _cgroup_root() -> Path | None:
    places = (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified"))
    return next((place for place in places if (place / "cgroup.procs").exists() and
                 (place / "cgroup.controllers").exists()), None)
