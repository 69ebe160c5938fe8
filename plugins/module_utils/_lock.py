# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The lock of an environment: what is asked of DynamoDB, what its answers mean, what a refused run is told; pure.

Times are DynamoDB's own, in seconds since 1970, so that clocks that are wrong neither steal a lock nor extend it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

Request = dict[str, Any]

#: AWS's code for a condition that doesn't hold.
REFUSED = "ConditionalCheckFailedException"
#: AWS's code for a table that isn't there.
NO_TABLE = "ResourceNotFoundException"
#: The attributes beside the key; the fence stays when a lock is released and only ever grows.
HELD = ("owner", "user", "pid", "what", "since", "expires")
FENCE = "fence"
NUMBERS = ("pid", "since", "expires", FENCE)
#: Seconds that a lock lives without a renewal, unless a run says otherwise.
EXPIRY = 120
#: Beats within the life of a lock.
BEATS = 4


class Place(NamedTuple):
    """Where a lock is: the table, and the key C(project/environment) in it."""

    table: str
    name: str


class Owner(NamedTuple):
    """A run: its own id, C(user@host), process id and command."""

    id: str
    user: str
    pid: int
    what: str


class Holder(NamedTuple):
    """Who holds a lock, since when and until when."""

    owner: str
    user: str
    pid: int
    what: str
    since: int
    expires: int
    fence: int


def holder(item: Mapping[str, Any] | None) -> Holder | None:
    """Who holds the lock by its item; None where it is free."""
    if not item or "owner" not in item:
        return None
    found: dict[str, Any] = {name: next(iter(item[name].values())) for name in (*HELD, FENCE)}
    return Holder(**{**found, **{name: int(found[name]) for name in NUMBERS}})


def service_time(answer: Mapping[str, Any]) -> int:
    """When DynamoDB gave the answer, by its own clock."""
    return int(parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"]).timestamp())


# Requests


def reading(place: Place) -> Request:
    """The arguments of GetItem, which shows the holder and what time it is."""
    return {"TableName": place.table, "Key": _key(place), "ConsistentRead": True}


def acquisition(place: Place, owner: Owner, now: int, expiry: int) -> Request:
    """The arguments of UpdateItem that takes a lock which is free or has expired, with the next fence."""
    values = {**owner._asdict(), "now": now, "expires": now + expiry, "one": 1}
    update = (
        "SET #owner = :id, #user = :user, #pid = :pid, #what = :what, #since = :now, #expires = :expires"
        " ADD #fence :one"
    )
    return _change(place, update, "attribute_not_exists(#owner) OR #expires < :now", values)


def renewal(place: Place, owner: str, fence: int, now: int, expiry: int) -> Request:
    """The arguments of UpdateItem that extends a lock which is still this one."""
    values = {"id": owner, FENCE: fence, "expires": now + expiry}
    return _change(place, "SET #expires = :expires", "#owner = :id AND #fence = :fence", values)


def release(place: Place, owner: str, fence: int | None = None) -> Request:
    """The arguments of UpdateItem that frees the lock of an owner, of any fence if none is given; the fence stays."""
    condition, values = "#owner = :id", {"id": owner}
    known = {} if fence is None else {FENCE: fence}
    condition += " AND #fence = :fence" if known else ""
    return _change(place, f"REMOVE {', '.join(f'#{name}' for name in HELD)}", condition, {**values, **known})


def _change(place: Place, update: str, condition: str, values: Mapping[str, Any]) -> Request:
    used = set(re.findall(r"#(\w+)", f"{update} {condition}"))  # AWS refuses names that are given and not used
    return {
        "TableName": place.table,
        "Key": _key(place),
        "UpdateExpression": update,
        "ConditionExpression": condition,
        "ExpressionAttributeNames": {f"#{name}": name for name in sorted(used)},
        "ExpressionAttributeValues": {f":{name}": _typed(value) for name, value in values.items()},
        "ReturnValues": "ALL_NEW",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def _key(place: Place) -> Request:
    return {"id": _typed(place.name)}


def _typed(value: Any) -> dict[str, str]:
    return {"N" if isinstance(value, int) else "S": str(value)}


# Texts


def command(arguments: Mapping[str, Any]) -> str:
    """The command line of a run without variables, as they may be secrets."""
    options = (("-i", "inventory"), ("--tags", "tags"), ("--skip-tags", "skip_tags"))
    words = ["ansible-playbook", *arguments.get("args", ())]
    for option, key in options:
        words += [word for value in arguments.get(key) or () if value != "all" for word in (option, str(value))]
    words += ["--limit", str(arguments["subset"])] if arguments.get("subset") else []
    return " ".join(words)


def clock(seconds: int) -> str:
    """A time of day with its date, such as C(2026-11-26 17:02:11 UTC)."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"


def duration(seconds: int) -> str:
    """Such as C(3 min 12 s) or C(2 h 5 min)."""
    minutes, rest = divmod(max(seconds, 0), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def who(found: Holder) -> str:
    """Who holds a lock."""
    return f"{found.user} (process {found.pid})"


def described(place: Place, found: Holder, now: int) -> str:
    """Who holds a lock, what runs, since when and until when."""
    age, left = duration(now - found.since), found.expires - now
    end = f"in {duration(left)} unless the run renews it" if left >= 0 else "already; the next run takes it over"
    return (
        f"{place.name} is locked by {who(found)}\n"
        f"  runs     {found.what}\n"
        f"  since    {clock(found.since)}, for {age}\n"
        f"  expires  {clock(found.expires)}, {end}"
    )


def refusal(place: Place, found: Holder, now: int, unlock: str) -> str:
    """What a run is told that finds the lock held; C(unlock) is the playbook's command without the id."""
    return (
        f"{described(place, found, now)}\n"
        f"Nothing was done. Wait for that run; if it is gone, release its lock:\n"
        f"  {unlock} -e force_unlock={found.owner}"
    )


def not_released(place: Place, owner: str, found: Holder | None, now: int) -> str:
    """What a forced release is told that doesn't meet the lock it means."""
    asked = f"force_unlock: {owner!r} does not hold the lock" if owner else "force_unlock: no id is given"
    if found is None:
        return f"{asked}; {place.name} is not locked"
    return f"{asked}; nothing was released.\n{described(place, found, now)}\n  id       {found.owner}"


def lost(place: Place, found: Holder | None) -> str:
    """What a run is told whose lock is not its own any more."""
    how = f"was taken over by {who(found)}" if found else "was released by force"
    return f"The lock of {place.name} {how}: this run is stopped, as it must not go on writing."


def unrenewed(place: Place, seconds: float) -> str:
    """What a run is told that could not renew its lock in time."""
    return (
        f"The lock of {place.name} could not be renewed for {seconds:.0f} s and is about to expire: "
        "this run is stopped, as it must not go on writing."
    )
