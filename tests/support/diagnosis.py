# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A small environment as a diagnosis reads it, in order as it stands; tests break one thing of it."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils._diagnose import Subject
from ansible_collections.uex.payments.plugins.module_utils._findings import OK, Finding

NAME = "uex-payments-dev"
ACCOUNT = "123456789012"
REGION = "us-east-1"
#: What the inventory says, as the module's options.
ABOUT: dict[str, Any] = {
    "name": NAME,
    "environment": "dev",
    "region": REGION,
    "tags": {"Project": "uex-payments", "Environment": "dev", "ManagedBy": "uex.payments"},
    "emulated": True,
    "inventories": "-i inventories/dev",
    "account_id": "",
    "assume_role_arn": "",
    "session_problem": "",
    "state_bucket": f"uex-payments-state-{{account_id}}-{REGION}",
    "state_prefix": "uex-payments/dev",
    "lock_table": "uex-payments-locks",
    "availability_zones": [f"{REGION}a", f"{REGION}b", f"{REGION}c"],
    "services": [],
    "declared_keys": {f"{NAME}/database": ["password", "username"]},
    "flow_log_hours": 1,
    "nat_gb": 20.0,
    "hours": 730.0,
    "prices": {"nat.gb": 0.045, "endpoint.hour": 0.01, "endpoint.gb": 0.01},
    "estimate": {"RDS": 60.0, "NAT gateways": 100.0},
}
SERVICE: dict[str, Any] = {
    "name": "api",
    "full_name": f"{NAME}-api",
    "port": 8080,
    "path": "/api",
    "repository_name": f"{NAME}/api",
    "image_tag": "1.0",
    "target_group": f"{NAME}-api",
    "alternate_target_group": "",
    "log_group": f"{NAME}-api",
    "health_check": {"path": "/health"},
}
LIVE: dict[str, Any] = {
    "serviceName": f"{NAME}-api",
    "status": "ACTIVE",
    "serviceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/{NAME}/{NAME}-api",
    "taskDefinition": f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/{NAME}-api:2",
    "desiredCount": 2,
    "runningCount": 2,
    "pendingCount": 0,
    "deployments": [{"id": "ecs-svc/1", "status": "PRIMARY", "rolloutState": "COMPLETED", "failedTasks": 0}],
    "events": [],
}


def about(**changed: Any) -> dict[str, Any]:
    return {**ABOUT, "services": [SERVICE], **changed}


def permission(port: int, peer: str) -> dict[str, Any]:
    """A rule of a security group for a group or a range."""
    named = {"UserIdGroupPairs": [{"GroupId": peer}]} if peer.startswith("sg-") else {"IpRanges": [{"CidrIp": peer}]}
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **named}


def group(name: str, ingress: Iterable[Any] = (), egress: Iterable[Any] = ()) -> dict[str, Any]:
    permissions = {"IpPermissions": list(ingress), "IpPermissionsEgress": list(egress)}
    return {"GroupId": f"sg-{name}", "GroupName": f"{NAME}-{name}", **permissions}


def rule(number: int, egress: bool, action: str, block: str, ports: tuple[int, int] | None = None) -> dict[str, Any]:
    """An entry of a network ACL for TCP, or for everything."""
    span = {"PortRange": {"From": ports[0], "To": ports[1]}} if ports else {}
    protocol = "6" if ports else "-1"
    return {
        "RuleNumber": number,
        "Egress": egress,
        "RuleAction": action,
        "CidrBlock": block,
        "Protocol": protocol,
        **span,
    }


def acl(name: str, subnets: Iterable[str], *entries: dict[str, Any]) -> dict[str, Any]:
    """An ACL with the closing rules that AWS gives each."""
    closing = [rule(32767, egress, "deny", "0.0.0.0/0") for egress in (True, False)]
    associations = [{"SubnetId": each} for each in subnets]
    return {"NetworkAclId": f"acl-{name}", "Associations": associations, "Entries": [*entries, *closing]}


def table(name: str, subnets: Iterable[str], **routes: str) -> dict[str, Any]:
    """A route table with the local route, and the default one where C(default) is given."""
    listed = [{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}]
    if "default" in routes:
        key = "NatGatewayId" if routes["default"].startswith("nat-") else "GatewayId"
        listed.append({"DestinationCidrBlock": "0.0.0.0/0", key: routes["default"], "State": "active"})
    return {"RouteTableId": f"rtb-{name}", "Associations": [{"SubnetId": each} for each in subnets], "Routes": listed}


def subnet(name: str, block: str, zone: str = "a", free: int = 200) -> dict[str, Any]:
    place = {"CidrBlock": block, "AvailabilityZone": f"{REGION}{zone}", "AvailableIpAddressCount": free}
    return {"SubnetId": f"subnet-{name}", **place}


EPHEMERAL = (1024, 65535)
APP, DATA, PUBLIC = "10.0.64.0/20", "10.0.48.0/22", "10.0.0.0/22"
OTHER_DATA = "10.0.52.0/22"


def estate() -> dict[str, Any]:
    """The facts of a healthy environment: tasks in one subnet, stores in two, a gateway in a public one."""
    subnets = [
        subnet("app", APP),
        subnet("data-a", DATA),
        subnet("data-b", OTHER_DATA, "b"),
        subnet("public", PUBLIC),
    ]
    stores = [
        rule(100, False, "allow", APP, (5432, 5432)),
        rule(110, False, "allow", APP, (6379, 6379)),
        rule(100, True, "allow", APP, EPHEMERAL),
    ]
    app = [
        rule(100, True, "allow", "0.0.0.0/0", (443, 443)),
        rule(110, True, "allow", "10.0.48.0/20", (5432, 5432)),
        rule(120, True, "allow", "10.0.48.0/20", (6379, 6379)),
        rule(130, True, "allow", PUBLIC, EPHEMERAL),
        rule(140, True, "allow", APP, EPHEMERAL),
        rule(100, False, "allow", "0.0.0.0/0", EPHEMERAL),
        rule(110, False, "allow", APP, (443, 443)),
    ]
    public = [rule(100, egress, "allow", "0.0.0.0/0", ports) for egress in (True, False) for ports in ((443, 443),)]
    public += [rule(110, egress, "allow", "0.0.0.0/0", EPHEMERAL) for egress in (True, False)]
    out = [permission(5432, "sg-rds"), permission(6379, "sg-redis"), permission(443, "0.0.0.0/0")]
    groups = [
        group("ecs", [permission(8080, "sg-alb")], out),
        group("rds", [permission(5432, "sg-ecs")]),
        group("redis", [permission(6379, "sg-ecs")]),
        group("alb", [permission(443, "0.0.0.0/0")], [permission(8080, "sg-ecs")]),
        group("endpoints", [permission(443, "sg-ecs")]),
    ]
    return copy.deepcopy(
        {
            "vpc": {"id": "vpc-1", "cidr_blocks": ["10.0.0.0/16"]},
            "dns": {"support": True, "hostnames": True},
            "subnets": {each["SubnetId"]: each for each in subnets},
            "groups": {each["GroupId"]: each for each in groups},
            "acls": [
                acl("app", ["subnet-app"], *app),
                acl("data", ["subnet-data-a", "subnet-data-b"], *stores),
                acl("public", ["subnet-public"], *public),
            ],
            "route_tables": [
                table("app", ["subnet-app"], default="nat-1"),
                table("data", ["subnet-data-a", "subnet-data-b"]),
                table("public", ["subnet-public"], default="igw-1"),
            ],
            "nat_gateways": [{"NatGatewayId": "nat-1", "State": "available", "SubnetId": "subnet-public"}],
            "internet_gateways": [{"InternetGatewayId": "igw-1"}],
            "endpoints": [endpoint("s3", "Gateway", RouteTableIds=["rtb-app", "rtb-data"])],
            "task_network": {"subnets": ["subnet-app"], "groups": ["sg-ecs"]},
            "databases": [database()],
            "force_ssl": {"db-postgres16": "1"},
            "cache": cache(),
            "nat_bytes": {"nat-1": None},
            "services": {f"{NAME}-api": LIVE},
            "cluster": "ACTIVE",
            "stopped": {},
            "rollouts": {},
            "linked_roles": [],
        }
    )


def endpoint(service: str, kind: str = "Interface", **more: Any) -> dict[str, Any]:
    return {
        "VpcEndpointId": f"vpce-{service}",
        "VpcEndpointType": kind,
        "ServiceName": f"com.amazonaws.{REGION}.{service}",
        "State": "available",
        "PrivateDnsEnabled": kind == "Interface",
        **more,
    }


def _members() -> list[dict[str, Any]]:
    zones = {"subnet-data-a": f"{REGION}a", "subnet-data-b": f"{REGION}b"}
    return [{"SubnetIdentifier": each, "SubnetAvailabilityZone": {"Name": zone}} for each, zone in zones.items()]


def database() -> dict[str, Any]:
    return {
        "DBInstanceIdentifier": f"{NAME}-db",
        "DBInstanceStatus": "available",
        "PubliclyAccessible": False,
        "Endpoint": {"Port": 5432},
        "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-rds"}],
        "DBParameterGroups": [{"DBParameterGroupName": "db-postgres16", "ParameterApplyStatus": "in-sync"}],
        "DBSubnetGroup": {"DBSubnetGroupName": f"{NAME}-db", "VpcId": "vpc-1", "Subnets": _members()},
    }


def cache() -> dict[str, Any]:
    node = {
        "CacheClusterId": f"{NAME}-redis-001",
        "CacheClusterStatus": "available",
        "CacheSubnetGroupName": f"{NAME}-redis",
        "SecurityGroups": [{"SecurityGroupId": "sg-redis"}],
        "CacheParameterGroup": {"CacheParameterGroupName": "redis7", "ParameterApplyStatus": "in-sync"},
    }
    return {
        "group": {"ReplicationGroupId": f"{NAME}-redis", "Status": "available", "TransitEncryptionEnabled": True},
        "nodes": [node],
        "subnet_groups": {f"{NAME}-redis": {"VpcId": "vpc-1", "Subnets": _members()}},
    }


def judged(subject: Subject, facts: dict[str, Any], options: dict[str, Any] | None = None) -> list[Finding]:
    """All that a subject finds, with what is in order."""
    return [finding for check in subject.checks for finding in check.judge(facts, options or about())]


def wrong(subject: Subject, facts: dict[str, Any], options: dict[str, Any] | None = None) -> dict[str, str]:
    """What is not in order, by the name of the check: how bad."""
    return {each.check: each.severity for each in judged(subject, facts, options) if each.severity != OK}
