# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a bucket holds, version by version, and which versions Object Lock keeps."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from . import _aws
from ._calls import Refused

OBJECTS_A_CALL = 1000
#: What S3 answers for a version without a lock, and for a bucket without Object Lock.
UNLOCKED = ("NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError", "InvalidRequest")
FOREVER = datetime.datetime.max.replace(tzinfo=datetime.UTC)  #: a legal hold has no end

Identity = dict[str, str]


class Contents(NamedTuple):
    """What may be deleted, until when each locked version is kept, and the bytes of all."""

    loose: list[Identity]
    locked: list[datetime.datetime]
    size: int


def identity(version: Mapping[str, Any]) -> Identity:
    """How a request names a version."""
    return {"Key": version["Key"], "VersionId": version["VersionId"]}


def pages(client: Any, bucket: str) -> Iterator[tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]]:
    """The versions and the delete markers, page by page."""
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
        yield page.get("Versions", []), page.get("DeleteMarkers", [])


def contents(client: Any, bucket: str, lockable: bool) -> Contents:
    """All that is in a bucket; asks for the lock of each version only where the bucket has Object Lock."""
    found = Contents([], [], 0)
    now = datetime.datetime.now(datetime.UTC)
    for versions, markers in pages(client, bucket):
        until = functools.partial(locked_until, client, bucket)
        ends = _aws.concurrently(until, versions) if lockable else [None] * len(versions)
        held = [end for end in ends if end and end > now]
        free = [v for v, end in zip(versions, ends, strict=True) if not (end and end > now)]
        loose = [identity(each) for each in (*free, *markers)]
        size = found.size + sum(int(each["Size"]) for each in versions)
        found = Contents(found.loose + loose, found.locked + held, size)
    return found


def locked_until(client: Any, bucket: str, version: Mapping[str, Any]) -> datetime.datetime | None:
    """When the version's lock ends; None where it has none. Delete markers never have one."""
    which = {"Bucket": bucket, **identity(version)}
    none: dict[str, Any] = {}
    hold = _aws.absent_as(none, lambda: client.get_object_legal_hold(**which).get("LegalHold", {}), *UNLOCKED)
    if hold.get("Status") == "ON":
        return FOREVER
    retention = _aws.absent_as(none, lambda: client.get_object_retention(**which).get("Retention", {}), *UNLOCKED)
    end: datetime.datetime | None = retention.get("RetainUntilDate")
    return end


def empty(client: Any, bucket: str) -> None:
    """Delete all versions and delete markers. Raises Refused for the first that S3 keeps."""
    for versions, markers in pages(client, bucket):
        remove(client, bucket, map(identity, (*versions, *markers)))


def remove(client: Any, bucket: str, objects: Iterable[Identity]) -> None:
    """Delete versions and delete markers. Raises Refused for the first that S3 keeps."""
    for some in _aws.chunks(objects, OBJECTS_A_CALL):
        answer = client.delete_objects(Bucket=bucket, Delete={"Objects": some, "Quiet": True})
        for error in answer.get("Errors", []):
            raise Refused(error)
