# SPDX-License-Identifier: MIT
"""Where the programs under test are."""

import os
from pathlib import Path


def build_directory() -> Path:
    """The preset's build directory, as CERTFERRY_BUILD_DIR says."""
    return Path(os.environ["CERTFERRY_BUILD_DIR"]).resolve()


def project_directory() -> Path:
    """Where the project's sources are."""
    return Path(__file__).resolve().parents[3]
