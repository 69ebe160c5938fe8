# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Diagnosis of what runs share: the state bucket, the lock table, and who holds the environment's lock."""

from __future__ import annotations

from collections.abc import Iterable

from . import _lock
from ._diagnose import About, Check, Subject, Values, aws, play
from ._findings import Finding, broken, ok, warning


def bucket(values: Values, about: About) -> Iterable[Finding]:
    """The bucket is there, encrypted and versioned."""
    found = values["state_bucket"]
    name = found["name"]
    if not found["exists"]:
        seen, remedy = f"the state bucket {name} does not exist", "outputs, records and plans have no place: make it"
        yield broken("bucket", seen, "404 [HeadBucket]", remedy, play(about, "bootstrap"))
        return
    yield ok("bucket", f"the state bucket {name} is there")
    command = play(about, "bootstrap", "--check")
    if found["encryption"]:
        yield ok("bucket-encryption", "the state bucket is encrypted", found["encryption"])
    else:
        yield warning(
            "bucket-encryption", f"{name} has no encryption of its own", "none", "bootstrap puts it back", command
        )
    if found["versioning"] == "Enabled":
        yield ok("bucket-versioning", "the state bucket keeps versions", found["versioning"])
    else:
        said = found["versioning"] or "never enabled"
        remedy = "an overwritten record can't be brought back; bootstrap turns versioning on"
        yield warning("bucket-versioning", f"{name} keeps no versions", said, remedy, command)


def objects(values: Values, about: About) -> Iterable[Finding]:
    """What earlier runs left can be read; the fact can't be read otherwise."""
    if values["state_objects"] is None:
        return
    number = values["state_objects"]
    yield ok("bucket-readable", "the environment's records can be listed", f"{number} below {about['state_prefix']}/")


def table(values: Values, about: About) -> Iterable[Finding]:
    """Without the table no run begins."""
    status, name = values["lock_table"], about["lock_table"]
    if status is None:
        remedy = "no run can take its lock: make the table"
        yield broken(
            "lock-table",
            f"the lock table {name} does not exist",
            "ResourceNotFoundException",
            remedy,
            play(about, "bootstrap"),
        )
    elif status != "ACTIVE":
        remedy, command = "wait until it is ACTIVE", aws(about, f"dynamodb describe-table --table-name {name}")
        yield warning("lock-table", f"the lock table {name} is {status}", status, remedy, command)
    else:
        yield ok("lock-table", f"the lock table {name} is there", status)


def lock(values: Values, about: About) -> Iterable[Finding]:
    """Nobody holds the lock, or somebody does, or somebody left it behind."""
    if values["lock"] is None:
        return
    place = _lock.Place(about["lock_table"], about["state_prefix"])
    holder, now = _lock.holder(values["lock"]["item"]), values["lock"]["now"]
    if holder is None:
        yield ok("lock", f"{place.name} is not locked")
        return
    told = " ".join(_lock.described(place, holder, now).split())
    command = play(about, "force_unlock", f"-e force_unlock={holder.owner}")
    if holder.expires < now:
        seen = f"{_lock.who(holder)} left the lock behind; it is stale since {_lock.clock(holder.expires)}"
        remedy = "that run was killed: see what it had begun (playbooks/history.yml); the next run takes the lock over"
        yield warning("lock-stale", seen, told, remedy, command)
    else:
        remedy = "wait for that run; release the lock only if you know that it is gone"
        yield warning("lock", f"{_lock.who(holder)} holds the lock of {place.name}", told, remedy, command)


SUBJECT = Subject(
    "state",
    "state bucket, lock table, lock",
    (
        Check(("state_bucket",), bucket),
        Check(("state_objects",), objects),
        Check(("lock_table",), table),
        Check(("lock",), lock),
    ),
)
