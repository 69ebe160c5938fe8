# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How an environment is at this moment, and the table that shows it; read from AWS alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import _arns, _aws, _images, _subscriptions
from ._discovery import Connect, Scope


def kind_of(arn: str) -> str | None:
    """The CloudFormation type that an ARN is of; None for what belongs to another resource (tasks, rules of groups)."""
    return _arns.MANAGED.get(_arns.parse(arn).kind)


def counts(connect: Connect, scope: Scope) -> dict[str, int]:
    """How many resources of each kind carry the environment's tags."""
    own = [{"Key": key, "Values": [value]} for key, value in sorted(scope.tags.items())]
    tagging = connect("resourcegroupstaggingapi")
    entries = _aws.pages(tagging, "get_resources", "ResourceTagMappingList", TagFilters=own)
    kinds = Counter(kind_of(entry["ResourceARN"]) for entry in entries)
    return {kind: number for kind, number in sorted(kinds.items(), key=str) if kind}


def live_services(connect: Connect, scope: Scope, names: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """AWS's description of the active services, by full name."""
    client = connect("ecs")
    found: dict[str, Mapping[str, Any]] = {}
    for ten in _aws.chunks(names, 10):

        def describe(some: list[str] = ten) -> list[Mapping[str, Any]]:
            return list(client.describe_services(cluster=scope.name, services=some)["services"])

        entries: list[Mapping[str, Any]] = _aws.absent_as([], describe, "ClusterNotFoundException")
        found |= {entry["serviceName"]: entry for entry in entries if entry["status"] == "ACTIVE"}
    return found


def status(connect: Connect, scope: Scope, services: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What moves without a run: tasks and images of the services, and how many resources there are of each kind."""
    live = live_services(connect, scope, [service["full_name"] for service in services])
    digests = _images.digests(connect, map(_images.of_service, services))
    rows = [_status(each, live.get(each["full_name"]), bool(digests[_images.of_service(each)])) for each in services]
    return {
        "services": dict(zip([each["name"] for each in services], rows, strict=True)),
        "resources": counts(connect, scope),
    }


def _status(service: Mapping[str, Any], live: Mapping[str, Any] | None, image: bool) -> dict[str, Any]:
    return {
        "running": live["runningCount"] if live else 0,
        "desired": live["desiredCount"] if live else 0,
        "image": service["image_tag"] if image else f"waiting for {service['repository_name']}:{service['image_tag']}",
    }


def table(found: Mapping[str, Any], now: Mapping[str, Any], next_steps: Iterable[str] = ()) -> list[str]:
    """Outputs and status for a person, line by line; pure."""
    rows = [_row(name, each, now["services"][name]) for name, each in found["services"].items()]
    lines = ["Services", *columns([("service", "url", "port", "tasks", "image"), *rows])]
    for title, entries in (("Databases", found["databases"]), ("Caches", found["caches"])):
        lines += ["", title, *columns([(e["identifier"], _address(e)) for e in entries.values()] or [("none", "")])]
    lines += _pending(found["pending_subscriptions"])
    total = sum(now["resources"].values())
    lines += ["", f"Resources ({total} with the environment's tags)"]
    lines += columns([(kind, str(number)) for kind, number in now["resources"].items()])
    steps = [f"  {step}" for step in next_steps]
    return [*lines, "", "Where to look next", *steps] if steps else lines


def _pending(waiting: Sequence[Mapping[str, str]]) -> list[str]:
    """Who is told nothing yet; no lines where everybody has confirmed."""
    rows = [(each["topic"], each["protocol"], each["endpoint"]) for each in waiting]
    return ["", "Subscriptions that nobody has confirmed", *columns(rows), f"  {_subscriptions.ADVICE}"] if rows else []


def _row(name: str, service: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    tasks = f"{now['running']}/{now['desired']}"
    return name, service["url"] or "-", str(service["port"]), tasks, now["image"]


def _address(entry: Mapping[str, Any]) -> str:
    """C(host:port); what AWS is still making has none yet."""
    return f"{entry['host']}:{entry['port']}" if entry["host"] and entry["port"] else "being made"


def columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows as lines, each column as wide as its longest cell."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
