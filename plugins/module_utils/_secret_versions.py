# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""When versions of a secret were made, without reading a value."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from . import _aws
from ._cut_over import Login

CURRENT = "AWSCURRENT"


def login(client: Any, secret_id: str) -> Login:
    """The age of a secret's current version, and whether it rotates; of one that isn't there neither."""
    found = _aws.absent_as(None, lambda: client.describe_secret(SecretId=secret_id), "ResourceNotFoundException")
    return Login(made(client, secret_id, CURRENT), bool(found.get("RotationEnabled"))) if found else Login()


def made(client: Any, secret_id: str, stage: str) -> datetime.datetime | None:
    """When the version with this label was made; None without such a version."""
    versions = _aws.pages(client, "list_secret_version_ids", "Versions", SecretId=secret_id)
    return newest(versions, stage)


def newest(versions: Iterable[Mapping[str, Any]], stage: str) -> datetime.datetime | None:
    """When the last of these with the label was made; None where none has it; pure."""
    moments = [each["CreatedDate"] for each in versions if stage in each.get("VersionStages", ())]
    return max(moments, default=None)
