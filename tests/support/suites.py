# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`python tests/support/suites.py NAME...` runs the make target of each suite, one after the other, and sums them up.

A suite that fails doesn't stop the others. Exits 0 if all passed within the budget, else 1. Standard library only.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

BUDGET_SECONDS = 20 * 60.0

Run = Callable[[str], int]


class Result(NamedTuple):
    """How one suite ended."""

    name: str
    passed: bool
    seconds: float


def make(name: str) -> int:
    """Run a make target and all that it consists of, without standard input, and return its exit code."""
    command = ["make", "--no-print-directory", "--keep-going", name]
    return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode


def run(names: Sequence[str], runner: Run = make, clock: Callable[[], float] = time.monotonic) -> list[Result]:
    """Run every suite, whatever becomes of the others."""
    results = []
    for name in names:
        print(f"== {name}", flush=True)
        begun = clock()
        passed = runner(name) == 0
        results.append(Result(name, passed, clock() - begun))
    return results


def summary(results: Sequence[Result], budget: float = BUDGET_SECONDS) -> tuple[list[str], bool]:
    """The table of times with the closing line of counts, and whether all is well; C(budget) in seconds."""
    total = sum(result.seconds for result in results)
    failed = [result.name for result in results if not result.passed]
    lines = [f"  {each.name:<12}{each.seconds:8.1f} s  {'passed' if each.passed else 'FAILED'}" for each in results]
    lines.append(f"  {'in all':<12}{total:8.1f} s  of {budget:.0f} s")
    if total > budget:
        lines.append(f"Over the budget of {budget:.0f} s: make the slowest suite faster, or move sweeps to test-all")
    lines.append(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return lines, not failed and total <= budget


def main(names: Sequence[str]) -> int:
    lines, well = summary(run(names))
    print("== times", *lines, sep="\n", flush=True)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
