# SPDX-License-Identifier: MIT
"""How certferry gets onto the machine, is replaced by a later version, and leaves it: by its Debian package, which
packaging/build.sh has built."""

import subprocess
from pathlib import Path

from machine import PROJECT

PACKAGE = next((PROJECT / "build/packages").glob("certferry_*_amd64.deb"), None)
PROGRAMS = (Path("/usr/sbin/certferryd"), Path("/usr/bin/certferry"))


def install():
    # A machine's policy, other than a container's, lets packages restart what runs.
    Path("/usr/sbin/policy-rc.d").unlink(missing_ok=True)
    _run("dpkg", "--install", PACKAGE)


def upgrade():
    """To the same programs under a later version."""
    tree, later = Path("/tmp/later"), Path("/tmp/later.deb")
    _run("dpkg-deb", "--raw-extract", PACKAGE, tree)
    control = tree / "DEBIAN/control"
    version = _run("dpkg-deb", "--field", PACKAGE, "Version").strip()
    control.write_text(control.read_text().replace(f"Version: {version}", f"Version: {version}.1"))
    _run("dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, later)
    _run("dpkg", "--install", later)


def purge() -> str:
    """What it says."""
    return _run("dpkg", "--purge", "certferry")


def _run(*command) -> str:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}: {done.stdout}")
    return done.stdout
