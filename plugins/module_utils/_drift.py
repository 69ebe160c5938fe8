# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How an account differs from its inventory, as a document for programs and as lines for a person; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from . import _summary
from ._cost_changes import Pricing
from ._summary import Action, Document

Orphan = Mapping[str, object]
#: What a drift's summary counts beside the orphans.
VERBS = (*_summary.VERBS, "adopt", "refuse")


def document(
    environment: str, actions: Iterable[Action], orphans: Sequence[Orphan], pricing: Pricing | None = None
) -> Document:
    """C(build/<environment>/drift.json): the same drift always gives the same document."""
    plan = _summary.document(environment, actions, pricing)
    counts = Counter(action["verb"] for action in plan["actions"])
    summary = {**{verb: counts[verb] for verb in VERBS}, "orphans": len(orphans)}
    return {**plan, "orphans": [dict(each) for each in orphans], "summary": summary}


def lines(drift: Document) -> list[str]:
    """What differs by layer, what is in no inventory, and the counts."""
    differing = {**drift, "actions": [action for action in drift["actions"] if action["verb"] != "delete"]}
    return [*_summary.by_layer(differing), *_orphans(drift["orphans"]), "", total(drift)]


def _orphans(orphans: Sequence[Orphan]) -> list[str]:
    """C(-) marks what pruning deletes; of the rest, why it doesn't."""
    return ["", "in no inventory", *(line for each in orphans for line in _orphan(each))] if orphans else []


def _orphan(orphan: Orphan) -> Iterable[str]:
    layer = f"  (layer {orphan['layer']})" if orphan["layer"] else ""
    yield f"  {'-' if orphan['prune'] else ' ':>3} {orphan['kind']}  {orphan['name']}{layer}"
    if orphan["arn"] and orphan["arn"] != orphan["name"]:
        yield f"          {orphan['arn']}"
    if orphan["reason"]:
        yield f"          {orphan['reason']}"


def total(drift: Document) -> str:
    """The counts in two sentences."""
    counts = drift["summary"]
    if not any(counts.values()):
        return "No drift: the account is as the inventory says, and nothing of ours is in no inventory."
    words = {
        "create": "missing",
        "update": "changed",
        "replace": "to replace",
        "adopt": "not ours",
        "refuse": "refused",
    }
    listed = [f"{counts[verb]} {word}" for verb, word in words.items() if counts[verb]] or ["nothing differs"]
    pruned = sum(1 for each in drift["orphans"] if each["prune"])
    rest = counts["orphans"] - pruned
    return (
        f"Drift: {', '.join(listed)}. In no inventory: {pruned} that -e prune=true deletes, {rest} to delete by hand."
    )
