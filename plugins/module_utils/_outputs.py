# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an environment offers, read from AWS alone: addresses, names, ARNs; no secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from . import _aws, _discovery, _plan, _subscriptions
from ._discovery import Connect, Scope

#: What outputs are made of, of all that discovery can find.
_USED = (
    "vpcs",
    "subnets",
    "security_groups",
    "secrets",
    "db_instances",
    "replication_groups",
    "load_balancers",
    "clusters",
    "topics",
)


def outputs(connect: Connect, scope: Scope, options: Mapping[str, Any]) -> dict[str, Any]:
    """What the next step needs, as data: addresses, names and ARNs; null where something is not there (yet)."""
    found = _discovery.find(connect, scope, _USED)
    balancer = found["load_balancers"].get(f"{scope.name}-alb", {})
    address = options["domain"] or balancer.get("dns_name")
    region = str(connect("s3").meta.region_name)
    return {
        "environment": scope.tags["Environment"],
        "account_id": options["account_id"],
        "region": region,
        "base_url": f"https://{address}" if address else None,
        "dashboard_url": options["dashboard_url"] or None,
        "cluster": scope.name if scope.name in found["clusters"] else None,
        "services": _services(connect, options["services"], f"https://{address}" if address else None),
        "databases": _short(scope.name, {name: database(name, e) for name, e in found["db_instances"].items()}),
        "caches": _short(scope.name, {name: _cache(name, e) for name, e in found["replication_groups"].items()}),
        "secrets": _short(scope.name, {name: entry["arn"] for name, entry in found["secrets"].items()}),
        "topics": _short(scope.name, {name: entry["topic_arn"] for name, entry in found["topics"].items()}),
        "pending_subscriptions": _subscriptions.pending(_subscriptions.subscriptions(connect, scope.name)),
        "buckets": buckets(connect, scope, f"-{options['account_id']}-{region}"),
        "log_groups": log_groups(connect, scope),
        "network": _network(scope.name, found),
    }


def _short(scope_name: str, entries: Mapping[str, Any]) -> dict[str, Any]:
    """Sorted, by the names' part behind the environment's."""
    return {name[len(scope_name) + 1 :]: entry for name, entry in sorted(entries.items())}


def _services(
    connect: Connect, services: Sequence[Mapping[str, Any]], base_url: str | None
) -> dict[str, dict[str, Any]]:
    repositories = _aws.pages(connect("ecr"), "describe_repositories", "repositories")
    addresses = {entry["repositoryName"]: entry["repositoryUri"] for entry in repositories}
    return {
        service["name"]: {
            "url": base_url and f"{base_url}{service['path']}/",
            "port": service["port"],
            "repository": addresses.get(service["repository_name"]),
            "log_group": service["log_group"],
        }
        for service in services
    }


def _known(value: Any) -> Any:
    """None for what AWS has not said yet."""
    return None if value == _plan.UNKNOWN else value


def database(name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Where a database answers; what AWS is still making has no address."""
    address, port = _known(entry["endpoint_address"]), _known(entry["endpoint_port"])
    return {"identifier": name, "host": address, "port": port, "name": entry["db_name"]}


def _cache(name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    address, port = _known(entry["primary_endpoint_address"]), _known(entry["primary_endpoint_port"])
    return {
        "identifier": name,
        "host": address,
        "port": port,
        "reader_host": _known(entry["reader_endpoint_address"]),
    }


def buckets(connect: Connect, scope: Scope, end: str) -> dict[str, str]:
    """The environment's buckets; account and region end their names."""
    names = [str(entry["Name"]) for entry in _aws.pages(connect("s3"), "list_buckets", "Buckets")]
    own = {name: name for name in names if name.startswith(f"{scope.name}-") and name.endswith(end)}
    return {name.removesuffix(end): bucket for name, bucket in _short(scope.name, own).items()}


def log_groups(connect: Connect, scope: Scope) -> list[str]:
    """The log groups whose name has the environment's in it, as AWS puts a service's before it."""
    entries = _aws.pages(connect("logs"), "describe_log_groups", "logGroups", logGroupNamePattern=scope.name)
    names = [str(entry["logGroupName"]) for entry in entries]
    return sorted(name for name in names if _bears(scope.name, name))


def _bears(scope_name: str, path: str) -> bool:
    """Whether a part of the path is the environment's name or begins with it."""
    return any(part == scope_name or part.startswith(f"{scope_name}-") for part in path.split("/"))


def _network(scope_name: str, found: Mapping[str, _discovery.Found]) -> dict[str, Any]:
    """Where a task of the services' kind runs."""
    app = f"{scope_name}-app-"
    return {
        "vpc_id": found["vpcs"].get(f"{scope_name}-vpc", {}).get("vpc_id"),
        "app_subnet_ids": sorted(each["subnet_id"] for name, each in found["subnets"].items() if name.startswith(app)),
        "security_group_ids": _short(scope_name, {n: each["group_id"] for n, each in found["security_groups"].items()}),
    }


def text(found: Mapping[str, Any]) -> str:
    """The outputs as the text of C(outputs.json)."""
    return json.dumps(found, indent=2) + "\n"
