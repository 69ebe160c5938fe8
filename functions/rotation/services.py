# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The services of the cluster, whose tasks read secrets only when they start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _wait

MOST_AT_ONCE = 10  #: services a call of DescribeServices takes


class Services:
    """The services of one ECS cluster."""

    def __init__(self, client: Any, cluster: str) -> None:
        self.client = client
        self.cluster = cluster

    def replace_tasks(self) -> list[str]:
        """Start a deployment of every service that has tasks; the ARNs of these services."""
        running = [service["serviceArn"] for service in self._described(self._listed()) if service["desiredCount"]]
        for arn in running:
            self.client.update_service(cluster=self.cluster, service=arn, forceNewDeployment=True)
        return running

    def settled(self, services: list[str], seconds: float) -> bool:
        """Whether within C(seconds) every task is one of the last deployment."""
        try:
            _wait.until(lambda: list(self._described(services)), _are_settled, "new tasks", seconds, pause=10)
        except _wait.TimedOut:
            return False
        return True

    def _listed(self) -> list[str]:
        try:
            pages = self.client.get_paginator("list_services").paginate(cluster=self.cluster)
            return [arn for page in pages for arn in page["serviceArns"]]
        except self.client.exceptions.ClusterNotFoundException:
            return []  # no cluster, no readers

    def _described(self, services: list[str]) -> Iterator[dict[str, Any]]:
        for start in range(0, len(services), MOST_AT_ONCE):
            some = services[start : start + MOST_AT_ONCE]
            yield from self.client.describe_services(cluster=self.cluster, services=some)["services"]


def _are_settled(services: Iterable[dict[str, Any]]) -> bool:
    return all(
        len(service["deployments"]) == 1 and service["deployments"][0].get("rolloutState") == "COMPLETED"
        for service in services
    )
