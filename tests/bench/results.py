# SPDX-License-Identifier: MIT
"""What was measured: as one aligned table for people, and as JSON."""

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Optional, Sequence


@dataclass(frozen=True)
class Target:
    """What a value must reach, in the unit of its row."""

    bound: float
    at_least: bool = False

    def met_by(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        return f"{'>=' if self.at_least else '<='} {number(self.bound)}"


def at_most(bound: float) -> Target:
    return Target(bound)


def at_least(bound: float) -> Target:
    return Target(bound, at_least=True)


@dataclass
class Row:
    """One measured thing; `values` are its repeats, of which the median is shown. A note stands behind the line."""

    scenario: str
    what: str
    values: Sequence[float]
    unit: str
    target: Optional[Target] = None
    note: str = ""

    @property
    def middle(self) -> float:
        return median(self.values)

    @property
    def verdict(self) -> str:
        if self.target is None:
            return ""
        return "met" if self.target.met_by(self.middle) else "MISSED"


@dataclass
class Results:
    rows: list = field(default_factory=list)

    def add(self, *arguments, **options) -> Row:
        self.rows.append(Row(*arguments, **options))
        return self.rows[-1]

    def table(self) -> str:
        lines = [("scenario", "what", "median", "unit", "target", "", "")]
        lines += [(row.scenario, row.what, number(row.middle), row.unit, str(row.target or ""), row.verdict, row.note)
                  for row in self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
        return "\n".join("  ".join(_aligned(cell, width, column == 2) for column, (cell, width)
                                   in enumerate(zip(line, widths))).rstrip() for line in lines)

    def write(self, path: Path, quick: bool):
        rows = [asdict(row) | {"median": row.middle, "verdict": row.verdict} for row in self.rows]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"version": 1, "quick": quick, "processors": os.cpu_count(),
                                    "kernel": platform.release(), "rows": rows}, indent=1) + "\n")


def number(value: float) -> str:
    """Three digits that count, without an exponent."""
    if value == 0 or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def _aligned(cell: str, width: int, right: bool) -> str:
    return cell.rjust(width) if right else cell.ljust(width)
