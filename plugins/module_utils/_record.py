# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The record of a run: who did what, when, from which commit, and how it ended; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

FOLDER = "runs/"
OK, FAILED, INTERRUPTED = "ok", "failed", "interrupted"
#: Longest message of a failure, in characters; the run's own output has it whole.
LONGEST = 2000
_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-z]+")


class Failure(NamedTuple):
    """The first task that failed, and what it said."""

    task: str
    message: str


class Facts(NamedTuple):
    """What is known of a run when it ends; times in UTC, C(fence) is that of the lock it held."""

    started: datetime
    ended: datetime
    who: Mapping[str, str]
    what: Mapping[str, Any]
    commit: Mapping[str, Any] | None
    versions: Mapping[str, str]
    result: str
    failure: Failure | None
    layers: Mapping[str, float]
    fence: int | None
    plan: Mapping[str, Any]


def name(run_id: str) -> str:
    """Where a record is kept, below the environment's prefix."""
    return f"{FOLDER}{run_id}.json"


def id_of(kept: str) -> str:
    """The id in a record's name."""
    return kept.removeprefix(FOLDER).removesuffix(".json")


def is_id(text: str) -> bool:
    return bool(_ID.fullmatch(text))


def identity(started: datetime, mark: str) -> str:
    """A run's id: ids in the order of their letters are in the order of time; C(mark) keeps two of a second apart."""
    return f"{started:%Y%m%dT%H%M%SZ}-{mark}"


def document(run_id: str, facts: Facts) -> dict[str, Any]:
    """The record, as docs/lifecycle.md describes it."""
    return {
        "id": run_id,
        "environment": facts.plan["environment"],
        "who": dict(facts.who),
        "what": dict(facts.what),
        "commit": dict(facts.commit) if facts.commit else None,
        "versions": dict(facts.versions),
        "started": _time(facts.started),
        "ended": _time(facts.ended),
        "seconds": round((facts.ended - facts.started).total_seconds(), 1),
        "layers": {layer: round(seconds, 1) for layer, seconds in facts.layers.items()},
        "fence": facts.fence,
        "result": facts.result,
        "failure": _shown(facts.failure) if facts.failure and facts.result != OK else None,
        "plan": dict(facts.plan),
    }


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _shown(failure: Failure) -> dict[str, str]:
    message = failure.message if len(failure.message) <= LONGEST else f"{failure.message[: LONGEST - 3]}..."
    return {"task": failure.task, "message": message}


def commit(status: str) -> dict[str, Any] | None:
    """The commit in C(git status --porcelain=v2 --branch), and whether the tree differs; None before the first."""
    lines = status.splitlines()
    ids = [line.rpartition(" ")[2] for line in lines if line.startswith("# branch.oid ")]
    if not ids or ids[0] == "(initial)":
        return None
    return {"id": ids[0], "dirty": any(not line.startswith("#") for line in lines)}


def command(what: Mapping[str, Any]) -> str:
    """What was run, on one line, without variables."""
    parts = [str(what["playbook"])]
    for option, key in (("--tags", "tags"), ("--skip-tags", "skip_tags")):
        parts += [f"{option} {','.join(what[key])}"] if what[key] else []
    return " ".join([*parts, f"--limit {what['limit']}"] if what["limit"] else parts)
