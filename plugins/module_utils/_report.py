# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What plans and failures look like to a person and to a program; secrets stay out; pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from . import _cost_fields, _plan, _tags
from ._errors import Failure
from ._plan import Plan

#: How what bears our name becomes ours; the first for a task, the second for the command line.
ADOPT = "adopt: true takes it over; for the whole run -e adopt=true"
#: What to do about a change that AWS cannot make.
PUT_BACK = "put the old value back, or delete the resource first"
#: The verb of what bears our name and is not ours, where it is reported and not refused.
ADOPTED = "adopt"


def no_effects(_plan: Plan) -> Iterable[str]:
    """Of a kind whose changes do nothing but what they say."""
    return ()


def actions(
    kind: str,
    sensitive: Collection[str],
    plans: Iterable[Plan],
    effects: Callable[[Plan], Iterable[str]] = no_effects,
) -> list[dict[str, Any]]:
    """The result's C(actions): kind, name, verb, the fields that change, and what else the change brings about.

    Of a kind whose cost depends on its properties, C(priced) says these before and after, for _cost_changes.py.
    """
    return [
        {
            "kind": kind,
            "name": plan.name,
            "verb": plan.verb,
            "changes": _changes(sensitive, plan),
            "effects": list(effects(plan)),
            **_priced(kind, plan),
        }
        for plan in plans
    ]


def _priced(kind: str, plan: Plan) -> dict[str, Any]:
    return {"priced": _cost_fields.sides(kind, plan.before, plan.after)} if kind in _cost_fields.FIELDS else {}


def _changes(sensitive: Collection[str], plan: Plan) -> list[dict[str, Any]]:
    return [
        {"field": c.field, "before": _hide(c.before), "after": _hide(c.after)} if c.option in sensitive else c._asdict()
        for c in plan.changes
    ]


def diff(sensitive: Collection[str], plans: Collection[Plan]) -> dict[str, dict[str, Any]]:
    """The result's C(diff): what changes before and after, by resource."""
    return {side: _side(sensitive, plans, side) for side in ("before", "after")}


def _side(sensitive: Collection[str], plans: Iterable[Plan], side: str) -> dict[str, Any]:
    """What changes, by resource; a deletion shows the whole resource before."""
    result: dict[str, Any] = {}
    for plan in plans:
        if plan.verb == _plan.DELETE and side == "before":
            result[plan.name] = shown(sensitive, plan.before or {})
        elif plan.changes:
            fields = _changes(sensitive, plan)
            result[plan.name] = {change["field"]: change[side] for change in fields if change[side] is not None}
    return result


def shown(sensitive: Collection[str], item: Mapping[str, Any]) -> dict[str, Any]:
    """A resource without its secrets."""
    return {key: _hide(value) if key in sensitive else value for key, value in item.items()}


def _hide(value: Any) -> str | None:
    return None if value is None else _plan.SENSITIVE


def nothing_known(_plan: Plan) -> Mapping[str, Any]:
    """Of a kind whose computed properties nobody knows before the resource is made."""
    return {}


def planned(
    computed: Iterable[str],
    plans: Iterable[Plan],
    foreknown: Callable[[Plan], Mapping[str, Any]] = nothing_known,
) -> dict[str, dict[str, Any]]:
    """The resources as the plans will leave them; C(foreknown) says what of C(computed) is known ahead."""
    unknown = {name: _plan.UNKNOWN for name in computed}
    result: dict[str, dict[str, Any]] = {}
    for plan in plans:
        if plan.verb != _plan.DELETE:
            base = {**unknown, **foreknown(plan)} if plan.verb in (_plan.CREATE, _plan.REPLACE) else {}
            declared = {key: value for key, value in (plan.after or {}).items() if value is not None}
            result[plan.name] = {**(plan.before or {}), **declared, **base}
    return result


def confirm(variable: str, name: str) -> str:
    """The same where the resource can be replaced and its data kept."""
    return f"put the old value back, or let it be replaced with its data, which interrupts: {variable}={name}"


def put_back(_plan: Plan) -> str:
    """Of a kind whose resources are never replaced."""
    return PUT_BACK


def refusals(
    frozen: Collection[str],
    sensitive: Collection[str],
    plans: Iterable[Plan],
    advice: Callable[[Plan], str] = put_back,
) -> list[Failure]:
    """Why plans can't be carried out; each names the fields. C(advice) says what to do about frozen ones."""
    return [_refusal(frozen, sensitive, plan, advice) for plan in plans if plan.verb == _plan.REFUSE]


def refused(
    kind: str,
    frozen: Collection[str],
    sensitive: Collection[str],
    plans: Iterable[Plan],
    advice: Callable[[Plan], str] = put_back,
) -> list[dict[str, Any]]:
    """The same as actions, for those who go on: C(adopt) what is not ours, C(refuse) what AWS can't change."""
    return [
        {
            "kind": kind,
            "name": plan.name,
            "verb": ADOPTED if plan.after is None and not plan.objection else _plan.REFUSE,
            "changes": _changes(sensitive, plan),
            "effects": [_refusal(frozen, sensitive, plan, advice).message],
        }
        for plan in plans
    ]


def identities(
    computed: Collection[str], plans: Iterable[Plan], resources: Mapping[str, Mapping[str, Any]]
) -> dict[str, list[str]]:
    """By which ids and ARNs AWS knows the resources, those to be deleted too, by name."""
    deleted = {plan.name: plan.before or {} for plan in plans if plan.verb == _plan.DELETE}
    return {name: _identities(computed, item) for name, item in {**resources, **deleted}.items()}


def _identities(computed: Collection[str], item: Mapping[str, Any]) -> list[str]:
    values = [item.get(option) for option in computed]
    texts = [each for value in values for each in (value if isinstance(value, list) else [value])]
    return [text for text in texts if isinstance(text, str) and text not in ("", _plan.UNKNOWN)]


def not_ours(tags: Mapping[str, Any]) -> str:
    """Of what bears our name, whose it is."""
    return f"it exists and is not ours: {_tags.claim(tags)}"


def _refusal(frozen: Collection[str], sensitive: Collection[str], plan: Plan, advice: Callable[[Plan], str]) -> Failure:
    if plan.objection:
        return Failure(plan.name, "delete" if plan.after is None else "update", "Refused", *plan.objection)
    if plan.after is None:
        return Failure(plan.name, "update", "NotOurs", not_ours((plan.before or {}).get("tags") or {}), ADOPT)
    changes = [change for change in plan.changes if change.option in frozen]
    message = f"AWS cannot change {', '.join(_phrase(sensitive, change) for change in changes)} on an existing resource"
    return Failure(plan.name, "update", "Frozen", message, advice(plan))


def _phrase(sensitive: Collection[str], change: _plan.Change) -> str:
    return change.field if change.option in sensitive else f"{change.field} from {change.before!r} to {change.after!r}"


def unconverged(plan: Plan) -> Failure:
    """A resource that AWS still shows differently when its deadline has passed."""
    fields = ", ".join(change.field for change in plan.changes) or plan.verb
    advice = "run again; if it stays, look in CloudTrail"
    return Failure(plan.name, plan.verb, "DidNotConverge", f"AWS still differs in {fields}", advice)
