# SPDX-License-Identifier: MIT
"""How certferry gets onto the machine, is replaced by a later build, and leaves it."""

import os
import shutil
import subprocess
from pathlib import Path

from machine import PROJECT

BUILD = Path(os.environ.get("CERTFERRY_BUILD_DIR", PROJECT / "build" / "release"))

# What is installed, where, and with which permissions.
FILES = [
    (BUILD / "certferryd", Path("/usr/sbin/certferryd"), 0o755),
    (BUILD / "certferry", Path("/usr/bin/certferry"), 0o755),
    (PROJECT / "systemd/certferryd.service", Path("/lib/systemd/system/certferryd.service"), 0o644),
    (PROJECT / "systemd/certferry.sysusers", Path("/usr/lib/sysusers.d/certferry.conf"), 0o644),
    (PROJECT / "packaging/hooks/certbot", Path("/etc/letsencrypt/renewal-hooks/deploy/certferry"), 0o755),
]


def install():
    for source, place, mode in FILES:
        place.parent.mkdir(parents=True, exist_ok=True)
        # Under another name first: a program that runs cannot be written over.
        shutil.copyfile(source, place.with_suffix(".new"))
        place.with_suffix(".new").chmod(mode)
        place.with_suffix(".new").rename(place)
    Path("/etc/certferry").mkdir(mode=0o755, exist_ok=True)
    _run("systemd-sysusers", "certferry.conf")
    _run("systemctl", "daemon-reload")


def upgrade():
    install()
    _run("systemctl", "try-restart", "certferryd")


def purge():
    _run("systemctl", "disable", "--now", "certferryd")
    for _, place, _ in FILES:
        place.unlink()
    for directory in ("/etc/certferry", "/var/lib/certferry"):
        shutil.rmtree(directory)
    _run("systemctl", "daemon-reload")


def _run(*command: str):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
