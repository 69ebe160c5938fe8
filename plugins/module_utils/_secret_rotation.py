# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets get new values, by their function or at once, and how far each is; no value leaves this process."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from . import _aws, _barrier, _secret_ways, _secrets
from ._discovery import Connect
from ._errors import code_of
from ._secret_ways import Item

CURRENT, PENDING = "AWSCURRENT", "AWSPENDING"
KIND = "rotations"
#: The function has 15 minutes for a step, and AWS tries a failed rotation again.
SLOW = {KIND: _barrier.Slow("rotation", "1-15", 1800, lambda _connect, _scope: ())}
#: How the function says that a step failed; its words hold no value.
FAILED = "RotationFailed"


class Unreadable(Exception):
    """The value in use is no JSON object."""


class Begun(NamedTuple):
    """A rotation: how, the version that is to be current and the one before, and when AWS had last rotated before."""

    how: str
    version_id: str
    previous: str
    last_rotated: str = ""
    since: int = 0  #: milliseconds since 1970, from when on the function's log tells of it
    failure: str = ""  #: why nothing was begun; then there is no version either


def describe(connect: Connect, name: str) -> dict[str, Any]:
    """DescribeSecret's answer; empty for a secret that is not there."""
    client = connect("secretsmanager")
    return _aws.absent_as({}, lambda: dict(client.describe_secret(SecretId=name)), "ResourceNotFoundException")


def holder(described: Mapping[str, Any], label: str) -> str:
    """The version with a staging label; empty where none has it."""
    versions = described.get("VersionIdsToStages", {})
    return next((version for version, labels in versions.items() if label in labels), "")


# Begin


def begin(connect: Connect, item: Item, described: Mapping[str, Any], how: str, now: float) -> Begun:
    """Give the secret its next value, or have its function do so. C(now) in seconds since 1970."""
    client, before = connect("secretsmanager"), holder(described, CURRENT)
    if how == _secret_ways.FUNCTION:
        version = _rotate(client, item["name"], described)
        return Begun(how, version, before, str(described.get("LastRotatedDate", "")), int(now * 1000))
    return Begun(how, _put(client, item, how) or before, before)


def _rotate(client: Any, name: str, described: Mapping[str, Any]) -> str:
    """The version that will be current; a rotation that is unfinished goes on with the one that it has."""
    try:
        return str(client.rotate_secret(SecretId=name)["VersionId"])
    except Exception as error:
        if code_of(error) != "InvalidRequestException" or not holder(described, PENDING):
            raise
        return holder(described, PENDING)


def _put(client: Any, item: Item, how: str) -> str:
    """The new version's id; empty where the value in use is the one that is given."""
    value = _next(client, item, how)
    if value is None:
        return ""
    return str(client.put_secret_value(SecretId=item["name"], SecretString=json.dumps(value))["VersionId"])


def _next(client: Any, item: Item, how: str) -> dict[str, Any] | None:
    """The next value of a secret without a function; None where the value in use is the one that is given."""
    current = _current(client, item["name"])
    rules = {"generate": item["generate"]}
    fresh = json.loads(_secrets.content(rules) or "{}") if how == _secret_ways.GENERATED else _secret_ways.given(item)
    value = {**current, **fresh}
    return None if value == current else value


def is_given_already(connect: Connect, item: Item, how: str) -> bool:
    """Whether a rotation would change nothing, as the value in use is the one that is given."""
    return how == _secret_ways.GIVEN and _next(connect("secretsmanager"), item, how) is None


def _current(client: Any, name: str) -> dict[str, Any]:
    """The value in use; empty where there is none yet. Raises Unreadable, which quotes nothing."""
    read = functools.partial(client.get_secret_value, SecretId=name)
    found: dict[str, Any] = _aws.absent_as({}, read, "ResourceNotFoundException")
    try:
        value = json.loads(found.get("SecretString") or "{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Unreadable(f"{name} holds no JSON object: put one by hand")
    return value


# How far it is


def seen(described: Mapping[str, Any], begun: Begun, failure: str) -> tuple[str, str]:
    """AWS's status and the barrier's word for it; C(failure) is what the function said last; pure."""
    current = holder(described, CURRENT) == begun.version_id
    through = begun.how != _secret_ways.FUNCTION or str(described.get("LastRotatedDate", "")) != begun.last_rotated
    if current and through:
        return "rotated", _barrier.READY
    status = "replaces the tasks that read it" if current else "makes, sets and tries the new value"
    return f"{status}; the last try: {failure}" if failure else status, _barrier.PENDING


def look(connect: Connect, name: str, begun: Begun, log_group: str) -> dict[str, Any]:
    """How far a rotation is, as an entry of the barrier."""
    described = describe(connect, name)
    status, state = seen(described, begun, "")
    if state == _barrier.PENDING:
        status, state = seen(described, begun, _failure(connect, described["ARN"], begun, log_group))
    return {"kind": KIND, **_barrier.Seen(name, status, state)._asdict()}


def _failure(connect: Connect, arn: str, begun: Begun, log_group: str) -> str:
    """What the function has said last of a step of this secret that failed, since it was begun."""

    def read() -> list[Any]:
        given = {"logGroupName": log_group, "startTime": begun.since, "filterPattern": f'"{FAILED}"'}
        return _aws.pages(connect("logs"), "filter_log_events", "events", **given)

    found: list[Any] = _aws.absent_as([], read, "ResourceNotFoundException")
    own = [str(each["message"]) for each in found if arn in each["message"]]
    return own[-1].strip().splitlines()[0] if own else ""
