# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The services of a cluster as ECS describes them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from . import _aws

DESCRIBED_AT_ONCE = 10


def described(client: Any, cluster: str) -> list[Mapping[str, Any]]:
    """All that are listed, whatever their status; none where there is no cluster."""
    listing = functools.partial(_aws.pages, client, "list_services", "serviceArns", cluster=cluster)
    arns: list[str] = _aws.absent_as([], listing, "ClusterNotFoundException")
    describe = functools.partial(client.describe_services, cluster=cluster)
    return [entry for some in _aws.chunks(arns, DESCRIBED_AT_ONCE) for entry in describe(services=some)["services"]]
