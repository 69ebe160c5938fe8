# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The few ways in which every module talks to AWS."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from . import _plan, _tags
from ._errors import is_absent
from ._resource import WORKERS

T = TypeVar("T")
U = TypeVar("U")


def pages(client: Any, operation: str, key: str, **arguments: Any) -> list[Any]:
    """All entries under C(key) of a Describe or List operation, over all its pages."""
    if not client.can_paginate(operation):
        return list(getattr(client, operation)(**arguments)[key])
    return [entry for page in client.get_paginator(operation).paginate(**arguments) for entry in page.get(key) or []]


def absent_as(default: T, call: Callable[[], T], *codes: str) -> T:
    """The call's value, or C(default) where AWS says that the resource isn't there; other errors pass."""
    try:
        return call()
    except Exception as error:
        if is_absent(error, *codes):
            return default
        raise


def chunks(entries: Iterable[T], size: int) -> Iterator[list[T]]:
    """The entries in lists of at most C(size), for operations with a limit."""
    rest = list(entries)
    while rest:
        yield rest[:size]
        rest = rest[size:]


def concurrently(function: Callable[[T], U], entries: Iterable[T]) -> list[U]:
    """The function of each entry, in order, several at a time; the first error is raised."""
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(function, entries))


def declared(entries: Mapping[str, Any]) -> dict[str, Any]:
    """Without what nobody declared, for a request's arguments."""
    return {key: value for key, value in entries.items() if value is not None}


def is_known(*values: Any) -> bool:
    """Whether all values are there already: not absent, no placeholder of a check on an empty account."""
    return all(
        value is not None and _plan.UNKNOWN not in str(value) and "(missing: " not in str(value) for value in values
    )


# EC2's tags are the same for all its kinds


def ec2_named(entries: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Mapping[str, Any], dict[str, str]]]:
    """EC2 entries by their tag Name, each with its tags; nameless ones are left out."""
    tagged = [(entry, _tags.to_dict(entry.get("Tags"))) for entry in entries]
    return {tags["Name"]: (entry, tags) for entry, tags in tagged if tags.get("Name")}


def ec2_tag_specification(resource_type: str, tags: Mapping[str, str]) -> list[dict[str, Any]]:
    """The TagSpecifications of a Create operation."""
    return [{"ResourceType": resource_type, "Tags": _tags.to_list(tags)}]


def ec2_update_tags(client: Any, resource_id: str, plan: _plan.Plan) -> None:
    """Write the declared tags if any of them differs."""
    if "tags" in plan.options and plan.after:
        client.create_tags(Resources=[resource_id], Tags=_tags.to_list(plan.after["tags"]))
