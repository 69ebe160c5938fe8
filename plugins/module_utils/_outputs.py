# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an environment offers, read from AWS alone: addresses, services, counts of resources; no secrets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import _arns, _aws, _discovery, _plan
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


def has_image(connect: Connect, repository: str, tag: str) -> bool:
    """Whether the repository holds an image with the tag."""

    def look() -> bool:
        wanted = [{"imageTag": tag}]
        return bool(connect("ecr").describe_images(repositoryName=repository, imageIds=wanted)["imageDetails"])

    return _aws.absent_as(False, look, "ImageNotFoundException", "RepositoryNotFoundException")


def service_row(
    service: Mapping[str, Any], live: Mapping[str, Any] | None, image: bool, base_url: str
) -> dict[str, Any]:
    """One service: where it answers, how many tasks it has and what its image is doing; pure."""
    return {
        "name": service["name"],
        "url": f"{base_url}{service['path']}/" if base_url else "",
        "port": service["port"],
        "running": live["runningCount"] if live else 0,
        "desired": live["desiredCount"] if live else 0,
        "image": service["image_tag"] if image else f"waiting for {service['repository_name']}:{service['image_tag']}",
    }


def outputs(connect: Connect, scope: Scope, services: Sequence[Mapping[str, Any]], domain: str) -> dict[str, Any]:
    """Everything, as data."""
    balancers = _discovery.load_balancers(connect, scope)
    address = domain or next((each["dns_name"] for each in balancers.values()), "")
    live = live_services(connect, scope, [service["full_name"] for service in services])
    images = _aws.concurrently(lambda each: has_image(connect, each["repository_name"], each["image_tag"]), services)
    base_url = f"https://{address}" if address else ""
    return {
        "base_url": base_url,
        "services": [
            service_row(service, live.get(service["full_name"]), image, base_url)
            for service, image in zip(services, images, strict=True)
        ],
        "databases": _addresses(_discovery.db_instances(connect, scope), "endpoint"),
        "caches": _addresses(_discovery.replication_groups(connect, scope), "primary_endpoint"),
        "resources": counts(connect, scope),
    }


def _addresses(found: Mapping[str, Mapping[str, Any]], prefix: str) -> dict[str, str]:
    """C(host:port) by name; what AWS is still making has none yet."""
    pairs = {name: (entry[f"{prefix}_address"], entry[f"{prefix}_port"]) for name, entry in found.items()}
    return {name: "being made" if _plan.UNKNOWN in pair else f"{pair[0]}:{pair[1]}" for name, pair in pairs.items()}


def table(found: Mapping[str, Any], next_steps: Iterable[str] = ()) -> list[str]:
    """The outputs for a person, line by line; pure."""
    rows = [
        (s["name"], s["url"] or "-", str(s["port"]), f"{s['running']}/{s['desired']}", s["image"])
        for s in found["services"]
    ]
    lines = ["Services", *_columns([("service", "url", "port", "tasks", "image"), *rows])]
    for title, addresses in (("Databases", found["databases"]), ("Caches", found["caches"])):
        lines += ["", title, *_columns(sorted(addresses.items()) or [("none", "")])]
    total = sum(found["resources"].values())
    lines += ["", f"Resources ({total} with the environment's tags)"]
    lines += _columns([(kind, str(number)) for kind, number in found["resources"].items()])
    steps = [f"  {step}" for step in next_steps]
    return [*lines, "", "Where to look next", *steps] if steps else lines


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
