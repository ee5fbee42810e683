#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""certferryd as a service of a real systemd: installs it on a throw-away machine, and tells what happens there.

    bash packaging/build.sh deb && CERTFERRY_BUILD_DIR=build/asan python3 tests/systemd_boot/run.py

The sandbox is that of the build directory. Needs root and namespaces; where those are not to be had, it is skipped. The
last line is "N passed, M failed"."""

import os
import signal
import sys
from pathlib import Path

from machine import HERE, Machine, why_not


def main() -> int:
    if reason := why_not():
        print(f"a machine with systemd ... skipped '{reason}'\n0 passed, 0 failed")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the machine is not left running
    with Machine() as machine:
        return machine.run(sys.executable, HERE / "story.py",
                           CERTFERRY_BUILD_DIR=str(Path(os.environ["CERTFERRY_BUILD_DIR"]).resolve()))


if __name__ == "__main__":
    sys.exit(main())
