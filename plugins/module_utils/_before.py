# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The view of before for amazon.aws tasks, which tell neither a creation from an update nor what changes.

C(VIEWS) finds what exists in the words of the task's arguments; C(action) compares the arguments with it by the same
plan that our own modules use.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from . import _aws, _plan, _policy, _report, _tags
from ._discovery import Connect, Found, Scope

View = Callable[[Connect, Scope], Found]


def vpcs(connect: Connect, scope: Scope) -> Found:
    client = connect("ec2")
    entries = _aws.pages(client, "describe_vpcs", "Vpcs", Filters=_tags.filters(scope.tags))

    def attribute(vpc_id: str, name: str, key: str) -> bool:
        return bool(client.describe_vpc_attribute(VpcId=vpc_id, Attribute=name)[key]["Value"])

    return {
        name: {
            "cidr_block": sorted(each["CidrBlock"] for each in entry["CidrBlockAssociationSet"]),
            "dns_support": attribute(entry["VpcId"], "enableDnsSupport", "EnableDnsSupport"),
            "dns_hostnames": attribute(entry["VpcId"], "enableDnsHostnames", "EnableDnsHostnames"),
            "tags": tags,
        }
        for name, (entry, tags) in _aws.ec2_named(entries).items()
    }


def internet_gateways(connect: Connect, scope: Scope) -> Found:
    own = _tags.filters(scope.tags)
    entries = _aws.pages(connect("ec2"), "describe_internet_gateways", "InternetGateways", Filters=own)
    return {
        name: {"vpc_id": next((each["VpcId"] for each in entry["Attachments"]), None), "tags": tags}
        for name, (entry, tags) in _aws.ec2_named(entries).items()
    }


def kms_keys(connect: Connect, scope: Scope) -> Found:
    client = connect("kms")
    aliases = _aws.pages(client, "list_aliases", "Aliases")
    ours = [each for each in aliases if each["AliasName"].startswith(f"alias/{scope.name}-") and "TargetKeyId" in each]
    views = _aws.concurrently(lambda alias: _kms_key(client, alias["TargetKeyId"]), ours)
    return {alias["AliasName"]: view for alias, view in zip(ours, views, strict=True)}


def _kms_key(client: Any, key_id: str) -> dict[str, Any]:
    return {
        "description": client.describe_key(KeyId=key_id)["KeyMetadata"]["Description"],
        "policy": _policy.canonical(client.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"]),
        "enable_key_rotation": client.get_key_rotation_status(KeyId=key_id)["KeyRotationEnabled"],
        "tags": _tags.to_dict(client.list_resource_tags(KeyId=key_id)["Tags"], "TagKey", "TagValue"),
    }


def db_subnet_groups(connect: Connect, scope: Scope) -> Found:
    client = connect("rds")
    entries = _aws.pages(client, "describe_db_subnet_groups", "DBSubnetGroups")
    return {
        entry["DBSubnetGroupName"]: {
            "description": entry["DBSubnetGroupDescription"],
            "subnets": sorted(each["SubnetIdentifier"] for each in entry["Subnets"]),
            "tags": _tags.to_dict(client.list_tags_for_resource(ResourceName=entry["DBSubnetGroupArn"])["TagList"]),
        }
        for entry in entries
        if entry["DBSubnetGroupName"].startswith(f"{scope.name}-")
    }


def hosted_zones(connect: Connect, scope: Scope) -> Found:
    entries = _aws.pages(connect("route53"), "list_hosted_zones", "HostedZones")
    return {entry["Name"].rstrip("."): {"comment": entry.get("Config", {}).get("Comment", "")} for entry in entries}


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


def action(kind: str, name: str, arguments: Mapping[str, Any], existing: Mapping[str, Any] | None) -> dict[str, Any]:
    """What an amazon.aws task that reported a change did (or would do), in the form of our modules' actions."""
    compared = existing or dict.fromkeys(
        ("cidr_block", "vpc_id", "description", "policy", "subnets", "comment", "tags")
    )
    desired = {key: _normal(key, arguments[key]) for key in compared if arguments.get(key) is not None}
    plan = _plan.plan(name, desired, existing)
    verb = plan.verb if plan.verb != _plan.KEEP else _plan.UPDATE
    return {**_report.actions(kind, (), [plan])[0], "verb": verb}


def _normal(key: str, value: Any) -> Any:
    if key == "policy":
        return _policy.canonical(value if isinstance(value, (str, dict)) else json.dumps(value))
    return sorted(value) if isinstance(value, list) else value
