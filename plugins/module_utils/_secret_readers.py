# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which services' tasks were started before a secret that they read got its value, and so still use the last one."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from . import _aws, _ecs_services, _secret_versions
from ._discovery import Connect

Entry = Mapping[str, Any]
Ages = Mapping[str, datetime.datetime]


def ages(connect: Connect, names: Collection[str]) -> dict[str, datetime.datetime]:
    """When each secret got the value in use, by its ARN; one without a value is left out."""
    found = _aws.concurrently(lambda name: _age(connect, name), names)
    return {arn: age for arn, age in found if age}


def _age(connect: Connect, name: str) -> tuple[str, datetime.datetime | None]:
    answer = connect("secretsmanager").list_secret_version_ids(SecretId=name)
    return answer["ARN"], _secret_versions.newest(answer["Versions"], _secret_versions.CURRENT)


def services(connect: Connect, cluster: str) -> list[Entry]:
    """The cluster's services that have tasks, each with the C(arns) of the secrets that they read."""
    client = connect("ecs")
    entries = _ecs_services.described(client, cluster)
    running = [entry for entry in entries if entry["status"] == "ACTIVE" and entry["desiredCount"]]
    return _aws.concurrently(lambda entry: {**entry, "arns": _read(client, entry["taskDefinition"])}, running)


def _read(client: Any, definition: str) -> list[str]:
    """What a task definition's containers are given of secrets."""
    found = client.describe_task_definition(taskDefinition=definition)["taskDefinition"]
    return [each["valueFrom"] for of in found["containerDefinitions"] for each in of.get("secrets", ())]


def stale(entries: Iterable[Entry], ages: Ages, changed: Collection[str] = ()) -> dict[str, list[str]]:
    """The services to replace the tasks of, each with the ARNs of the secrets that it read too early; pure.

    C(changed) are the ARNs of secrets that will be newer than all tasks.
    """
    found = {entry["serviceName"]: sorted(_early(entry, ages, changed)) for entry in entries}
    return {name: arns for name, arns in found.items() if arns}


def _early(entry: Entry, ages: Ages, changed: Collection[str]) -> Iterable[str]:
    (begun,) = (each["createdAt"] for each in entry["deployments"] if each["status"] == "PRIMARY")
    for arn, age in ages.items():
        read = any(each == arn or each.startswith(f"{arn}:") for each in entry["arns"])
        if read and (arn in changed or begun < age):
            yield arn


def replace(connect: Connect, cluster: str, service: str) -> None:
    """Begin a deployment of the same task definition: its tasks read the secrets when they start."""
    connect("ecs").update_service(cluster=cluster, service=service, forceNewDeployment=True)
