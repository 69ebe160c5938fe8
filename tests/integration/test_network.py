# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The network layer against its specification."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.uex.payments.tests.integration.expected import SERVICES, TIERS, VPC_CIDR, ZONES, Environment

Named = dict[str, dict[str, Any]]
WORLD = "0.0.0.0/0"
SOMEWHERE = "198.51.100.7"
EPHEMERAL = (1024, 32768, 65535)
PORTS = tuple(SERVICES.values())


@pytest.fixture(scope="module")
def vpc(ec2: Any, stack_name: str) -> dict[str, Any]:
    found: Named = ec2.named("describe_vpcs", "Vpcs")
    assert sorted(found) == [f"{stack_name}-vpc"]
    return found[f"{stack_name}-vpc"]


@pytest.fixture(scope="module")
def subnets(ec2: Any) -> Named:
    return dict(ec2.named("describe_subnets", "Subnets"))


@pytest.fixture(scope="module")
def route_tables(ec2: Any) -> Named:
    return dict(ec2.named("describe_route_tables", "RouteTables"))


@pytest.fixture(scope="module")
def nat_gateways(ec2: Any) -> Named:
    alive = [each for each in ec2.all("describe_nat_gateways", "NatGateways", "Filter") if each["State"] != "deleted"]
    return {tag["Value"]: each for each in alive for tag in each["Tags"] if tag["Key"] == "Name"}


@pytest.fixture(scope="module")
def groups(ec2: Any) -> Named:
    return {each["GroupName"]: each for each in ec2.all("describe_security_groups", "SecurityGroups")}


def test_the_vpc_has_its_range_and_resolves_names(vpc: dict[str, Any], ec2: Any) -> None:
    assert vpc["CidrBlock"] == VPC_CIDR
    for attribute in ("enableDnsSupport", "enableDnsHostnames"):
        answer = ec2.client.describe_vpc_attribute(VpcId=vpc["VpcId"], Attribute=attribute)
        assert answer[attribute[0].upper() + attribute[1:]]["Value"] is True


def test_every_tier_has_a_subnet_in_each_zone(subnets: Named, stack_name: str, region: str) -> None:
    zones = {name: each["AvailabilityZone"] for name, each in subnets.items()}
    assert zones == {f"{stack_name}-{tier}-{zone}": f"{region}{zone}" for tier in TIERS for zone in ZONES}
    ranges = [ipaddress.IPv4Network(each["CidrBlock"]) for each in subnets.values()]
    assert all(each.subnet_of(ipaddress.IPv4Network(VPC_CIDR)) for each in ranges)
    assert not any(each["MapPublicIpOnLaunch"] for each in subnets.values())


def test_nat_gateways_stand_in_public_subnets_with_an_address_of_ours(
    nat_gateways: Named, subnets: Named, ec2: Any, environment: Environment, stack_name: str
) -> None:
    assert sorted(nat_gateways) == [f"{stack_name}-nat-{zone}" for zone in ZONES[: environment.nat_gateways]]
    addresses = by_allocation(ec2.client.describe_addresses(Filters=ec2.filters)["Addresses"])
    for name, gateway in nat_gateways.items():
        assert gateway["SubnetId"] == subnets[name.replace("-nat-", "-public-")]["SubnetId"]
        assert gateway["NatGatewayAddresses"][0]["AllocationId"] in addresses
    assert len(addresses) == environment.nat_gateways


def by_allocation(addresses: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {each["AllocationId"]: each for each in addresses}


def default_routes(table: dict[str, Any]) -> list[str]:
    """Where traffic to the Internet goes."""
    routes = [each for each in table["Routes"] if each.get("DestinationCidrBlock") == WORLD]
    return [each.get("NatGatewayId") or each.get("GatewayId") or "" for each in routes]


def members(table: dict[str, Any]) -> set[str]:
    return {each["SubnetId"] for each in table["Associations"] if "SubnetId" in each}


def test_public_subnets_route_through_the_internet_gateway(
    ec2: Any, vpc: dict[str, Any], route_tables: Named, subnets: Named, stack_name: str
) -> None:
    gateways = ec2.named("describe_internet_gateways", "InternetGateways")
    gateway = gateways[f"{stack_name}-igw"]
    assert [each["VpcId"] for each in gateway["Attachments"]] == [vpc["VpcId"]]
    table = route_tables[f"{stack_name}-public"]
    assert default_routes(table) == [gateway["InternetGatewayId"]]
    assert members(table) == {subnets[f"{stack_name}-public-{zone}"]["SubnetId"] for zone in ZONES}


@pytest.mark.parametrize("zone", ZONES)
def test_an_app_subnet_routes_through_the_nat_gateway_of_its_zone(
    zone: str, route_tables: Named, nat_gateways: Named, subnets: Named, stack_name: str
) -> None:
    table = route_tables[f"{stack_name}-app-{zone}"]
    gateway = nat_gateways.get(f"{stack_name}-nat-{zone}") or nat_gateways[f"{stack_name}-nat-{ZONES[0]}"]
    assert default_routes(table) == [gateway["NatGatewayId"]]
    assert members(table) == {subnets[f"{stack_name}-app-{zone}"]["SubnetId"]}


def test_data_subnets_have_no_way_to_the_internet(route_tables: Named, subnets: Named, stack_name: str) -> None:
    table = route_tables[f"{stack_name}-data"]
    assert members(table) == {subnets[f"{stack_name}-data-{zone}"]["SubnetId"] for zone in ZONES}
    beyond = [each for each in table["Routes"] if each.get("GatewayId", "") != "local"]
    assert [each for each in beyond if not each.get("DestinationPrefixListId") and not is_endpoint(each)] == []


def is_endpoint(route: dict[str, Any]) -> bool:
    return str(route.get("GatewayId", "")).startswith("vpce-")


# Network ACLs, as packets meet them


@pytest.fixture(scope="module")
def acls(ec2: Any) -> Named:
    return dict(ec2.named("describe_network_acls", "NetworkAcls"))


def passes(acl: dict[str, Any], egress: bool, peer: str, port: int) -> bool:
    """Whether the ACL lets a TCP packet through: the first rule that matches decides."""
    for entry in sorted(acl["Entries"], key=lambda each: int(each["RuleNumber"])):
        if entry["Egress"] is egress and matches(entry, peer, port):
            return bool(entry["RuleAction"] == "allow")
    return False


def matches(entry: dict[str, Any], peer: str, port: int) -> bool:
    if "CidrBlock" not in entry or ipaddress.IPv4Address(peer) not in ipaddress.IPv4Network(entry["CidrBlock"]):
        return False
    ports = entry.get("PortRange", {"From": 0, "To": 65535})
    return entry["Protocol"] == "-1" or bool(entry["Protocol"] == "6" and ports["From"] <= port <= ports["To"])


class Acls:
    """The tiers' ACLs and an address in each tier."""

    def __init__(self, acls: Named, subnets: Named, stack_name: str) -> None:
        self.acls = {tier: acls[f"{stack_name}-{tier}"] for tier in TIERS}
        ranges = {tier: ipaddress.IPv4Network(subnets[f"{stack_name}-{tier}-b"]["CidrBlock"]) for tier in TIERS}
        self.hosts = {**{tier: str(network[10]) for tier, network in ranges.items()}, "world": SOMEWHERE}

    def packet(self, source: str, target: str, port: int) -> bool:
        """Whether one packet leaves its tier and enters the other's; the world has no ACL."""
        leaves = source == "world" or passes(self.acls[source], True, self.hosts[target], port)
        return leaves and (target == "world" or passes(self.acls[target], False, self.hosts[source], port))

    def call(self, source: str, target: str, port: int) -> bool:
        """Whether the call and its answer, to any port that clients ask from, pass."""
        return self.packet(source, target, port) and all(self.packet(target, source, each) for each in EPHEMERAL)


@pytest.fixture(scope="module")
def tiers(acls: Named, subnets: Named, stack_name: str) -> Acls:
    return Acls(acls, subnets, stack_name)


def test_every_tier_has_its_acl_for_all_its_subnets(acls: Named, subnets: Named, stack_name: str) -> None:
    held = {name: {each["SubnetId"] for each in acl["Associations"]} for name, acl in acls.items()}
    assert held == {
        f"{stack_name}-{tier}": {subnets[f"{stack_name}-{tier}-{zone}"]["SubnetId"] for zone in ZONES} for tier in TIERS
    }


@pytest.mark.parametrize(
    ("source", "target", "ports"),
    [
        ("world", "public", (80, 443)),  # clients to the load balancer
        ("public", "app", PORTS),  # load balancer to tasks
        ("app", "app", (443, *PORTS)),  # Service Connect, endpoints
        ("app", "data", (5432, 6379)),
        ("public", "world", (443,)),  # NAT
        ("app", "world", (443,)),
    ],
)
def test_network_acls_let_calls_and_their_answers_pass(
    tiers: Acls, source: str, target: str, ports: tuple[int, ...]
) -> None:
    assert [port for port in ports if not tiers.call(source, target, port)] == []


@pytest.mark.parametrize(
    ("source", "target", "ports"),
    [
        ("world", "public", (22,)),  # from 1024 on any port may be where an answer is awaited
        ("world", "app", (22, 80, 443)),
        ("world", "data", (22, 443, 5432, 6379, 50000)),
        ("public", "data", (22, 443, 5432, 6379)),
        ("data", "world", (80, 443, 50000)),
        ("data", "public", (443, 50000)),
        ("app", "data", (22, 443, 8080)),
    ],
)
def test_network_acls_stop_everything_else(tiers: Acls, source: str, target: str, ports: tuple[int, ...]) -> None:
    assert [port for port in ports if tiers.packet(source, target, port)] == []


# Security groups


def rules(groups: Named, name: str, direction: str) -> set[tuple[int, int, str]]:
    """A group's rules as from port, to port and peer: a range, or another group's name."""
    by_id = {each["GroupId"]: each["GroupName"] for each in groups.values()}
    found = set()
    for permission in groups[name][direction]:
        peers = [each["CidrIp"] for each in permission["IpRanges"]]
        peers += [by_id[each["GroupId"]] for each in permission["UserIdGroupPairs"]]
        peers += [each["PrefixListId"] for each in permission.get("PrefixListIds", [])]
        peers += [each["CidrIpv6"] for each in permission.get("Ipv6Ranges", [])]
        assert permission["IpProtocol"] == "tcp"
        found |= {(permission["FromPort"], permission["ToPort"], peer) for peer in peers}
    return found


def each_port(ports: tuple[int, ...], *peers: str) -> set[tuple[int, int, str]]:
    return {(port, port, peer) for port in ports for peer in peers}


def test_there_are_these_security_groups_alone(groups: Named, stack_name: str) -> None:
    things = ("alb", "ecs", "endpoints", "rds", "redis", "rotation")
    assert sorted(groups) == [f"{stack_name}-{thing}" for thing in things]


@pytest.mark.parametrize(
    ("thing", "ports", "peers"),
    [
        ("alb", (80, 443), (WORLD,)),
        ("ecs", PORTS, ("alb", "ecs")),
        ("rds", (5432,), ("ecs", "rotation")),
        ("redis", (6379,), ("ecs", "rotation")),
        ("endpoints", (443,), ("ecs", "rotation")),
        ("rotation", (), ()),
    ],
)
def test_a_security_group_lets_in_whom_it_must_and_no_other(
    groups: Named, stack_name: str, thing: str, ports: tuple[int, ...], peers: tuple[str, ...]
) -> None:
    expected = each_port(ports, *(peer if peer == WORLD else f"{stack_name}-{peer}" for peer in peers))
    assert rules(groups, f"{stack_name}-{thing}", "IpPermissions") == expected


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        ("alb", [(PORTS, "ecs")]),
        ("ecs", [(PORTS, "ecs"), ((5432,), "rds"), ((6379,), "redis"), ((443,), WORLD)]),
        ("rds", []),
        ("redis", []),
        ("endpoints", []),
        ("rotation", [((5432,), "rds"), ((6379,), "redis"), ((443,), WORLD)]),
    ],
)
def test_a_security_group_lets_out_what_it_must_and_no_more(
    groups: Named, stack_name: str, thing: str, expected: list[tuple[tuple[int, ...], str]]
) -> None:
    wanted: set[tuple[int, int, str]] = set()
    for ports, peer in expected:
        wanted |= each_port(ports, peer if peer == WORLD else f"{stack_name}-{peer}")
    assert rules(groups, f"{stack_name}-{thing}", "IpPermissionsEgress") - internal_https(groups, stack_name) == wanted


def internal_https(groups: Named, stack_name: str) -> set[tuple[int, int, str]]:
    """HTTPS to the endpoints is within HTTPS to anywhere: said or not, it is the same."""
    return each_port((443,), f"{stack_name}-endpoints")


def test_every_rule_says_what_it_is_for(groups: Named) -> None:
    permissions = [
        each for group in groups.values() for each in (*group["IpPermissions"], *group["IpPermissionsEgress"])
    ]
    peers = [peer for each in permissions for peer in (*each["IpRanges"], *each["UserIdGroupPairs"])]
    assert peers
    assert [peer for peer in peers if not peer.get("Description")] == []


def test_the_default_group_and_acl_let_nothing_pass(ec2: Any, vpc: dict[str, Any]) -> None:
    here = {"Name": "vpc-id", "Values": [vpc["VpcId"]]}
    named_default = {"Name": "group-name", "Values": ["default"]}
    (group,) = ec2.client.describe_security_groups(Filters=[here, named_default])["SecurityGroups"]
    assert (group["IpPermissions"], group["IpPermissionsEgress"]) == ([], [])
    standard = {"Name": "default", "Values": ["true"]}
    (acl,) = ec2.client.describe_network_acls(Filters=[here, standard])["NetworkAcls"]
    assert [each for each in acl["Entries"] if each["RuleAction"] == "allow"] == []


# Endpoints, flow logs, tags


def test_endpoints(
    ec2: Any, environment: Environment, route_tables: Named, groups: Named, subnets: Named, stack_name: str, region: str
) -> None:
    found = {
        each["ServiceName"].removeprefix(f"com.amazonaws.{region}."): each
        for each in ec2.all("describe_vpc_endpoints", "VpcEndpoints")
    }
    assert set(found) == {"s3", *environment.interface_endpoints}
    ids = {route_tables[name]["RouteTableId"] for name in route_tables if f"{stack_name}-app-" in name}
    assert ids <= set(found["s3"]["RouteTableIds"])
    for service in environment.interface_endpoints:
        assert found[service]["PrivateDnsEnabled"] is True
        assert [each["GroupId"] for each in found[service]["Groups"]] == [groups[f"{stack_name}-endpoints"]["GroupId"]]
        assert set(found[service]["SubnetIds"]) == {subnets[f"{stack_name}-app-{zone}"]["SubnetId"] for zone in ZONES}


def test_all_traffic_is_logged_to_a_group_that_forgets(
    ec2: Any, connect: Callable[[str], Any], vpc: dict[str, Any], stack_name: str, account: str
) -> None:
    answer = ec2.client.describe_flow_logs(Filters=[{"Name": "resource-id", "Values": [vpc["VpcId"]]}])
    (log,) = answer["FlowLogs"]
    name = f"{stack_name}-flow-logs"
    assert (log["TrafficType"], log["LogDestinationType"], log["LogGroupName"]) == ("ALL", "cloud-watch-logs", name)
    assert log["DeliverLogsPermissionArn"].endswith(f":{account}:role/{name}")
    (group,) = connect("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    assert group["retentionInDays"] > 0
    assert group["kmsKeyId"]


def test_all_of_it_carries_the_layer_s_tags(
    vpc: dict[str, Any],
    subnets: Named,
    route_tables: Named,
    nat_gateways: Named,
    acls: Named,
    groups: Named,
    owner_tags: Callable[[str], dict[str, str]],
) -> None:
    wanted = owner_tags("network").items()
    everything = {"vpc": vpc, **subnets, **route_tables, **nat_gateways, **acls, **groups}
    tags = {name: {each["Key"]: each["Value"] for each in entry["Tags"]} for name, entry in everything.items()}
    assert {name: found for name, found in tags.items() if not wanted <= found.items()} == {}
