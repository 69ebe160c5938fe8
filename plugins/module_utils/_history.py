# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The records of runs for a person: a list of them, or one of them whole; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import _record, _status, _summary

Record = Mapping[str, Any]

_HEADS = ("run", "began (UTC)", "who", "what", "commit", "result", "done", "took")
_SHORT_COMMIT = 9


def brief(record: Record) -> dict[str, Any]:
    """A record without what only the whole shows."""
    kept = {key: value for key, value in record.items() if key not in ("plan", "layers")}
    return {**kept, "summary": record["plan"]["summary"]}


def listed(records: Sequence[Record], place: str) -> list[str]:
    """A line a run, as they come."""
    if not records:
        return [f"No run is recorded in {place} yet."]
    return _status.columns([_HEADS, *(_row(record) for record in records)])


def _row(record: Record) -> tuple[str, ...]:
    who, counts = record["who"], record["plan"]["summary"]
    return (
        record["id"],
        record["started"].replace("T", " ").removesuffix("Z"),
        f"{who['user']}@{who['host']}",
        _record.command(record["what"]),
        _commit(record["commit"]),
        record["result"],
        " ".join(f"{_summary.SIGNS[verb]}{counts[verb]}" for verb in _summary.VERBS if counts[verb]) or "nothing",
        _duration(record["seconds"]),
    )


def _commit(commit: Mapping[str, Any] | None) -> str:
    """Its first digits, with a plus where the tree differed from it."""
    return f"{commit['id'][:_SHORT_COMMIT]}{'+' if commit['dirty'] else ''}" if commit else "-"


def _duration(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def whole(record: Record) -> list[str]:
    """Everything about one run."""
    lines = _status.columns(list(_facts(record)))
    lines += ["", "Seconds by layer"]
    lines += _status.columns([(layer, f"{seconds:.1f}") for layer, seconds in record["layers"].items()])
    done = _summary.lines(dict(record["plan"]), planning=False) if record["plan"]["actions"] else []
    return [*lines, *(done or ["", "Nothing was changed."])]


def _facts(record: Record) -> Iterable[tuple[str, str]]:
    who, versions, commit = record["who"], record["versions"], record["commit"]
    yield "run", record["id"]
    yield "who", f"{who['user']}@{who['host']}, {who['arn']}"
    yield "what", _record.command(record["what"])
    yield "variables", ", ".join(record["what"]["extra_vars"]) or "-"
    yield "commit", f"{commit['id']}{', with changes' if commit['dirty'] else ''}" if commit else "-"
    yield "versions", f"uex.payments {versions['collection']}, ansible-core {versions['ansible_core']}"
    yield "when", f"{record['started']} to {record['ended']}, {record['seconds']} s"
    yield "lock fence", "-" if record["fence"] is None else str(record["fence"])
    yield "result", record["result"]
    if record["failure"]:
        yield "failed task", record["failure"]["task"]
        yield "it said", " ".join(record["failure"]["message"].split())
