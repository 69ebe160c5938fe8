# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _findings
from ansible_collections.uex.payments.plugins.module_utils._findings import (
    BROKEN,
    NOTE,
    OK,
    UNKNOWN,
    WARNING,
    Finding,
    broken,
    note,
    ok,
    warning,
)

DOWN = broken("instance", "db is stopped", "stopped", "start it", "aws rds start-db-instance")._replace(
    subject="database"
)
SOON = warning("certificate", "it expires soon", "3 days", "renew it", "aws acm ...")._replace(subject="balancer")
FINE = ok("tls", "TLS is forced", "1")._replace(subject="database")
WORTH = note("cost", "100 USD")._replace(subject="cost")
DARK = Finding("unreadable", UNKNOWN, "the lock can't be read", subject="state")


def test_the_worst_comes_first_and_subjects_stay_in_order() -> None:
    assert _findings.worst_first([FINE, SOON, DARK, WORTH, DOWN]) == [DOWN, SOON, DARK, WORTH, FINE]


def test_the_document_has_everything() -> None:
    found = _findings.document("dev", ["database"], [FINE, DOWN])
    assert found["summary"] == {BROKEN: 1, WARNING: 0, UNKNOWN: 0, NOTE: 0, OK: 1}
    assert found["findings"][0] == DOWN._asdict()
    assert (found["environment"], found["subjects"]) == ("dev", ["database"])


def test_a_finding_says_what_shows_it_what_to_do_and_what_comes_next() -> None:
    assert _findings.lines(DOWN) == [
        "BROKEN   database: db is stopped",
        "         evidence  stopped",
        "         remedy    start it",
        "         next      aws rds start-db-instance",
    ]
    assert _findings.lines(WORTH) == ["note     cost: 100 USD"]


def test_long_texts_are_wrapped_and_commands_never() -> None:
    lines = _findings.lines(broken("c", "seen", "word " * 60, "remedy", "command " * 30))
    assert len(lines) == 6
    assert max(len(line) for line in lines[:-1]) <= 140
    assert lines[-1].endswith("command " * 30)


@pytest.mark.parametrize(
    ("findings", "total", "verdict"),
    [
        ([FINE, WORTH], "Nothing found: 1 checks are in order", ""),
        ([SOON], "Diagnosis: 0 broken, 1 warning, 0 unknown, 0 in order", ""),
        ([DARK, FINE], "Diagnosis: 0 broken, 0 warning, 1 unknown, 1 in order", ""),
        ([DOWN, DOWN], "Diagnosis: 2 broken, 0 warning", "2 broken: database (2); the findings above say what to do"),
    ],
)
def test_the_last_line_and_the_verdict(findings: list[Finding], total: str, verdict: str) -> None:
    """Only what is broken fails a run."""
    assert _findings.total(_findings.counts(findings)).startswith(total)
    assert _findings.verdict(findings) == verdict


def test_what_was_examined_is_counted() -> None:
    assert _findings.examined(["database", "state"], [FINE, DOWN, DARK]) == ["Examined (checks): database 2, state 0"]
