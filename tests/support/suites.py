# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`python tests/support/suites.py [--budget SECONDS] NAME...` runs the make target of each suite, and sums them up.

Two run at a time and begin in the order given, so the longest comes first; what one prints is shown when it ends. A
suite that fails doesn't stop the others; one that hangs is ended, and shows what it had printed. Exits 0 if all passed,
and within the budget where one is given, else 1. Standard library only.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

#: Budgets that one suite may take alone: one that hangs ends before those who wait for all of them give up.
LONGEST = 3
#: For a suite to end that was told to.
PATIENCE_SECONDS = 30.0
#: As many as the machines that the tests must do with have cores.
LANES = 2
SHOWING = threading.Lock()

Run = Callable[[str], int]


class Result(NamedTuple):
    """How one suite ended."""

    name: str
    passed: bool
    seconds: float


def make(name: str, longest: float | None = None) -> int:
    """Run a make target and all that it consists of, without standard input, and return its exit code.

    After so many seconds, if any are given, it is ended with what it runs: the code is then that of make for a signal.
    """
    command = ["make", "--no-print-directory", "--keep-going", name]
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        started = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        try:
            code = started.wait(longest)
        except subprocess.TimeoutExpired:
            started.terminate()  # make passes it on to what it runs
            code = _killed(started)
            output.write(f"\nEnded after {longest:.0f} s: the suite hangs\n")
        output.seek(0)
        with SHOWING:
            print(f"== {name}", output.read(), sep="\n", flush=True)
    return code


def _killed(process: subprocess.Popen[bytes]) -> int:
    """The exit code of what was told to end, and is killed if it doesn't."""
    try:
        return process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def run(
    names: Sequence[str], runner: Run = make, clock: Callable[[], float] = time.monotonic, lanes: int = LANES
) -> list[Result]:
    """Run every suite, whatever becomes of the others, so many at a time."""

    def one(name: str) -> Result:
        begun = clock()
        passed = runner(name) == 0
        return Result(name, passed, clock() - begun)

    with ThreadPoolExecutor(lanes) as pool:
        return list(pool.map(one, names))


def summary(results: Sequence[Result], total: float, budget: float | None = None) -> tuple[list[str], bool]:
    """The table of times with the closing line of counts, and whether all is well; total and budget in seconds."""
    failed = [result.name for result in results if not result.passed]
    lines = [f"  {each.name:<12}{each.seconds:8.1f} s  {'passed' if each.passed else 'FAILED'}" for each in results]
    over = budget is not None and total > budget
    lines.append(f"  {'in all':<12}{total:8.1f} s" + ("" if budget is None else f"  of {budget:.0f} s"))
    if over:
        lines.append(f"Over the budget of {budget:.0f} s: make the slowest suite faster, or move sweeps to test-all")
    lines.append(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return lines, not failed and not over


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--budget", type=float)
    parser.add_argument("names", nargs="+")
    given = parser.parse_args(arguments)
    begun = time.monotonic()
    longest = given.budget and LONGEST * given.budget
    results = run(given.names, lambda name: make(name, longest))
    lines, well = summary(results, time.monotonic() - begun, given.budget)
    print("== times", *lines, sep="\n", flush=True)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
