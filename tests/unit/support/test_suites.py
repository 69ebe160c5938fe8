# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from itertools import count
from pathlib import Path
from threading import Barrier
from time import monotonic

import pytest

from ansible_collections.uex.payments.tests.support import suites
from ansible_collections.uex.payments.tests.support.suites import Result


def test_a_suite_that_fails_does_not_stop_the_others() -> None:
    seconds = count(step=2.5)
    codes = {"lint": 0, "types": 2, "units": 0}
    results = suites.run(["lint", "types", "units"], runner=codes.__getitem__, clock=lambda: next(seconds), lanes=1)
    assert results == [Result("lint", True, 2.5), Result("types", False, 2.5), Result("units", True, 2.5)]


def test_suites_run_two_at_a_time() -> None:
    both = Barrier(2, timeout=10)
    results = suites.run(["a", "b"], runner=lambda name: both.wait() * 0, lanes=2)
    assert [each.passed for each in results] == [True, True]


def test_a_suite_that_hangs_is_ended_and_shows_what_it_had_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Makefile").write_text("hangs:\n\t@echo begun; exec sleep 60\n")
    monkeypatch.chdir(tmp_path)
    begun = monotonic()
    assert suites.make("hangs", longest=1.0) != 0
    assert monotonic() - begun < 30
    printed = capsys.readouterr().out
    assert "== hangs\nbegun\n" in printed and "Ended after 1 s: the suite hangs" in printed


@pytest.mark.parametrize(
    ("results", "closing", "well"),
    [
        ([Result("lint", True, 1), Result("units", True, 2)], "2 passed, 0 failed", True),
        ([Result("lint", True, 1), Result("units", False, 2)], "1 passed, 1 failed", False),
        ([Result("lint", True, 60), Result("units", True, 41)], "2 passed, 0 failed", False),  # over the budget
        ([Result("lint", True, 60), Result("units", True, 40)], "2 passed, 0 failed", True),
    ],
)
def test_the_summary_closes_with_counts(results: list[Result], closing: str, well: bool) -> None:
    lines, passed = suites.summary(results, sum(each.seconds for each in results), budget=100)
    assert lines[-1] == closing
    assert passed is well
    assert any("Over the budget" in line for line in lines) is (sum(each.seconds for each in results) > 100)


def test_the_summary_shows_each_suite_s_time_and_that_of_all() -> None:
    lines, _passed = suites.summary([Result("lint", True, 1.25), Result("units", False, 70)], 70.5, budget=100)
    assert lines[:3] == [
        "  lint             1.2 s  passed",
        "  units           70.0 s  FAILED",
        "  in all          70.5 s  of 100 s",
    ]


def test_without_a_budget_nothing_takes_too_long() -> None:
    lines, well = suites.summary([Result("site-all", True, 5000)], 5000)
    assert well and lines[1] == "  in all        5000.0 s"
