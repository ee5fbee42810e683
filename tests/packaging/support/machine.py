# SPDX-License-Identifier: MIT
"""This machine with everything that is done to it thrown away: an overlay of its root, in namespaces of its own."""

import subprocess
import tempfile
import unittest
from pathlib import Path

from .packages import BUILT

# The overlay's upper layer is in memory. No service manager runs inside, as in a container or while an image is made.
ENTER = """
set -e
mount -t tmpfs tmpfs "$0"
mkdir "$0/upper" "$0/work" "$0/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$0/upper,workdir=$0/work" "$0/root"
mount -t proc proc "$0/root/proc"
mount -t tmpfs tmpfs "$0/root/run"
mount --rbind /dev "$0/root/dev"
mkdir -p "$0/root/packages"
mount --bind "$1" "$0/root/packages"
exec chroot "$0/root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive sh -ec "$2"
"""


def run_on_copy(script: str, packages: Path = BUILT) -> subprocess.CompletedProcess:
    """What the shell script `script`, with the packages at /packages, says and ends with on a copy of this machine."""
    namespaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"]
    with tempfile.TemporaryDirectory(prefix="certferry-machine-") as place:
        return subprocess.run([*namespaces, "sh", "-c", ENTER, place, str(packages), script], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL, check=False)


class MachineCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        done = run_on_copy("true")
        if done.returncode != 0:
            raise unittest.SkipTest(f"this needs root and an overlay of its root: {done.stdout.strip()}")

    def on_copy(self, script: str, packages: Path = BUILT) -> str:
        """What `script` says; it has to end well."""
        done = run_on_copy(script, packages)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout
