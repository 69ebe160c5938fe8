# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EC2 networking as AWS documents it: defaults, read-back of every setting, and refusals on deletion."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.usefixtures("aws")

ANYWHERE = "0.0.0.0/0"


@pytest.fixture
def ec2(aws: None) -> Any:
    return boto3.client("ec2")


@pytest.fixture
def vpc(ec2: Any) -> str:
    return str(ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])


@pytest.fixture
def subnet(ec2: Any, vpc: str) -> str:
    return make_subnet(ec2, vpc, 1)


def make_subnet(ec2: Any, vpc: str, number: int) -> str:
    return str(ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24")["Subnet"]["SubnetId"])


def make_group(ec2: Any, vpc: str, name: str) -> str:
    return str(ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"])


def make_nat(ec2: Any, subnet: str, name: str = "nat") -> tuple[str, str]:
    """A NAT gateway with its Elastic IP: (gateway id, allocation id)."""
    allocation = ec2.allocate_address(Domain="vpc", TagSpecifications=tagged("elastic-ip", name))["AllocationId"]
    gateway = ec2.create_nat_gateway(
        SubnetId=subnet, AllocationId=allocation, TagSpecifications=tagged("natgateway", name)
    )
    return gateway["NatGateway"]["NatGatewayId"], allocation


def tagged(kind: str, name: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]


def named(name: str) -> list[dict[str, Any]]:
    return [{"Name": "tag:Name", "Values": [name]}]


def code(call: Any, **parameters: Any) -> str:
    """The error code with which AWS refuses the call."""
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return str(refused.value.response["Error"]["Code"])


def peer(group: str) -> list[dict[str, Any]]:
    ports = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}
    return [{**ports, "UserIdGroupPairs": [{"GroupId": group, "Description": "db"}]}]


def rule_by_id(ec2: Any, rule: str) -> dict[str, Any]:
    return dict(ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule])["SecurityGroupRules"][0])


# Network ACLs


def entries(ec2: Any, acl: str) -> list[dict[str, Any]]:
    return list(ec2.describe_network_acls(NetworkAclIds=[acl])["NetworkAcls"][0]["Entries"])


def test_new_network_acl_denies_everything_both_ways(ec2: Any, vpc: str) -> None:
    acl = ec2.create_network_acl(VpcId=vpc, TagSpecifications=tagged("network-acl", "app"))["NetworkAcl"]
    names = ("Egress", "RuleNumber", "RuleAction", "Protocol", "CidrBlock")
    found = sorted(tuple(entry[name] for name in names) for entry in acl["Entries"])
    assert found == [(egress, 32767, "deny", "-1", ANYWHERE) for egress in (False, True)]
    assert acl["Tags"] == [{"Key": "Name", "Value": "app"}]


def test_default_network_acl_keeps_its_four_entries(ec2: Any, vpc: str) -> None:
    acls = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkAcls"]
    found = sorted((e["Egress"], e["RuleNumber"]) for e in acls[0]["Entries"])
    assert found == [(False, 100), (False, 32767), (True, 100), (True, 32767)]


def test_network_acl_entries_round_trip(ec2: Any, vpc: str) -> None:
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    common = {"NetworkAclId": acl, "RuleAction": "allow", "CidrBlock": ANYWHERE}
    tls = {**common, "RuleNumber": 100, "Protocol": "tcp", "Egress": False}
    ping = {**common, "RuleNumber": 110, "Protocol": "1", "Egress": True}
    ec2.create_network_acl_entry(**tls, PortRange={"From": 443, "To": 444})
    ec2.create_network_acl_entry(**ping, IcmpTypeCode={"Type": 8, "Code": -1})
    found = {e["RuleNumber"]: e for e in entries(ec2, acl)}
    assert (found[100]["Protocol"], found[100]["PortRange"]) == ("6", {"From": 443, "To": 444})
    assert "IcmpTypeCode" not in found[100]
    assert found[110]["IcmpTypeCode"] == {"Type": 8, "Code": -1}
    ec2.replace_network_acl_entry(**ping, IcmpTypeCode={"Type": 3, "Code": 4})
    assert {e["RuleNumber"]: e for e in entries(ec2, acl)}[110]["IcmpTypeCode"] == {"Type": 3, "Code": 4}


def test_unknown_network_acl_entry_and_default_rule_are_refused(ec2: Any, vpc: str) -> None:
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    rule = {"NetworkAclId": acl, "Egress": False}
    assert code(ec2.delete_network_acl_entry, **rule, RuleNumber=7) == "InvalidNetworkAclEntry.NotFound"
    assert code(ec2.delete_network_acl_entry, **rule, RuleNumber=32767) == "InvalidParameterValue"
    change = {**rule, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": ANYWHERE}
    assert code(ec2.replace_network_acl_entry, **change, RuleNumber=7) == "InvalidNetworkAclEntry.NotFound"
    assert code(ec2.create_network_acl_entry, **change, RuleNumber=32767) == "InvalidParameterValue"


def test_network_acl_association_moves_and_blocks_deletion(ec2: Any, vpc: str, subnet: str) -> None:
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    by_subnet = [{"Name": "association.subnet-id", "Values": [subnet]}]
    before = ec2.describe_network_acls(Filters=by_subnet)["NetworkAcls"][0]
    association = next(a["NetworkAclAssociationId"] for a in before["Associations"] if a["SubnetId"] == subnet)
    moved = ec2.replace_network_acl_association(AssociationId=association, NetworkAclId=acl)["NewAssociationId"]
    after = ec2.describe_network_acls(NetworkAclIds=[acl])["NetworkAcls"][0]["Associations"]
    assert [(a["NetworkAclAssociationId"], a["SubnetId"], a["NetworkAclId"]) for a in after] == [(moved, subnet, acl)]
    assert code(ec2.delete_network_acl, NetworkAclId=acl) == "DependencyViolation"
    ec2.replace_network_acl_association(AssociationId=moved, NetworkAclId=before["NetworkAclId"])
    ec2.delete_network_acl(NetworkAclId=acl)
    assert code(ec2.describe_network_acls, NetworkAclIds=[acl]) == "InvalidNetworkAclID.NotFound"
    assert code(ec2.delete_network_acl, NetworkAclId=before["NetworkAclId"]) == "InvalidParameterValue"


# Security groups


def default_group(ec2: Any, vpc: str) -> dict[str, Any]:
    filters = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    return dict(ec2.describe_security_groups(Filters=filters)["SecurityGroups"][0])


def test_default_group_allows_itself_in_and_can_be_emptied(ec2: Any, vpc: str) -> None:
    group = default_group(ec2, vpc)
    rule = group["IpPermissions"][0]
    assert (rule["IpProtocol"], rule["UserIdGroupPairs"][0]["GroupId"]) == ("-1", group["GroupId"])
    ec2.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=group["IpPermissions"])
    ec2.revoke_security_group_egress(GroupId=group["GroupId"], IpPermissions=group["IpPermissionsEgress"])
    emptied = default_group(ec2, vpc)
    assert (emptied["IpPermissions"], emptied["IpPermissionsEgress"]) == ([], [])


def test_default_group_cannot_be_deleted(ec2: Any, vpc: str) -> None:
    assert code(ec2.delete_security_group, GroupId=default_group(ec2, vpc)["GroupId"]) == "CannotDelete"


def test_rules_have_ids_descriptions_and_tags(ec2: Any, vpc: str) -> None:
    app, database = make_group(ec2, vpc, "app"), make_group(ec2, vpc, "db")
    made = ec2.authorize_security_group_ingress(
        GroupId=database, IpPermissions=peer(app), TagSpecifications=tagged("security-group-rule", "pg")
    )["SecurityGroupRules"][0]
    filters = [{"Name": "group-id", "Values": [database]}]
    rules = ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    found = next(r for r in rules if not r["IsEgress"])
    assert found["SecurityGroupRuleId"] == made["SecurityGroupRuleId"]
    assert found["ReferencedGroupInfo"]["GroupId"] == app
    assert (found["Description"], found["FromPort"], found["IpProtocol"]) == ("db", 5432, "tcp")
    assert found["Tags"] == [{"Key": "Name", "Value": "pg"}]
    permission = ec2.describe_security_groups(GroupIds=[database])["SecurityGroups"][0]["IpPermissions"][0]
    assert permission["UserIdGroupPairs"][0]["Description"] == "db"


def test_rule_can_be_modified_and_revoked_by_id(ec2: Any, vpc: str) -> None:
    group = make_group(ec2, vpc, "app")
    permission = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    made = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])["SecurityGroupRules"][0]
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIpv4": "10.1.0.0/16", "Description": "tls"}
    change = {"SecurityGroupRuleId": made["SecurityGroupRuleId"], "SecurityGroupRule": rule}
    ec2.modify_security_group_rules(GroupId=group, SecurityGroupRules=[change])
    found = rule_by_id(ec2, made["SecurityGroupRuleId"])
    assert {name: found[name] for name in rule} == rule
    ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[made["SecurityGroupRuleId"]])
    assert ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"] == []


def test_rule_can_be_modified_to_refer_to_a_group(ec2: Any, vpc: str) -> None:
    app, database = make_group(ec2, vpc, "app"), make_group(ec2, vpc, "db")
    made = ec2.authorize_security_group_ingress(GroupId=database, IpPermissions=peer(app))["SecurityGroupRules"][0]
    rule = {"IpProtocol": "tcp", "FromPort": 6379, "ToPort": 6379, "ReferencedGroupId": database, "Description": "self"}
    change = {"SecurityGroupRuleId": made["SecurityGroupRuleId"], "SecurityGroupRule": rule}
    ec2.modify_security_group_rules(GroupId=database, SecurityGroupRules=[change])
    found = rule_by_id(ec2, made["SecurityGroupRuleId"])
    assert (found["FromPort"], found["Description"]) == (6379, "self")
    assert found["ReferencedGroupInfo"]["GroupId"] == database


def test_group_that_another_names_cannot_be_deleted(ec2: Any, vpc: str) -> None:
    app, database = make_group(ec2, vpc, "app"), make_group(ec2, vpc, "db")
    ec2.authorize_security_group_ingress(GroupId=database, IpPermissions=peer(app))
    ec2.authorize_security_group_ingress(GroupId=app, IpPermissions=peer(app))
    assert code(ec2.delete_security_group, GroupId=app) == "DependencyViolation"
    ec2.delete_security_group(GroupId=database)
    ec2.delete_security_group(GroupId=app)
    assert code(ec2.describe_security_groups, GroupIds=[app]) == "InvalidGroup.NotFound"


def test_group_on_an_interface_cannot_be_deleted(ec2: Any, vpc: str, subnet: str) -> None:
    group = make_group(ec2, vpc, "app")
    interface = ec2.create_network_interface(SubnetId=subnet, Groups=[group])["NetworkInterface"]["NetworkInterfaceId"]
    assert code(ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    ec2.delete_network_interface(NetworkInterfaceId=interface)
    ec2.delete_security_group(GroupId=group)


# VPC, subnets, gateways


def test_vpc_dns_attributes(ec2: Any, vpc: str) -> None:
    names = {"enableDnsSupport": "EnableDnsSupport", "enableDnsHostnames": "EnableDnsHostnames"}
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsSupport={"Value": True})
    found = [ec2.describe_vpc_attribute(VpcId=vpc, Attribute=name)[member]["Value"] for name, member in names.items()]
    assert found == [True, True]


def add_gateway(ec2: Any, vpc: str) -> Any:
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    return lambda: ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)


def add_group(ec2: Any, vpc: str) -> Any:
    group = make_group(ec2, vpc, "app")
    return lambda: ec2.delete_security_group(GroupId=group)


def add_acl(ec2: Any, vpc: str) -> Any:
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    return lambda: ec2.delete_network_acl(NetworkAclId=acl)


def add_table(ec2: Any, vpc: str) -> Any:
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    return lambda: ec2.delete_route_table(RouteTableId=table)


def add_endpoint(ec2: Any, vpc: str) -> Any:
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3")["VpcEndpoint"]
    return lambda: ec2.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])


def add_subnet(ec2: Any, vpc: str) -> Any:
    made = make_subnet(ec2, vpc, 1)
    return lambda: ec2.delete_subnet(SubnetId=made)


@pytest.mark.parametrize("add", [add_gateway, add_group, add_acl, add_table, add_endpoint, add_subnet])
def test_vpc_is_deleted_only_when_empty(ec2: Any, vpc: str, add: Any) -> None:
    remove = add(ec2, vpc)
    assert code(ec2.delete_vpc, VpcId=vpc) == "DependencyViolation"
    remove()
    ec2.delete_vpc(VpcId=vpc)
    assert code(ec2.describe_vpcs, VpcIds=[vpc]) == "InvalidVpcID.NotFound"
    left = [{"Name": "vpc-id", "Values": [vpc]}]
    assert ec2.describe_network_acls(Filters=left)["NetworkAcls"] == []
    assert ec2.describe_security_groups(Filters=left)["SecurityGroups"] == []
    assert ec2.describe_route_tables(Filters=left)["RouteTables"] == []


def test_deleted_resources_leave_no_tags(ec2: Any, vpc: str, subnet: str) -> None:
    ec2.create_tags(Resources=[vpc, subnet], Tags=[{"Key": "Project", "Value": "x"}])
    ec2.delete_subnet(SubnetId=subnet)
    tags = ec2.describe_tags(Filters=[{"Name": "key", "Values": ["Project"]}])["Tags"]
    assert [tag["ResourceId"] for tag in tags] == [vpc]


def test_deleted_subnet_leaves_its_associations(ec2: Any, vpc: str, subnet: str) -> None:
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    ec2.delete_subnet(SubnetId=subnet)
    assert ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Associations"] == []
    acl = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkAcls"][0]
    assert acl["Associations"] == []


def test_subnet_attributes(ec2: Any, subnet: str) -> None:
    ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    found = ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]
    assert found["MapPublicIpOnLaunch"] is True
    ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": False})
    assert ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["MapPublicIpOnLaunch"] is False


def test_subnets_come_in_pages(ec2: Any, vpc: str) -> None:
    made = {make_subnet(ec2, vpc, number) for number in range(10, 17)}
    filters = [{"Name": "vpc-id", "Values": [vpc]}]
    first = ec2.describe_subnets(Filters=filters, MaxResults=5)
    rest = ec2.describe_subnets(Filters=filters, MaxResults=5, NextToken=first["NextToken"])
    assert (len(first["Subnets"]), len(rest["Subnets"]), "NextToken" in rest) == (5, 2, False)
    assert {subnet["SubnetId"] for subnet in first["Subnets"] + rest["Subnets"]} == made


@pytest.mark.parametrize(
    ("operation", "key"),
    [
        ("describe_security_groups", "SecurityGroups"),
        ("describe_vpcs", "Vpcs"),
        ("describe_route_tables", "RouteTables"),
    ],
)
def test_other_lists_come_in_pages(ec2: Any, operation: str, key: str) -> None:
    for number in range(6):
        ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")
    everything = getattr(ec2, operation)()[key]
    pages = list(ec2.get_paginator(operation).paginate(PaginationConfig={"PageSize": 5}))
    assert len(pages) == 2
    assert [item for page in pages for item in page[key]] == everything


def test_subnet_in_use_cannot_be_deleted(ec2: Any, subnet: str) -> None:
    gateway, _allocation = make_nat(ec2, subnet)
    assert code(ec2.delete_subnet, SubnetId=subnet) == "DependencyViolation"
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    ec2.delete_subnet(SubnetId=subnet)
    assert code(ec2.describe_subnets, SubnetIds=[subnet]) == "InvalidSubnetID.NotFound"


def test_internet_gateway_attaches_once_and_is_deleted_detached(ec2: Any, vpc: str) -> None:
    first, second = (ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"] for _time in range(2))
    ec2.attach_internet_gateway(InternetGatewayId=first, VpcId=vpc)
    assert code(ec2.attach_internet_gateway, InternetGatewayId=second, VpcId=vpc) == "InvalidParameterValue"
    assert code(ec2.attach_internet_gateway, InternetGatewayId=first, VpcId=vpc) == "Resource.AlreadyAssociated"
    assert code(ec2.delete_internet_gateway, InternetGatewayId=first) == "DependencyViolation"
    ec2.detach_internet_gateway(InternetGatewayId=first, VpcId=vpc)
    ec2.delete_internet_gateway(InternetGatewayId=first)


def test_internet_gateway_stays_while_public_addresses_are_mapped(ec2: Any, vpc: str, subnet: str) -> None:
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    nat, _allocation = make_nat(ec2, subnet)
    assert code(ec2.detach_internet_gateway, InternetGatewayId=gateway, VpcId=vpc) == "DependencyViolation"
    ec2.delete_nat_gateway(NatGatewayId=nat)
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    assert ec2.describe_internet_gateways(InternetGatewayIds=[gateway])["InternetGateways"][0]["Attachments"] == []


# NAT gateways and Elastic IPs


def test_nat_gateway_is_found_by_tag_and_by_state(ec2: Any, subnet: str) -> None:
    gateway, allocation = make_nat(ec2, subnet, "egress-a")
    make_nat(ec2, subnet, "egress-b")
    available = {"Name": "state", "Values": ["available"]}
    found = ec2.describe_nat_gateways(Filters=[*named("egress-a"), available])["NatGateways"]
    assert [item["NatGatewayId"] for item in found] == [gateway]
    assert found[0]["NatGatewayAddresses"][0]["AllocationId"] == allocation
    assert found[0]["Tags"] == [{"Key": "Name", "Value": "egress-a"}]
    assert ec2.describe_nat_gateways(Filters=[{"Name": "tag-key", "Values": ["Nothing"]}])["NatGateways"] == []


def test_nat_gateway_connectivity_defaults_to_public(ec2: Any, subnet: str) -> None:
    gateway, _allocation = make_nat(ec2, subnet)
    assert ec2.describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"][0]["ConnectivityType"] == "public"


def test_nat_gateway_has_its_interface(ec2: Any, subnet: str) -> None:
    gateway, _allocation = make_nat(ec2, subnet)
    address = ec2.describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"][0]["NatGatewayAddresses"][0]
    filters = [{"Name": "subnet-id", "Values": [subnet]}]
    (found,) = ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]
    assert found["NetworkInterfaceId"] == address["NetworkInterfaceId"]
    assert (found["InterfaceType"], found["Status"], found["Groups"]) == ("nat_gateway", "in-use", [])


def test_unknown_nat_gateway(ec2: Any) -> None:
    assert code(ec2.describe_nat_gateways, NatGatewayIds=["nat-0123456789abcdef0"]) == "NatGatewayNotFound"
    assert code(ec2.delete_nat_gateway, NatGatewayId="nat-0123456789abcdef0") == "NatGatewayNotFound"


def test_elastic_ip_in_use_cannot_be_released_or_used_twice(ec2: Any, subnet: str) -> None:
    gateway, allocation = make_nat(ec2, subnet)
    assert code(ec2.release_address, AllocationId=allocation) == "InvalidIPAddress.InUse"
    second = {"SubnetId": subnet, "AllocationId": allocation}
    assert code(ec2.create_nat_gateway, **second) == "Resource.AlreadyAssociated"
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    assert "AssociationId" not in ec2.describe_addresses(AllocationIds=[allocation])["Addresses"][0]
    ec2.release_address(AllocationId=allocation)
    assert code(ec2.describe_addresses, AllocationIds=[allocation]) == "InvalidAllocationID.NotFound"


def test_elastic_ip_tags(ec2: Any) -> None:
    allocation = ec2.allocate_address(Domain="vpc", TagSpecifications=tagged("elastic-ip", "nat-a"))["AllocationId"]
    found = ec2.describe_addresses(Filters=named("nat-a"))["Addresses"]
    assert [item["AllocationId"] for item in found] == [allocation]
    assert found[0]["Tags"] == [{"Key": "Name", "Value": "nat-a"}]


# Route tables


def test_routes_and_associations_can_be_replaced(ec2: Any, vpc: str, subnet: str) -> None:
    first, second = (make_nat(ec2, subnet, name)[0] for name in ("a", "b"))
    tables = [ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _time in range(2)]
    ec2.create_route(RouteTableId=tables[0], DestinationCidrBlock=ANYWHERE, NatGatewayId=first)
    ec2.replace_route(RouteTableId=tables[0], DestinationCidrBlock=ANYWHERE, NatGatewayId=second)
    routes = ec2.describe_route_tables(RouteTableIds=[tables[0]])["RouteTables"][0]["Routes"]
    assert [r["NatGatewayId"] for r in routes if r["DestinationCidrBlock"] == ANYWHERE] == [second]
    association = ec2.associate_route_table(RouteTableId=tables[0], SubnetId=subnet)["AssociationId"]
    moved = ec2.replace_route_table_association(AssociationId=association, RouteTableId=tables[1])["NewAssociationId"]
    found = ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])["RouteTables"]
    assert [(t["RouteTableId"], t["Associations"][0]["RouteTableAssociationId"]) for t in found] == [(tables[1], moved)]
    assert code(ec2.delete_route_table, RouteTableId=tables[1]) == "DependencyViolation"
    ec2.disassociate_route_table(AssociationId=moved)
    ec2.delete_route_table(RouteTableId=tables[1])


def test_route_through_a_deleted_nat_gateway_is_a_blackhole(ec2: Any, vpc: str, subnet: str) -> None:
    gateway, _allocation = make_nat(ec2, subnet)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock=ANYWHERE, NatGatewayId=gateway)
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    states = {route["DestinationCidrBlock"]: route["State"] for route in routes}
    assert states == {"10.0.0.0/16": "active", ANYWHERE: "blackhole"}


def test_main_route_table_cannot_be_deleted(ec2: Any, vpc: str) -> None:
    filters = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "association.main", "Values": ["true"]}]
    main = ec2.describe_route_tables(Filters=filters)["RouteTables"][0]["RouteTableId"]
    assert code(ec2.delete_route_table, RouteTableId=main) == "DependencyViolation"


def test_replacing_or_deleting_an_absent_route(ec2: Any, vpc: str) -> None:
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    route = {"RouteTableId": table, "DestinationCidrBlock": ANYWHERE}
    assert code(ec2.delete_route, **route) == "InvalidRoute.NotFound"
    assert code(ec2.replace_route, **route, GatewayId=gateway) == "InvalidParameterValue"


# VPC endpoints


READ_OBJECTS = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
POLICY = {"Version": "2012-10-17", "Statement": [READ_OBJECTS]}


def test_gateway_endpoint_round_trip(ec2: Any, vpc: str) -> None:
    tables = [ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _time in range(2)]
    made = ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName="com.amazonaws.us-east-1.s3",
        VpcEndpointType="Gateway",
        RouteTableIds=tables,
        PolicyDocument=json.dumps(POLICY),
        TagSpecifications=tagged("vpc-endpoint", "s3"),
    )["VpcEndpoint"]
    found = ec2.describe_vpc_endpoints(Filters=named("s3"))["VpcEndpoints"][0]
    assert found["VpcEndpointId"] == made["VpcEndpointId"]
    assert (found["VpcEndpointType"], found["State"], found["RouteTableIds"]) == ("Gateway", "available", tables)
    assert json.loads(found["PolicyDocument"]) == POLICY


def test_gateway_endpoint_policy_changes_and_is_reset(ec2: Any, vpc: str) -> None:
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3")["VpcEndpoint"]
    endpoint = made["VpcEndpointId"]
    for change, action in (({"PolicyDocument": json.dumps(POLICY)}, "s3:GetObject"), ({"ResetPolicy": True}, "*")):
        ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, **change)
        document = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]["PolicyDocument"]
        assert json.loads(document)["Statement"][0]["Action"] == action


def prefix_routes(ec2: Any, table: str) -> list[str]:
    routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    return [route["GatewayId"] for route in routes if "DestinationPrefixListId" in route]


def test_gateway_endpoint_routes_follow_its_tables(ec2: Any, vpc: str) -> None:
    first, second = (ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _time in range(2))
    endpoint = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3", RouteTableIds=[first])
    name = endpoint["VpcEndpoint"]["VpcEndpointId"]
    assert (prefix_routes(ec2, first), prefix_routes(ec2, second)) == ([name], [])
    ec2.modify_vpc_endpoint(VpcEndpointId=name, AddRouteTableIds=[second], RemoveRouteTableIds=[first])
    assert (prefix_routes(ec2, first), prefix_routes(ec2, second)) == ([], [name])
    ec2.delete_vpc_endpoints(VpcEndpointIds=[name])
    assert prefix_routes(ec2, second) == []


def test_gateway_endpoint_is_the_default_type(ec2: Any, vpc: str) -> None:
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3")["VpcEndpoint"]
    assert (made["VpcEndpointType"], made["PrivateDnsEnabled"]) == ("Gateway", False)


def make_interface_endpoint(ec2: Any, vpc: str, subnets: list[str], groups: list[str]) -> str:
    made = ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName="com.amazonaws.us-east-1.ecr.api",
        VpcEndpointType="Interface",
        SubnetIds=subnets,
        SecurityGroupIds=groups,
        PrivateDnsEnabled=True,
        TagSpecifications=tagged("vpc-endpoint", "ecr"),
    )
    return str(made["VpcEndpoint"]["VpcEndpointId"])


def test_interface_endpoint_round_trip(ec2: Any, vpc: str) -> None:
    subnets, groups = [make_subnet(ec2, vpc, 1)], [make_group(ec2, vpc, "one")]
    make_interface_endpoint(ec2, vpc, subnets, groups)
    found = ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["VpcEndpoints"][0]
    assert (found["PrivateDnsEnabled"], found["SubnetIds"], found["State"]) == (True, subnets, "available")
    assert [group["GroupId"] for group in found["Groups"]] == groups
    assert len(found["NetworkInterfaceIds"]) == 1


def test_interface_endpoint_changes(ec2: Any, vpc: str) -> None:
    subnets = [make_subnet(ec2, vpc, number) for number in (1, 2)]
    groups = [make_group(ec2, vpc, name) for name in ("one", "two")]
    endpoint = make_interface_endpoint(ec2, vpc, subnets[:1], groups[:1])
    ec2.modify_vpc_endpoint(
        VpcEndpointId=endpoint,
        AddSubnetIds=subnets[1:],
        AddSecurityGroupIds=groups[1:],
        RemoveSecurityGroupIds=groups[:1],
        PrivateDnsEnabled=False,
    )
    changed = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]
    assert (changed["SubnetIds"], [group["GroupId"] for group in changed["Groups"]]) == (subnets, groups[1:])
    assert changed["PrivateDnsEnabled"] is False
    assert len(changed["NetworkInterfaceIds"]) == 2


def test_interface_endpoint_holds_subnet_and_group_until_deleted(ec2: Any, vpc: str, subnet: str) -> None:
    group = make_group(ec2, vpc, "endpoints")
    endpoint = make_interface_endpoint(ec2, vpc, [subnet], [group])
    assert code(ec2.delete_subnet, SubnetId=subnet) == "DependencyViolation"
    assert code(ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    assert ec2.describe_vpc_endpoints(Filters=named("ecr"))["VpcEndpoints"] == []
    assert code(ec2.describe_vpc_endpoints, VpcEndpointIds=[endpoint]) == "InvalidVpcEndpointId.NotFound"
    ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_security_group(GroupId=group)


@pytest.mark.parametrize("name", ["vpc-endpoint-id", "service-name", "vpc-id"])
def test_endpoint_filters(ec2: Any, vpc: str, name: str) -> None:
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3")["VpcEndpoint"]
    values = {"vpc-endpoint-id": made["VpcEndpointId"], "service-name": made["ServiceName"], "vpc-id": vpc}
    assert len(ec2.describe_vpc_endpoints(Filters=[{"Name": name, "Values": [values[name]]}])["VpcEndpoints"]) == 1
    assert ec2.describe_vpc_endpoints(Filters=[{"Name": name, "Values": ["other"]}])["VpcEndpoints"] == []


# Flow logs


def make_flow_role() -> str:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "vpc-flow-logs.amazonaws.com"}}
    trust = {"Version": "2012-10-17", "Statement": [statement]}
    role = boto3.client("iam").create_role(RoleName="flow", AssumeRolePolicyDocument=json.dumps(trust))
    return str(role["Role"]["Arn"])


def make_flow_log(ec2: Any, vpc: str) -> str:
    boto3.client("logs").create_log_group(logGroupName="/vpc/flow")
    made = ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="cloud-watch-logs",
        LogGroupName="/vpc/flow",
        DeliverLogsPermissionArn=make_flow_role(),
        MaxAggregationInterval=60,
        TagSpecifications=tagged("vpc-flow-log", "flow"),
    )
    assert made["Unsuccessful"] == []
    return str(made["FlowLogIds"][0])


def test_flow_log_to_a_log_group(ec2: Any, vpc: str) -> None:
    flow_log = make_flow_log(ec2, vpc)
    found = ec2.describe_flow_logs(Filters=[{"Name": "resource-id", "Values": [vpc]}])["FlowLogs"][0]
    assert (found["FlowLogId"], found["LogGroupName"], found["FlowLogStatus"]) == (flow_log, "/vpc/flow", "ACTIVE")
    assert (found["MaxAggregationInterval"], found["TrafficType"]) == (60, "ALL")
    assert found["DeliverLogsPermissionArn"].endswith(":role/flow")
    assert ec2.describe_flow_logs(Filters=named("flow"))["FlowLogs"][0]["Tags"] == [{"Key": "Name", "Value": "flow"}]
    ec2.delete_flow_logs(FlowLogIds=[flow_log])
    assert ec2.describe_flow_logs()["FlowLogs"] == []


@pytest.mark.parametrize("kind", ["vpc", "subnet", "security-group", "natgateway", "elastic-ip"])
def test_tags_are_listed_with_their_kind(ec2: Any, vpc: str, subnet: str, kind: str) -> None:
    gateway, allocation = make_nat(ec2, subnet)
    group = make_group(ec2, vpc, "g")
    ids = {"vpc": vpc, "subnet": subnet, "security-group": group, "natgateway": gateway, "elastic-ip": allocation}
    ec2.create_tags(Resources=[ids[kind]], Tags=[{"Key": "Layer", "Value": "network"}])
    filters = [{"Name": "resource-type", "Values": [kind]}, {"Name": "key", "Values": ["Layer"]}]
    assert [tag["ResourceId"] for tag in ec2.describe_tags(Filters=filters)["Tags"]] == [ids[kind]]


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [("create_vpc", {"CidrBlock": "10.9.0.0/16"}), ("describe_vpcs", {}), ("allocate_address", {"Domain": "vpc"})],
)
def test_dry_run_does_nothing(ec2: Any, operation: str, parameters: dict[str, Any]) -> None:
    before = (len(ec2.describe_vpcs()["Vpcs"]), len(ec2.describe_addresses()["Addresses"]))
    assert code(getattr(ec2, operation), **parameters, DryRun=True) == "DryRunOperation"
    assert (len(ec2.describe_vpcs()["Vpcs"]), len(ec2.describe_addresses()["Addresses"])) == before
