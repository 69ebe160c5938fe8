# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS's Cloud Map: namespaces and services."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.usefixtures("aws")


def refused(code: str) -> Any:
    """A context that expects AWS to refuse with this error code."""
    return pytest.raises(ClientError, match=rf"\({code}\)")


def http_namespace(cloud_map: Any, name: str, **more: Any) -> str:
    """Make an HTTP namespace, as AWS does it by an operation that succeeds; its id."""
    operation = cloud_map.create_http_namespace(Name=name, **more)["OperationId"]
    done = cloud_map.get_operation(OperationId=operation)["Operation"]
    assert (done["Status"], done["Type"]) == ("SUCCESS", "CREATE_NAMESPACE")
    return str(done["Targets"]["NAMESPACE"])


def names(cloud_map: Any, *filters: dict[str, Any]) -> list[str]:
    """The names of the namespaces that pass the filters."""
    return [n["Name"] for n in cloud_map.list_namespaces(Filters=list(filters))["Namespaces"]]


def test_filters() -> None:
    """By name, HTTP name and type; exactly, one of several, or by how it begins."""
    cloud_map = boto3.client("servicediscovery")
    for name in ("pay.local", "pay.test", "other"):
        http_namespace(cloud_map, name)
    assert names(cloud_map, {"Name": "NAME", "Values": ["pay.local"]}) == ["pay.local"]
    assert names(cloud_map, {"Name": "NAME", "Values": ["pay.local", "other"], "Condition": "IN"}) == [
        "pay.local",
        "other",
    ]
    assert names(cloud_map, {"Name": "HTTP_NAME", "Values": ["pay"], "Condition": "BEGINS_WITH"}) == [
        "pay.local",
        "pay.test",
    ]
    assert names(cloud_map, {"Name": "TYPE", "Values": ["DNS_PRIVATE"]}) == []
    assert len(names(cloud_map, {"Name": "TYPE", "Values": ["HTTP"]})) == 3


def test_update_of_an_http_namespace() -> None:
    """Its description changes by an operation that succeeds."""
    cloud_map = boto3.client("servicediscovery")
    namespace = http_namespace(cloud_map, "pay", Description="old")
    operation = cloud_map.update_http_namespace(Id=namespace, Namespace={"Description": "new"})["OperationId"]
    assert cloud_map.get_operation(OperationId=operation)["Operation"]["Status"] == "SUCCESS"
    assert cloud_map.get_namespace(Id=namespace)["Namespace"]["Description"] == "new"


def test_pages() -> None:
    """One namespace to a page."""
    cloud_map = boto3.client("servicediscovery")
    for name in ("a", "b"):
        http_namespace(cloud_map, name)
    pages = cloud_map.get_paginator("list_namespaces").paginate(PaginationConfig={"PageSize": 1})
    assert [page["Namespaces"][0]["Name"] for page in pages] == ["a", "b"]


def test_a_name_is_taken() -> None:
    """A second namespace of the name is refused."""
    cloud_map = boto3.client("servicediscovery")
    http_namespace(cloud_map, "pay.local")
    with refused("NamespaceAlreadyExists"):
        cloud_map.create_http_namespace(Name="pay.local")


def test_tags() -> None:
    """Given at creation, added and removed."""
    cloud_map = boto3.client("servicediscovery")
    namespace = http_namespace(cloud_map, "pay.local", Tags=[{"Key": "Layer", "Value": "compute"}])
    arn = cloud_map.get_namespace(Id=namespace)["Namespace"]["Arn"]
    cloud_map.tag_resource(ResourceARN=arn, Tags=[{"Key": "a", "Value": "b"}])
    cloud_map.untag_resource(ResourceARN=arn, TagKeys=["Layer"])
    assert cloud_map.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "a", "Value": "b"}]


def test_services_keep_their_namespace() -> None:
    """A namespace with services stays; services are listed by namespace, one of each name, and none with instances."""
    cloud_map = boto3.client("servicediscovery")
    namespace, other = http_namespace(cloud_map, "pay.local"), http_namespace(cloud_map, "other")
    service = cloud_map.create_service(Name="api", NamespaceId=namespace)["Service"]["Id"]
    by_namespace = {"Name": "NAMESPACE_ID", "Values": [other]}
    assert cloud_map.list_services(Filters=[by_namespace])["Services"] == []
    assert [n["ServiceCount"] for n in cloud_map.list_namespaces()["Namespaces"]] == [1, 0]
    with refused("ServiceAlreadyExists"):
        cloud_map.create_service(Name="api", NamespaceId=namespace)
    with refused("NamespaceNotFound"):
        cloud_map.create_service(Name="api", NamespaceId="ns-nothing")
    with refused("ResourceInUse"):
        cloud_map.delete_namespace(Id=namespace)
    cloud_map.register_instance(ServiceId=service, InstanceId="i", Attributes={"AWS_INSTANCE_IPV4": "10.0.0.1"})
    with refused("ResourceInUse"):
        cloud_map.delete_service(Id=service)
    cloud_map.deregister_instance(ServiceId=service, InstanceId="i")
    cloud_map.delete_service(Id=service)
    with refused("ServiceNotFound"):
        cloud_map.delete_service(Id=service)
    operation = cloud_map.delete_namespace(Id=namespace)["OperationId"]
    assert cloud_map.get_operation(OperationId=operation)["Operation"]["Status"] == "SUCCESS"
    assert names(cloud_map) == ["other"]


def test_a_private_namespace_has_its_zone() -> None:
    """The hosted zone carries the namespace's name and goes with it."""
    cloud_map, route53, ec2 = (boto3.client(name) for name in ("servicediscovery", "route53", "ec2"))
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    cloud_map.create_private_dns_namespace(Name="pay.local", Vpc=vpc)
    namespace = cloud_map.list_namespaces()["Namespaces"][0]
    zone = route53.list_hosted_zones()["HostedZones"][0]
    assert (zone["Name"], zone["Config"]["PrivateZone"]) == ("pay.local.", True)
    assert zone["Id"] == f"/hostedzone/{namespace['Properties']['DnsProperties']['HostedZoneId']}"
    cloud_map.delete_namespace(Id=namespace["Id"])
    assert route53.list_hosted_zones()["HostedZones"] == []
