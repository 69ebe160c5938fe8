# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Composite alarms in our words and in PutCompositeAlarm's, and what AWS would refuse of them; pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from . import _alarms

#: Our words for PutCompositeAlarm's plain members.
MEMBERS = {
    "description": "AlarmDescription",
    "actions_enabled": "ActionsEnabled",
    "alarm_rule": "AlarmRule",
    "actions_suppressor": "ActionsSuppressor",
    "actions_suppressor_wait_period": "ActionsSuppressorWaitPeriod",
    "actions_suppressor_extension_period": "ActionsSuppressorExtensionPeriod",
}
PERIODS = ("actions_suppressor_wait_period", "actions_suppressor_extension_period")
LONGEST_RULE = 10240  #: characters
MOST_CHILDREN = 100
_REFERENCE = re.compile(r"\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*\"?([^\")]+?)\"?\s*\)")


def children(rule: str) -> list[str]:
    """The names of the alarms that a rule refers to, each once."""
    return sorted({name.rpartition(":alarm:")[2] for name in _REFERENCE.findall(rule)})


def without(rule: str, names: Collection[str]) -> str:
    """The rule where alarms that go are never in any state."""

    def replaced(match: re.Match[str]) -> str:
        return "FALSE" if match[1].rpartition(":alarm:")[2] in names else match[0]

    return _REFERENCE.sub(replaced, rule)


def any_of(names: Iterable[str]) -> str:
    """The rule that holds while one of the alarms is in alarm."""
    return " OR ".join(f'ALARM("{name}")' for name in names)


def problems(item: Mapping[str, Any], together: Collection[str]) -> Iterable[str]:
    """What AWS would refuse; C(together) are the names of the set, none of which need exist yet."""
    yield from _alarms.name_problems(item["name"])
    rule = item["alarm_rule"]
    if not 1 <= len(rule) <= LONGEST_RULE:
        yield f"alarm_rule: must have 1 to {LONGEST_RULE} characters, not {len(rule)}"
    named = children(rule)
    if len(named) > MOST_CHILDREN:
        yield f"alarm_rule: names {len(named)} alarms; AWS takes {MOST_CHILDREN}"
    if own := sorted(set(named) & set(together)):
        yield f"alarm_rule: names {', '.join(own)}, a composite alarm of this set"
    for period in PERIODS:
        if (item[period] is None) is bool(item["actions_suppressor"]):
            yield f"{period}: with actions_suppressor, and only with it"


def request(name: str, alarm: Mapping[str, Any]) -> dict[str, Any]:
    """PutCompositeAlarm's arguments; it replaces the whole alarm."""
    plain = {member: alarm.get(word) for word, member in MEMBERS.items()}
    actions = {member: alarm.get(word) or [] for word, member in _alarms.ACTIONS.items()}
    return {"AlarmName": name, **{key: value for key, value in plain.items() if value is not None}, **actions}


def observed(entry: Mapping[str, Any]) -> dict[str, Any]:
    """DescribeAlarms' entry of a composite alarm in our words."""
    return {**_alarms.common(entry), **{word: entry.get(member) for word, member in MEMBERS.items()}}
