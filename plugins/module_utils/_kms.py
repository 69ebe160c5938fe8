# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keys of ours that lost their alias, or that a run was killed before it could name them; reads only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from . import _aws, _owned, _tags

#: A key in any other state is on its way out.
USABLE = ("Enabled", "Disabled")


def unnamed(connect: Callable[[str], Any], owner: Mapping[str, str], aliases: Collection[str]) -> dict[str, Any]:
    """Entries as in a list of aliases, for those of C(aliases) whose key is there: its tag Name says whose it is."""
    if not aliases:
        return {}
    client = connect("kms")
    keys = _aws.concurrently(lambda arn: _key(client, arn), _owned.arns(connect, owner, "kms:key"))
    named = {f"alias/{name}": arn for arn, name, state in keys if state in USABLE}
    return {
        alias: {
            "AliasName": alias,
            "AliasArn": f"{named[alias].partition(':key/')[0]}:{alias}",
            "TargetKeyId": named[alias].rpartition("/")[2],
            "unnamed": True,
        }
        for alias in aliases
        if alias in named
    }


def _key(client: Any, arn: str) -> tuple[str, str, str]:
    """The key's ARN, its tag Name and its state."""
    tags = _tags.to_dict(client.list_resource_tags(KeyId=arn)["Tags"], "TagKey", "TagValue")
    return arn, tags.get("Name", ""), str(client.describe_key(KeyId=arn)["KeyMetadata"]["KeyState"])
