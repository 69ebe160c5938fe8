# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The view of before for amazon.aws tasks, which tell neither a creation from an update nor what changes.

C(VIEWS) finds what exists in the words of the task's arguments; C(action) compares the arguments with it by the same
plan that our own modules use.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any

from . import _aws, _discovery, _plan, _policy, _report, _route53, _tags
from ._discovery import Connect, Found, Scope

View = Callable[[Connect, Scope], Found]
UNSIGNED = ("NOT_SIGNING", "DELETING")  #: Route 53's words for a zone without DNSSEC


def vpcs(connect: Connect, scope: Scope) -> Found:
    client = connect("ec2")

    def attribute(vpc_id: str, name: str, key: str) -> bool:
        return bool(client.describe_vpc_attribute(VpcId=vpc_id, Attribute=name)[key]["Value"])

    return {
        name: {
            "id": entry["VpcId"],
            "cidr_block": sorted(each["CidrBlock"] for each in entry["CidrBlockAssociationSet"]),
            "dns_support": attribute(entry["VpcId"], "enableDnsSupport", "EnableDnsSupport"),
            "dns_hostnames": attribute(entry["VpcId"], "enableDnsHostnames", "EnableDnsHostnames"),
            "tags": tags,
        }
        for name, (entry, tags) in _discovery.named_vpcs(connect, scope).items()
    }


def internet_gateways(connect: Connect, scope: Scope) -> Found:
    """The gateway of the environment's VPC under the name it shall have, else ours that an interrupted run left."""
    names = scope.managed.get("AWS::EC2::InternetGateway", ())
    return {
        name: {
            "id": entry["InternetGatewayId"],
            "vpc_id": next((each["VpcId"] for each in entry.get("Attachments", ())), None),
            "tags": _tags.to_dict(entry.get("Tags")),
        }
        for name, entry in zip(names, _internet_gateways(connect, scope, names), strict=False)
    }


def _internet_gateways(connect: Connect, scope: Scope, names: Collection[str]) -> list[Mapping[str, Any]]:
    def find(*filters: dict[str, Any]) -> list[Mapping[str, Any]]:
        return _aws.pages(connect("ec2"), "describe_internet_gateways", "InternetGateways", Filters=list(filters))

    vpcs = [entry["VpcId"] for entry, _own in _discovery.named_vpcs(connect, scope).values()]
    attached = find({"Name": "attachment.vpc-id", "Values": vpcs}) if vpcs else []
    if attached or not names:
        return attached
    ours = find({"Name": "tag:Name", "Values": list(names)}, *_tags.filters(scope.tags))
    return [entry for entry in ours if not entry.get("Attachments")]


def kms_keys(connect: Connect, scope: Scope) -> Found:
    client, aliases = connect("kms"), _discovery.key_aliases(connect, scope)
    views = _aws.concurrently(lambda alias: _kms_key(client, alias), aliases.values())
    return dict(zip(aliases, views, strict=True))


def _kms_key(client: Any, alias: Mapping[str, Any]) -> dict[str, Any]:
    """A key whose deletion is pending is one that is not enabled: amazon.aws cancels the deletion and enables it."""
    key_id = alias["TargetKeyId"]
    metadata = client.describe_key(KeyId=key_id)["KeyMetadata"]
    return {
        "id": key_id,
        "alias": None if alias.get("unnamed") else alias["AliasName"],
        "enabled": metadata["KeyState"] == "Enabled",
        "description": metadata["Description"],
        "policy": _policy.canonical(client.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"]),
        "enable_key_rotation": client.get_key_rotation_status(KeyId=key_id)["KeyRotationEnabled"],
        "tags": _tags.to_dict(client.list_resource_tags(KeyId=key_id)["Tags"], "TagKey", "TagValue"),
    }


def db_subnet_groups(connect: Connect, scope: Scope) -> Found:
    client, names = connect("rds"), scope.managed.get("AWS::RDS::DBSubnetGroup", ())
    entries = _aws.pages(client, "describe_db_subnet_groups", "DBSubnetGroups")
    return {
        entry["DBSubnetGroupName"]: {
            "id": entry["DBSubnetGroupArn"],
            "description": entry["DBSubnetGroupDescription"],
            "subnets": sorted(each["SubnetIdentifier"] for each in entry["Subnets"]),
            "tags": _tags.to_dict(client.list_tags_for_resource(ResourceName=entry["DBSubnetGroupArn"])["TagList"]),
        }
        for entry in entries
        if entry["DBSubnetGroupName"] in names
    }


def hosted_zones(connect: Connect, scope: Scope) -> Found:
    """The public zones; amazon.aws turns DNSSEC off where a task doesn't say that it is on."""
    client, names = connect("route53"), scope.managed.get("AWS::Route53::HostedZone", ())
    zones = {name: _route53.zone_id(client, name) for name in names}
    ids = {name: zone_id for name, zone_id in zones.items() if zone_id}
    tags = _route53.tags_by_id(client, "hostedzone", list(ids.values()))
    return {
        name: {
            "id": zone_id,
            "comment": client.get_hosted_zone(Id=zone_id)["HostedZone"].get("Config", {}).get("Comment", ""),
            "dnssec": client.get_dnssec(HostedZoneId=zone_id)["Status"]["ServeSignature"] not in UNSIGNED,
            "tags": tags[zone_id],
        }
        for name, zone_id in ids.items()
    }


VIEWS: dict[str, View] = {
    "AWS::EC2::VPC": vpcs,
    "AWS::EC2::InternetGateway": internet_gateways,
    "AWS::KMS::Key": kms_keys,
    "AWS::RDS::DBSubnetGroup": db_subnet_groups,
    "AWS::Route53::HostedZone": hosted_zones,
}


def before(connect: Connect, scope: Scope) -> dict[str, Found]:
    """What exists of the kinds that amazon.aws manages, by kind and name."""
    found = _aws.concurrently(lambda view: view(connect, scope), VIEWS.values())
    return dict(zip(VIEWS, found, strict=True))


def strangers(found: Mapping[str, Found], owner: Mapping[str, Any]) -> dict[str, list[str]]:
    """The names of what bears our names without our tags, by kind; pure."""
    names = {
        kind: [name for name in views if not _tags.owns(owner, views[name]["tags"])] for kind, views in found.items()
    }
    return {kind: each for kind, each in names.items() if each}


def claim(kind: str, name: str, view: Mapping[str, Any]) -> str:
    """A resource with its kind, name, id and whose tags it has; pure."""
    return f"{kind} {name} ({view['id']}, {_tags.claim(view['tags'])})"


def action(kind: str, name: str, arguments: Mapping[str, Any], existing: Mapping[str, Any] | None) -> dict[str, Any]:
    """What an amazon.aws task that reported a change did (or would do), in the form of our modules' actions."""
    compared = existing or dict.fromkeys(
        ("cidr_block", "vpc_id", "description", "policy", "subnets", "comment", "tags")
    )
    desired = {key: _normal(key, arguments[key]) for key in compared if arguments.get(key) is not None}
    plan = _plan.plan(name, desired, existing)
    verb = plan.verb if plan.verb != _plan.KEEP else _plan.UPDATE
    return {**_report.actions(kind, (), [plan])[0], "verb": verb}


def adoption(action: Mapping[str, Any]) -> dict[str, Any]:
    """The action that reports a resource which bears our name and is not ours."""
    before = {change["field"]: change["before"] for change in action["changes"]}
    tags = {key: before[f"tags.{key}"] for key in _tags.OWNER_TAGS if before.get(f"tags.{key}") is not None}
    return {**action, "verb": _report.ADOPTED, "effects": [_report.not_ours(tags)]}


def _normal(key: str, value: Any) -> Any:
    if key == "policy":
        return _policy.canonical(value if isinstance(value, (str, dict)) else json.dumps(value))
    return sorted(value) if isinstance(value, list) else value
