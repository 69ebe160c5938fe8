# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a run brought about besides, read through boto3, to be compared with the marks of its plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.uex.payments.tests.site.account import Connect, pages

#: A mark on a resource: kind, name, mark.
Mark = tuple[str, str, str]
State = dict[Mark, Any]

SERVICE, DATABASE, PARAMETERS = "AWS::ECS::Service", "AWS::RDS::DBInstance", "AWS::RDS::DBParameterGroup"
#: The marks that show in what AWS says afterwards.
SEEN = ((SERVICE, "starts a deployment"), (DATABASE, "interrupts"), (PARAMETERS, "needs reboot"))


def read(clients: Connect) -> State:
    """The deployment of each service, what waits for each database's window, what waits for its reboot."""
    return {**dict(_deployments(clients("ecs"))), **dict(_waiting(clients("rds")))}


def _deployments(client: Any) -> Iterator[tuple[Mark, Any]]:
    for cluster in pages(client, "list_clusters", "clusterArns"):
        arns = list(pages(client, "list_services", "serviceArns", cluster=cluster))
        for start in range(0, len(arns), 10):
            for each in client.describe_services(cluster=cluster, services=arns[start : start + 10])["services"]:
                (primary,) = (one["id"] for one in each["deployments"] if one["status"] == "PRIMARY")
                yield (SERVICE, each["serviceName"], "starts a deployment"), primary


def _waiting(client: Any) -> Iterator[tuple[Mark, Any]]:
    instances = list(pages(client, "describe_db_instances", "DBInstances"))
    for each in instances:
        yield (DATABASE, each["DBInstanceIdentifier"], "interrupts"), each.get("PendingModifiedValues") or {}
    groups = [group for each in instances for group in each["DBParameterGroups"]]
    waiting = {group["DBParameterGroupName"] for group in groups if group["ParameterApplyStatus"] == "pending-reboot"}
    for name in {group["DBParameterGroupName"] for group in groups}:
        yield (PARAMETERS, name, "needs reboot"), name in waiting


def brought_about(before: Mapping[Mark, Any], after: Mapping[Mark, Any]) -> set[Mark]:
    """What changed of what was there before, and is not over; pure."""
    return {mark for mark in before.keys() & after.keys() if after[mark] not in (before[mark], False)}


def planned(plan: Mapping[str, Any]) -> set[Mark]:
    """The marks of a plan that can be seen afterwards; pure."""
    return {
        (action["kind"], action["name"], mark)
        for action in plan["actions"]
        for mark in action["effects"]
        if (action["kind"], mark) in SEEN
    }
