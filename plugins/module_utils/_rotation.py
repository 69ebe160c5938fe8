# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""When and by which function a secret is rotated, in the words of the module and of AWS; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

#: Options of a rotation that belong to its rules, with AWS's names.
_RULES = {"schedule_expression": "ScheduleExpression", "duration": "Duration"}


def declared(rotation: Mapping[str, Any] | None) -> dict[str, str] | None:
    """A declared rotation without what nobody gave; empty where there is to be none, None where nobody says."""
    return None if rotation is None else {name: value for name, value in rotation.items() if value}


def observed(entry: Mapping[str, Any]) -> dict[str, str]:
    """The rotation of a described secret; AWS keeps the schedule of one that was ended."""
    if not entry.get("RotationEnabled"):
        return {}
    rules = entry.get("RotationRules") or {}
    found = {"lambda_arn": entry.get("RotationLambdaARN"), **{name: rules.get(key) for name, key in _RULES.items()}}
    return {name: value for name, value in found.items() if value}


def problems(rotation: Mapping[str, Any] | None) -> Iterable[str]:
    """What is wrong with a declared rotation."""
    given = declared(rotation)
    if given and not {"lambda_arn", "schedule_expression"} <= given.keys():
        yield "rotation: needs lambda_arn and schedule_expression"


def arguments(given: Mapping[str, str]) -> dict[str, Any]:
    """The arguments of RotateSecret."""
    rules = {key: given[name] for name, key in _RULES.items() if name in given}
    return {"RotationLambdaARN": given["lambda_arn"], "RotationRules": rules}
