# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan of a run as a document for programs and as lines for a person; pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import _cost_changes, _discovery
from ._cost_changes import Pricing

VERBS = ("create", "update", "replace", "delete")
SIGNS = {"create": "+", "update": "~", "replace": "-/+", "delete": "-", "adopt": "?", "refuse": "!"}
IDLE = "No changes: the account is as the inventory says."
#: The same of a run that failed, and so doesn't know.
CUT_SHORT = "Nothing was changed, and the run failed before all was looked at."
#: Longest value that a line shows, in characters.
WIDTH = 72
#: All layers, what playbooks/bootstrap.yml makes before them, and what operations make beside them.
_LAYERS = ("bootstrap", *_discovery.BUILDS_ON, "operations")

Action = Mapping[str, Any]
Document = dict[str, Any]


def merged(actions: Iterable[Action]) -> list[dict[str, Any]]:
    """One action a resource: what two tasks do to one, such as a VPC and its defaults, is put together."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for action in actions:
        key = action["layer"], action["kind"], action["name"]
        same = found.setdefault(key, {**action, "changes": [], "effects": []})
        same["changes"] = [*same["changes"], *action["changes"]]
        same["effects"] = sorted({*same["effects"], *(action.get("effects") or ())})
    return list(found.values())


def document(environment: str, actions: Iterable[Action], pricing: Pricing | None = None) -> Document:
    """C(build/<environment>/plan.json): the same plan always gives the same document."""
    found = [each for each in merged(actions) if each["layer"] in _LAYERS]
    costs = _cost_changes.changes(found, pricing)
    entries = sorted((_entry(*pair) for pair in zip(found, costs, strict=True)), key=_place)
    counts = Counter(entry["verb"] for entry in entries)
    return {"environment": environment, "actions": entries, "summary": {verb: counts[verb] for verb in VERBS}}


def _entry(action: Action, cost: float | None) -> dict[str, Any]:
    """An action in the document's form."""
    kept = {name: action[name] for name in ("layer", "kind", "name", "verb")}
    changes = sorted(action["changes"], key=lambda change: str(change["field"]))
    return {**kept, "changes": changes, "effects": sorted(action.get("effects") or ()), "monthly_cost_change": cost}


def _place(entry: Action) -> tuple[int, str, str]:
    return _LAYERS.index(entry["layer"]), entry["kind"], entry["name"]


def lines(plan: Document, planning: bool = True, idle: str = IDLE) -> list[str]:
    """The plan in layers, or what was done, with the fields that change, and the counts at the end."""
    return [*by_layer(plan), "", total(plan, planning, idle)]


def by_layer(plan: Document) -> list[str]:
    """The actions in layers, with the fields that change."""
    shown: list[str] = []
    for layer in _LAYERS:
        of_layer = [action for action in plan["actions"] if action["layer"] == layer]
        shown += ["", layer] if of_layer else []
        shown += [line for action in of_layer for line in _action(action)]
    return shown


def noted(notes: Iterable[str]) -> list[str]:
    """What is left as it is and why, a line each."""
    told = [f"Note: {note}" for note in notes]
    return ["", *told] if told else []


def total(plan: Document, planning: bool, idle: str = IDLE) -> str:
    """The counts in one sentence; C(idle) where there was nothing to do."""
    counts = plan["summary"]
    if not any(counts.values()):
        return idle
    words = (
        ("to create", "to change", "to replace", "to delete")
        if planning
        else ("created", "changed", "replaced", "deleted")
    )
    listed = ", ".join(f"{counts[verb]} {word}" for verb, word in zip(VERBS, words, strict=True))
    cost = _cost_changes.sentence(action["monthly_cost_change"] for action in plan["actions"])
    return f"{'Plan' if planning else 'Done'}: {listed}. Monthly cost change: {cost}."


def _action(action: Action) -> Iterable[str]:
    effects = f"  ({', '.join(action['effects'])})" if action["effects"] else ""
    yield f"  {SIGNS[action['verb']]:>3} {action['kind']}  {action['name']}{effects}"
    for change in action["changes"] if action["verb"] != "delete" else ():
        if change["after"] not in (None, "", [], {}) or change["before"] is not None:
            yield f"          {change['field']}: {_transition(action['verb'], change)}"


def _transition(verb: str, change: Mapping[str, Any]) -> str:
    after = _value(change["after"])
    return after if verb == "create" else f"{_value(change['before'])} -> {after}"


def _value(value: Any) -> str:
    """A value on one line; a long one is cut, the document has it whole."""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
    text = " ".join(text.split())
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 3]}..."


def moved(saved: Document, fresh: Document) -> list[str]:
    """What a fresh plan says otherwise than a saved one, a line each; nothing when the two are the same."""
    if saved.get("environment") != fresh["environment"]:
        return [f"the saved plan is of {saved.get('environment')}, this run of {fresh['environment']}"]
    before, after = _by_resource(saved["actions"]), _by_resource(fresh["actions"])
    lost = [f"no more: {_title(before[key])}" for key in before if key not in after]
    new = [f"new: {_title(after[key])}" for key in after if key not in before]
    other = [f"other: {_title(after[key])}" for key in after if key in before and _differs(before[key], after[key])]
    return [*lost, *new, *other]


def _by_resource(actions: Sequence[Action]) -> dict[tuple[str, str], Action]:
    return {(action["kind"], action["name"]): action for action in actions}


def _differs(one: Action, other: Action) -> bool:
    """Whether they differ once written; what JSON can't tell apart is the same, and newer prices change no plan."""
    return _written(one) != _written(other)


def _written(action: Action) -> str:
    return json.dumps({**action, "monthly_cost_change": None}, sort_keys=True, default=str)


def _title(action: Action) -> str:
    fields = ", ".join(str(change["field"]) for change in action["changes"])
    return f"{SIGNS[action['verb']]} {action['kind']} {action['name']}{f' ({fields})' if fields else ''}"
