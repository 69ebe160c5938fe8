# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import threading
import time
from typing import Any

import botocore.exceptions
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _health
from ansible_collections.uex.payments.plugins.module_utils._health import HEALTHY, SKIPPED, UNHEALTHY, Check, Row
from ansible_collections.uex.payments.plugins.module_utils._preflight import FAILED, OK, UNKNOWN, WARNING

DENIED = botocore.exceptions.ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeServices")


def check(name: str, look: Any = lambda connect, options: "seen") -> Check:
    return Check("services", name, "ecs", look, lambda found, options: [Row(name, OK, found)])


def refused(*_about: Any) -> str:
    raise DENIED


def states(results: _health.Results) -> list[tuple[str, str]]:
    return [(row.name, row.state) for _subject, row in results]


def test_one_check_s_failure_hides_no_other_s_row_and_the_order_stays() -> None:
    results = _health.carry_out([check("a"), check("b", refused), check("c")], None, {}, 5)  # type: ignore[arg-type]
    assert states(results) == [("a", OK), ("b", UNKNOWN), ("c", OK)]
    assert results[1][1].found == "ecs:DescribeServices is denied"


def test_what_hangs_is_unknown_at_the_deadline_and_holds_nothing_up() -> None:
    over = threading.Event()
    begun = time.monotonic()
    hanging = check("slow", lambda connect, options: over.wait(20) and "seen")
    results = _health.carry_out([hanging, check("quick")], None, {}, 0.3)  # type: ignore[arg-type]
    over.set()
    assert time.monotonic() - begun < 5
    assert states(results) == [("slow", UNKNOWN), ("quick", OK)]
    assert results[0][1].found == "was not found out within 0.3 s"


def test_a_check_without_a_row_is_not_late() -> None:
    nothing = Check("backups", "Backups", "rds", lambda connect, options: None, lambda found, options: [])
    assert _health.carry_out([nothing], None, {}, 5) == []  # type: ignore[arg-type]


def row(state: str, name: str = "x") -> Row:
    return Row(name, state, "seen", "do this" if state == FAILED else "")


@pytest.mark.parametrize(
    ("results", "fail_on", "verdict"),
    [
        ([("paths", OK)], [FAILED], HEALTHY),
        ([("paths", OK), ("alarms", WARNING)], [FAILED], HEALTHY),
        ([("paths", OK), ("alarms", WARNING)], [FAILED, WARNING], UNHEALTHY),
        ([("paths", OK), ("lock", FAILED)], [FAILED], UNHEALTHY),
        ([("paths", UNKNOWN), ("lock", FAILED)], [FAILED], UNHEALTHY),
        ([("paths", UNKNOWN), ("lock", OK)], [FAILED], UNKNOWN),
        ([("paths", OK), ("lock", UNKNOWN)], [FAILED], HEALTHY),
        ([("paths", OK), ("lock", UNKNOWN)], [FAILED, UNKNOWN], UNHEALTHY),
        ([("paths", SKIPPED), ("lock", OK)], [FAILED], HEALTHY),
        ([("lock", UNKNOWN), ("paths", SKIPPED)], [FAILED], UNKNOWN),
    ],
)
def test_the_verdict(results: list[tuple[str, str]], fail_on: list[str], verdict: str) -> None:
    assert _health.verdict([(subject, row(state)) for subject, state in results], fail_on) == verdict


RESULTS = [
    ("lock", row(OK, "Lock")),
    ("paths", row(FAILED, "Path")),
    ("alarms", row(WARNING, "Alarm")),
    ("uex", row(SKIPPED, "API")),
]


def document() -> dict[str, Any]:
    return _health.document("uex-payments-dev", "dev", RESULTS, [FAILED], 1.26)


def test_the_file_has_every_row_in_its_order_and_counts_them() -> None:
    found = document()
    assert [each["name"] for each in found["checks"]] == ["Lock", "Path", "Alarm", "API"]
    assert found["checks"][0] == {
        "subject": "lock",
        "name": "Lock",
        "state": OK,
        "found": "seen",
        "advice": "",
        "value": None,
        "unit": "",
    }
    assert found["summary"] == {"failed": 1, "unknown": 0, "warning": 1, "ok": 1, "skipped": 1}
    assert (found["verdict"], found["seconds"]) == (UNHEALTHY, 1.3)


def test_the_table_begins_with_what_is_worst() -> None:
    shown = _health.lines(document())
    assert [line.split()[:2] for _state, line in shown if not line.startswith(" ")] == [
        ["FAILED", "Path"],
        ["warning", "Alarm"],
        ["ok", "Lock"],
        ["skipped", "API"],
    ]
    assert shown[1] == (FAILED, f"{'':46}-> do this")


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_the_table_fits_a_terminal(width: int) -> None:
    long = Row("A check with a rather long name of a thing", FAILED, "word " * 30, "do it " * 20)
    found = _health.document("x", "dev", [("paths", long)], [FAILED], 1)
    lines = [line for _state, line in _health.lines(found, width)]
    assert max(map(len, lines)) <= max(width, 52)
    assert " ".join(" ".join(lines).split()).count("word") == 30


def test_one_line_says_all() -> None:
    text = _health.total(document())
    assert text == "uex-payments-dev is UNHEALTHY: 1 failed, 1 warning, 1 ok, 1 skipped, in 1.3 s. Path"
    well = _health.document("uex-payments-dev", "dev", RESULTS[:1], [FAILED], 1)
    assert _health.total(well) == "uex-payments-dev is healthy: 1 ok, in 1 s"


@pytest.mark.parametrize(
    ("seconds", "text"), [(-3, "0 s"), (59, "59 s"), (200, "3 min"), (7200, "2 h"), (90000, "25 h"), (400000, "4 days")]
)
def test_ages(seconds: float, text: str) -> None:
    assert _health.age(seconds) == text


@pytest.mark.parametrize(("number", "state"), [(0, OK), (60, WARNING), (299, WARNING), (300, FAILED)])
def test_a_number_is_judged_by_two_bounds(number: float, state: str) -> None:
    assert _health.judged(number, 60, 300) == state
