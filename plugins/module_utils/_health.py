# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether a running environment is well: what a check is, how all are carried out in time, and what they say."""

from __future__ import annotations

import datetime
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from . import _preflight
from ._preflight import FAILED, OK, UNKNOWN, WARNING, Connect, Options

#: What was not looked at, for a reason that the row says: nobody asked for it, or there is nothing that could answer.
SKIPPED = "skipped"
#: Worst first.
STATES = (FAILED, UNKNOWN, WARNING, OK, SKIPPED)
HEALTHY, UNHEALTHY = "healthy", "unhealthy"
#: Without these nobody can say that requests are answered.
ESSENTIAL = ("load balancer", "targets", "services", "paths", "database", "cache")
#: Columns of a table that goes to no terminal.
WIDTH = 120
#: Columns below which a table is not readable.
LEAST_WIDTH = 40


class Row(NamedTuple):
    """What one check found: evidence, what to do, and the measured number with its unit where there is one."""

    name: str
    state: str
    found: str
    advice: str = ""
    value: float | None = None
    unit: str = ""


class Check(NamedTuple):
    """One check of a C(subject): C(look) reads, mostly from C(service); C(judge) says what that means and is pure."""

    subject: str
    name: str
    service: str
    look: Callable[[Connect, Options], Any]
    judge: Callable[[Any, Options], Iterable[Row]]


Results = list[tuple[str, Row]]  #: rows with their subject


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def carry_out(checks: Sequence[Check], connect: Connect, options: Options, deadline: float) -> Results:
    """The rows of all checks, in their order, within C(deadline) seconds: what is not done by then is unknown.

    Each check has a thread of its own that nobody waits for any longer, so that no hanging read holds up the rest.
    """
    done: dict[int, list[Row]] = {}

    def work(number: int, check: Check) -> None:
        done[number] = _rows(check, connect, options)

    threads = [threading.Thread(target=work, args=each, daemon=True) for each in enumerate(checks)]
    end = time.monotonic() + deadline
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(end - time.monotonic(), 0))
    return [
        (check.subject, row)
        for number, check in enumerate(checks)
        for row in (done[number] if number in done else [_late(check, deadline)])
    ]


def _rows(check: Check, connect: Connect, options: Options) -> list[Row]:
    """A check that can't look has a row that says why."""
    try:
        return list(check.judge(check.look(connect, options), options))
    except Exception as error:  # one check's failure hides no other's row
        return [Row(*_preflight.unknown(check.name, check.service, error))]


def _late(check: Check, deadline: float) -> Row:
    advice = "run again; more time: -e deadline=<seconds>"
    return Row(check.name, UNKNOWN, f"was not found out within {deadline:g} s", advice)


# What all of it means; pure


def verdict(results: Results, fail_on: Collection[str]) -> str:
    """C(healthy), C(unhealthy) if a row has one of the states, C(unknown) where what matters could not be looked at."""
    states = {row.state for _subject, row in results}
    if states & set(fail_on):
        return UNHEALTHY
    blind = any(row.state == UNKNOWN and subject in ESSENTIAL for subject, row in results)
    return UNKNOWN if blind or not states - {UNKNOWN, SKIPPED} else HEALTHY


def document(name: str, environment: str, results: Results, fail_on: Collection[str], seconds: float) -> dict[str, Any]:
    """The content of C(health.json), as docs/health.md describes it."""
    counted = Counter(row.state for _subject, row in results)
    return {
        "name": name,
        "environment": environment,
        "time": f"{now():%Y-%m-%dT%H:%M:%SZ}",
        "seconds": round(seconds, 1),
        "verdict": verdict(results, fail_on),
        "checks": [{"subject": subject, **row._asdict()} for subject, row in results],
        "summary": {state: counted[state] for state in STATES},
    }


def rows_of(found: Mapping[str, Any]) -> list[Row]:
    """The rows of a document, worst first, else in their order."""
    rows = [Row(**{name: each[name] for name in Row._fields}) for each in found["checks"]]
    return sorted(rows, key=lambda row: STATES.index(row.state))


def lines(found: Mapping[str, Any], width: int = WIDTH) -> list[tuple[str, str]]:
    """The table's lines, each with the state of its row."""
    room = max(min(width, WIDTH), LEAST_WIDTH)
    return [(row.state, line) for row in rows_of(found) for line in _preflight.lines([row], room)]


def total(found: Mapping[str, Any]) -> str:
    """One line that says all: the verdict, the counts, the time, and the names of what is worst."""
    counts = ", ".join(f"{number} {state}" for state, number in found["summary"].items() if number)
    text = f"{found['name']} is {_WORDS[found['verdict']]}: {counts}, in {found['seconds']:g} s"
    worst = [row.name for row in rows_of(found) if row.state in (FAILED, UNKNOWN)]
    return text + (f". {', '.join(worst)}" if worst else "")


_WORDS = {HEALTHY: "healthy", UNHEALTHY: "UNHEALTHY", UNKNOWN: "UNKNOWN, as it could not be judged"}


def judged(number: float, warning: float, failed: float) -> str:
    """The state of a number that is worse the larger it is."""
    return FAILED if number >= failed else WARNING if number >= warning else OK


def age(seconds: float) -> str:
    """Such as C(3 min), C(26 h) or C(4 days)."""
    for unit, size, least in (("days", 86400, 3), ("h", 3600, 2), ("min", 60, 2)):
        if seconds >= least * size:
            return f"{int(seconds // size)} {unit}"
    return f"{int(max(seconds, 0))} s"


def since(moment: datetime.datetime) -> float:
    """Seconds from a moment until now."""
    return (now() - moment).total_seconds()
