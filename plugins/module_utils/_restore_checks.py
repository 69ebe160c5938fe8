# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether a restored database is what it should be, beside the one that is in use; pure."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from . import _status
from ._queries import Content

OK, WARNING, FAILED = "ok", "warning", "failed"


class Check(NamedTuple):
    """One comparison: what, its state, what was found in the restored one and in the one in use."""

    name: str
    state: str
    restored: str
    live: str
    remark: str = ""


def checks(restored: Content, live: Content | None, given: Sequence[Mapping[str, Any]]) -> list[Check]:
    """Tables, schema, newest row and given queries, one by one; C(live) is None where it cannot be asked."""
    found = [_tables(restored, live), _version(restored, live), _newest(restored, live)]
    return [*found, *_rows(restored, live), *(_given(each, restored, live) for each in given)]


def _tables(restored: Content, live: Content | None) -> Check:
    missing = sorted(set(live.rows) - set(restored.rows)) if live else []
    state = FAILED if not restored.rows else WARNING if missing else OK
    remark = "it is empty" if not restored.rows else f"not in it: {', '.join(missing)}" if missing else ""
    return Check("tables", state, str(len(restored.rows)), str(len(live.rows)) if live else "-", remark)


def _version(restored: Content, live: Content | None) -> Check:
    differs = live is not None and live.version != restored.version
    remark = "the services may need the newer schema: migrate it, or deploy the version of then" if differs else ""
    shown = live.version or "-" if live else "-"
    return Check("schema version", WARNING if differs else OK, restored.version or "-", shown, remark)


def _newest(restored: Content, live: Content | None) -> Check:
    texts = [_text(each.newest) if each else "-" for each in (restored, live)]
    return Check("newest row", OK, texts[0], texts[1])


def _text(moment: datetime.datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else "-"


def _rows(restored: Content, live: Content | None) -> list[Check]:
    """Every table: more rows than in use, or none where there are some, is worth a look."""
    found = []
    for table, rows in sorted(restored.rows.items()):
        other = live.rows.get(table) if live else None
        odd = other is not None and (rows == 0) != (other == 0)
        found.append(
            Check(f"rows of {table}", WARNING if odd else OK, _count(rows), _count(other), _missing(rows, other))
        )
    return found


def _count(rows: int | None) -> str:
    return "-" if rows is None else f"about {-rows}" if rows < 0 else str(rows)


def _missing(rows: int, other: int | None) -> str:
    if other is None or min(rows, other) < 0 or rows == other:
        return ""
    return f"{other - rows} fewer" if rows < other else f"{rows - other} more"


def _given(check: Mapping[str, Any], restored: Content, live: Content | None) -> Check:
    """An inventory's own query: what it must answer, or that it answers as in use."""
    answer = restored.answers[check["name"]]
    other = live.answers.get(check["name"]) if live else None
    wanted = check.get("equals")
    if wanted is not None:
        remark = "" if answer == str(wanted) else f"must be {wanted}"
    else:
        remark = "" if other is None or answer == other else "differs"
    state = OK if not remark else FAILED if wanted is not None else WARNING
    return Check(check["name"], state, answer, other if other is not None else "-", remark)


def verdict(found: Sequence[Check]) -> str:
    """The worst state."""
    return next((state for state in (FAILED, WARNING) if any(each.state == state for each in found)), OK)


def lost(
    held: datetime.datetime, incident: datetime.datetime | None, live: Content | None, now: datetime.datetime
) -> tuple[float, str]:
    """Seconds of what was committed that the restored one lacks at most, and up to when that is counted (RPO)."""
    newest = live.newest if live else None
    until, what = (
        (incident, "the incident") if incident else (newest, "the newest row in use") if newest else (now, "now")
    )
    return max((until - held).total_seconds(), 0.0), what


def table(found: Sequence[Check]) -> list[str]:
    """The checks for a person."""
    rows = [(each.state, each.name, each.restored, each.live, each.remark) for each in found]
    return ["Checks", *_status.columns([("", "what", "restored", "in use", ""), *rows])]
