# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Find what is ours by its tags, in accounts with many more resources of the same kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import _aws, _tags


def arns(connect: Callable[[str], Any], owner: Mapping[str, Any], resource_type: str) -> list[str]:
    """The ARNs of the resources of C(resource_type) (as in C(logs:log-group)) that carry all of the ownership tags."""
    return list(tagged(connect, owner, resource_type))


def tagged(connect: Callable[[str], Any], owner: Mapping[str, Any], resource_type: str) -> dict[str, dict[str, str]]:
    """The same with their tags, by ARN.

    The service behind it learns of changes late, so a caller looks up each resource itself, and what is declared
    without asking. Without all ownership tags nothing is ours.
    """
    if not all(key in owner for key in _tags.OWNER_TAGS):
        return {}
    filters = [{"Key": key, "Values": [str(owner[key])]} for key in _tags.OWNER_TAGS]
    found = _aws.pages(
        connect("resourcegroupstaggingapi"),
        "get_resources",
        "ResourceTagMappingList",
        TagFilters=filters,
        ResourceTypeFilters=[resource_type],
    )
    return {entry["ResourceARN"]: _tags.to_dict(entry["Tags"]) for entry in found}
