# SPDX-License-Identifier: MIT
"""A few of the points of fault_points.py, which can strike at all of them."""

import tempfile
import unittest
from pathlib import Path

from fault_points import Rotations, can_trace, strike_all

EVERY = 40


class FaultPoints(unittest.TestCase):
    def test_some_of_them(self):
        if not can_trace():
            self.skipTest("this needs strace, and the permission to trace")
        directory = tempfile.TemporaryDirectory(prefix="certferry-fault-points-")
        self.addCleanup(directory.cleanup)
        rotations = Rotations(Path(directory.name), api="3.0")
        self.addCleanup(rotations.end)
        points = rotations.points()[::EVERY]
        struck, findings = 0, []
        for hit, found in strike_all(rotations, points):
            struck += hit
            findings += found
        self.assertEqual(findings, [])
        # No two rotations make the very same system calls: a point that one has may not be met by another.
        self.assertGreater(struck, len(points) // 4)


if __name__ == "__main__":
    unittest.main()
