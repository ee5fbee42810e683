# SPDX-License-Identifier: MIT
"""The wall clock of one process, which a test sets while it runs."""

import struct
import subprocess
from pathlib import Path


class WallClock:
    """What a process is to be started with, as `environment`, for its wall clock to be this one."""

    def __init__(self, directory: Path):
        self._offset, shim = directory / "wall-clock-offset", directory / "wall-clock.so"
        self.set_by(0)
        source = Path(__file__).with_suffix(".c")
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", shim, source, "-ldl"], check=True)
        self.environment = {"LD_PRELOAD": str(shim), "WALL_CLOCK_OFFSET": str(self._offset)}

    def set_by(self, seconds: int):
        """Ahead of the true time, or behind where negative; at once."""
        with open(self._offset, "r+b" if self._offset.exists() else "wb") as file:
            file.write(struct.pack("=q", seconds))
