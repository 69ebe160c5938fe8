# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which of the resources that carry an environment's tags are in no inventory, and why pruning leaves some; pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from . import _discovery, _tags
from ._arns import MANAGED, Arn, kind_of, parse

#: What there is one of in an environment; another one is no module's.
SINGLE = ("AWS::EC2::VPC", "AWS::EC2::InternetGateway", "AWS::KMS::Key", "AWS::RDS::DBSubnetGroup")
#: What comes and goes with a resource of ours, and the backups of one, which are kept on purpose.
PARTS = (
    "ec2:network-interface",
    "ec2:security-group-rule",
    "ecs:container-instance",
    "ecs:service-deployment",
    "ecs:service-revision",
    "ecs:task",
    "ecs:task-set",
    "elasticache:snapshot",
    "rds:auto-backup",
    "rds:cluster-snapshot",
    "rds:snapshot",
)
_SUFFIX = re.compile(r"-[A-Za-z0-9]{6}$")  # of a secret's ARN


class Tagged(NamedTuple):
    """A resource that carries the environment's tags."""

    arn: Arn
    tags: Mapping[str, str]


class Deletion(NamedTuple):
    """A resource that its module would delete."""

    kind: str
    name: str
    ids: tuple[str, ...]
    layer: str | None = None


def name_of(resource: Tagged) -> str:
    """The tag Name of what AWS knows by an id only; otherwise the name that is in the ARN."""
    arn = resource.arn
    if arn.service == "elasticloadbalancing":
        parts = arn.rest.split("/")
        return resource.tags.get("Name") or (parts[1] if arn.kind.endswith(":loadbalancer") else parts[0])
    if arn.service == "secretsmanager":
        return _SUFFIX.sub("", arn.rest)
    if arn.service == "wafv2":
        return arn.rest.partition("/")[0]
    if arn.service in ("ecr", "logs"):
        return arn.rest
    return resource.tags.get("Name") or arn.identifier


def parent(arn: Arn) -> str:
    """What a resource goes with: a listener's or rule's load balancer, a revision's family; its own ARN otherwise."""
    if arn.kind in ("elasticloadbalancing:listener", "elasticloadbalancing:listener-rule"):
        beginning = arn.text.partition(f":{arn.kind.partition(':')[2]}/")[0]
        return f"{beginning}:loadbalancer/{'/'.join(arn.rest.split('/')[:3])}"
    return arn.text.rpartition(":")[0] if arn.kind == "ecs:task-definition" else arn.text


def words(arn: Arn) -> set[str]:
    """All by which a result may name the resource."""
    return {arn.text, arn.rest, arn.identifier}


def candidates(
    found: Iterable[Tagged], known: Collection[str], deletions: Iterable[Deletion], layers: Collection[str]
) -> list[Tagged]:
    """What is neither known nor a part of what is, nor goes with a deletion; and whose layer is one of the run's.

    C(known) are the ids and ARNs of what is declared. What has no layer, or none that exists, belongs to a run of all.
    """
    resources = [each for each in found if each.arn.kind not in PARTS and _concerns(each, layers)]
    taken = {*known, *(text for each in deletions for text in each.ids)}
    taken |= {parent(parse(text)) for text in taken if text.startswith("arn:")}
    mine = {each.arn.text for each in resources}
    return [
        each
        for each in resources
        if not words(each.arn) & taken and parent(each.arn) not in {*taken, *(mine - {each.arn.text})}
    ]


def _concerns(resource: Tagged, layers: Collection[str]) -> bool:
    layer = resource.tags.get("Layer")
    return layer in layers or (set(layers) >= set(_discovery.BUILDS_ON) and layer not in _discovery.BUILDS_ON)


def orphans(alive: Iterable[Tagged], found: Iterable[Tagged], deletions: Iterable[Deletion]) -> list[dict[str, Any]]:
    """The list: what is left of the candidates, and what modules would delete; sorted by kind, name and ARN."""
    entries = [_left(each) for each in alive] + [_deleted(each, list(found)) for each in deletions]
    return sorted(entries, key=lambda entry: (entry["kind"], entry["name"], entry["arn"] or ""))


def _left(resource: Tagged) -> dict[str, Any]:
    kind = kind_of(resource.arn)
    return {
        "kind": kind,
        "name": name_of(resource),
        "arn": resource.arn.text,
        "layer": resource.tags.get("Layer"),
        "prune": False,
        "reason": f"{_reason(kind, resource)}: delete by hand",
    }


def _reason(kind: str, resource: Tagged) -> str:
    """Why no module takes it."""
    layer = resource.tags.get("Layer")
    if kind not in MANAGED.values():
        return "no module handles this kind"
    if layer not in _discovery.BUILDS_ON:
        return f"its tag Layer={layer} is no layer" if layer else "it has no tag Layer"
    if kind in (*SINGLE, "AWS::Route53::HostedZone"):
        return "an environment has what its inventory names of this kind, and pruning takes no other"
    return "it is in use, of a layer that has none of this kind, or in another VPC, cluster or zone"


def _deleted(deletion: Deletion, found: Iterable[Tagged]) -> dict[str, Any]:
    """What a module would delete; what can't be tagged has no layer and mostly no ARN."""
    same = [each for each in found if words(each.arn) & set(deletion.ids)]
    best = sorted(same, key=lambda each: kind_of(each.arn) != deletion.kind)[:1]
    return {
        "kind": deletion.kind,
        "name": deletion.name,
        "arn": best[0].arn.text if best else next((each for each in deletion.ids if each.startswith("arn:")), None),
        "layer": deletion.layer,
        "prune": True,
        "reason": None,
    }


def resources(entries: Iterable[Mapping[str, Any]]) -> list[Tagged]:
    """The entries of GetResources."""
    return [Tagged(parse(entry["ResourceARN"]), _tags.to_dict(entry["Tags"])) for entry in entries]
