# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Faults for a diagnosis to find, each planted in a deployed environment by AWS's own calls, and taken back."""

from __future__ import annotations

import datetime
import functools
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple

from ansible_collections.uex.payments.plugins.module_utils import _certificates, _lock
from ansible_collections.uex.payments.tests.site.account import Connect, pages
from embedded_aws import deployments

ENVIRONMENT = "dev"
NAME = f"uex-payments-{ENVIRONMENT}"
SERVICE = f"{NAME}-uex-backend"
PORT, CACHE_PORT = 5432, 6379
#: An address of the tasks' first subnet that no interface has.
NOBODY = "10.0.64.250"


class Place(NamedTuple):
    """Where a fault is planted: the account's clients, and the emulator's port."""

    connect: Connect
    port: int


Fault = Callable[[Place], AbstractContextManager[None]]


def taken_back(steps: Callable[..., Iterator[None]]) -> Callable[..., AbstractContextManager[None]]:
    """A context of a function that plants, yields and takes back, which it does even where a test fails meanwhile."""

    @contextmanager
    @functools.wraps(steps)
    def context(*given: Any) -> Iterator[None]:
        going = steps(*given)
        next(going, None)
        try:
            yield
        finally:
            next(going, None)

    return context


def entry(place: Place, operation: str, key: str, name: str) -> Any:
    """The EC2 resource of that name."""
    filters = [{"Name": "tag:Name", "Values": [f"{NAME}-{name}"]}]
    return next(iter(pages(place.connect("ec2"), operation, key, Filters=filters)))


def group(place: Place, name: str) -> Any:
    filters = [{"Name": "group-name", "Values": [f"{NAME}-{name}"]}]
    return place.connect("ec2").describe_security_groups(Filters=filters)["SecurityGroups"][0]


# Network


@taken_back
def without_rule(place: Place, name: str, egress: bool, port: int) -> Iterator[None]:
    """A group without its rules for a port."""
    client, found = place.connect("ec2"), group(place, name)
    listed = found["IpPermissionsEgress" if egress else "IpPermissions"]
    rules = {"GroupId": found["GroupId"], "IpPermissions": [each for each in listed if each["FromPort"] == port]}
    word = "egress" if egress else "ingress"
    getattr(client, f"revoke_security_group_{word}")(**rules)
    yield
    getattr(client, f"authorize_security_group_{word}")(**rules)


def no_egress_to_the_database(place: Place) -> AbstractContextManager[None]:
    return without_rule(place, "ecs", True, PORT)


def no_ingress_of_the_database(place: Place) -> AbstractContextManager[None]:
    return without_rule(place, "rds", False, PORT)


def no_ingress_of_the_cache(place: Place) -> AbstractContextManager[None]:
    return without_rule(place, "redis", False, CACHE_PORT)


@taken_back
def acl_denies_the_call(place: Place) -> Iterator[None]:
    """A deny before all other entries."""
    client, acl = place.connect("ec2"), entry(place, "describe_network_acls", "NetworkAcls", "data")
    which = {"NetworkAclId": acl["NetworkAclId"], "RuleNumber": 1, "Egress": False}
    rule = {"Protocol": "6", "RuleAction": "deny", "CidrBlock": "10.0.0.0/16", "PortRange": {"From": PORT, "To": PORT}}
    client.create_network_acl_entry(**which, **rule)
    yield
    client.delete_network_acl_entry(**which)


@taken_back
def acl_forgets_the_answer(place: Place) -> Iterator[None]:
    """The data tier's entries for answers are gone."""
    client, acl = place.connect("ec2"), entry(place, "describe_network_acls", "NetworkAcls", "data")
    gone = [each for each in acl["Entries"] if each["Egress"] and each["RuleNumber"] != 32767]
    for each in gone:
        which = {"RuleNumber": each["RuleNumber"], "Egress": True}
        client.delete_network_acl_entry(NetworkAclId=acl["NetworkAclId"], **which)
    yield
    for each in gone:
        client.create_network_acl_entry(NetworkAclId=acl["NetworkAclId"], **each)


@taken_back
def no_default_route(place: Place) -> Iterator[None]:
    client, table = place.connect("ec2"), entry(place, "describe_route_tables", "RouteTables", "app-a")
    world = {"RouteTableId": table["RouteTableId"], "DestinationCidrBlock": "0.0.0.0/0"}
    (route,) = (each for each in table["Routes"] if each.get("DestinationCidrBlock") == "0.0.0.0/0")
    client.delete_route(**world)
    yield
    client.create_route(**world, NatGatewayId=route["NatGatewayId"])


@taken_back
def no_names(place: Place) -> Iterator[None]:
    client, vpc = place.connect("ec2"), entry(place, "describe_vpcs", "Vpcs", "vpc")
    client.modify_vpc_attribute(VpcId=vpc["VpcId"], EnableDnsSupport={"Value": False})
    yield
    client.modify_vpc_attribute(VpcId=vpc["VpcId"], EnableDnsSupport={"Value": True})


@taken_back
def closed_endpoint(place: Place) -> Iterator[None]:
    """An interface endpoint whose group lets nobody in."""
    client, vpc = place.connect("ec2"), entry(place, "describe_vpcs", "Vpcs", "vpc")
    subnet = entry(place, "describe_subnets", "Subnets", "app-a")["SubnetId"]
    made = client.create_vpc_endpoint(
        VpcId=vpc["VpcId"],
        ServiceName="com.amazonaws.us-east-1.logs",
        VpcEndpointType="Interface",
        SubnetIds=[subnet],
        SecurityGroupIds=[group(place, "endpoints")["GroupId"]],
        PrivateDnsEnabled=True,
    )["VpcEndpoint"]["VpcEndpointId"]
    with without_rule(place, "endpoints", False, 443):  # pylint: disable=not-context-manager
        yield
    client.delete_vpc_endpoints(VpcEndpointIds=[made])


# Roles, secrets, keys, images


@taken_back
def role_reads_no_secret(place: Place) -> Iterator[None]:
    client, which = place.connect("iam"), {"RoleName": f"{NAME}-execution", "PolicyName": "secrets"}
    document = client.get_role_policy(**which)["PolicyDocument"]
    client.delete_role_policy(**which)
    yield
    client.put_role_policy(**which, PolicyDocument=json.dumps(document))


@taken_back
def role_trusts_others(place: Place) -> Iterator[None]:
    client, name = place.connect("iam"), f"{NAME}-execution"
    trust = client.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    other = json.loads(json.dumps(trust).replace("ecs-tasks.amazonaws.com", "ec2.amazonaws.com"))
    client.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(other))
    yield
    client.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(trust))


@taken_back
def secret_is_deleted(place: Place) -> Iterator[None]:
    client, name = place.connect("secretsmanager"), f"{NAME}/database"
    client.delete_secret(SecretId=name, RecoveryWindowInDays=7)
    yield
    client.restore_secret(SecretId=name)


@taken_back
def key_is_disabled(place: Place) -> Iterator[None]:
    client = place.connect("kms")
    key = client.describe_key(KeyId=f"alias/{NAME}-data")["KeyMetadata"]["KeyId"]
    client.disable_key(KeyId=key)
    yield
    client.enable_key(KeyId=key)


@taken_back
def image_is_gone(place: Place) -> Iterator[None]:
    client, which = place.connect("ecr"), {"repositoryName": f"{NAME}/uex-backend"}
    tag = [{"imageTag": "latest"}]
    (image,) = client.batch_get_image(**which, imageIds=tag)["images"]
    client.batch_delete_image(**which, imageIds=tag)
    yield
    client.put_image(
        **which,
        imageManifest=image["imageManifest"],
        imageManifestMediaType=image["imageManifestMediaType"],
        imageTag="latest",
    )


@taken_back
def repository_denies(place: Place) -> Iterator[None]:
    client, which = place.connect("ecr"), {"repositoryName": f"{NAME}/uex-backend"}
    before = client.get_repository_policy(**which)["policyText"]
    deny = {"Sid": "Nobody", "Effect": "Deny", "Principal": "*", "Action": "ecr:BatchGetImage"}
    policy = {"Version": "2012-10-17", "Statement": [*json.loads(before)["Statement"], deny]}
    client.set_repository_policy(**which, policyText=json.dumps(policy))
    yield
    client.set_repository_policy(**which, policyText=before)


@taken_back
def log_group_is_gone(place: Place) -> Iterator[None]:
    client = place.connect("logs")
    client.delete_log_group(logGroupName=SERVICE)
    yield
    client.create_log_group(logGroupName=SERVICE)


# What runs share


@taken_back
def stale_lock(place: Place) -> Iterator[None]:
    """A run took the lock an hour ago, and was killed."""
    client, where = place.connect("dynamodb"), _lock.Place("uex-payments-locks", f"uex-payments/{ENVIRONMENT}")
    owner = _lock.Owner("b7a9", "somebody@laptop", 4711, "ansible-playbook site.yml")
    then = int(datetime.datetime.now(datetime.UTC).timestamp()) - 3600
    client.update_item(**_lock.acquisition(where, owner, then, _lock.EXPIRY))
    yield
    client.update_item(**_lock.release(where, owner.id))


@taken_back
def no_state_bucket(place: Place) -> Iterator[None]:
    client, name = place.connect("s3"), "uex-payments-state-123456789012-us-east-1"
    for page in client.get_paginator("list_object_versions").paginate(Bucket=name):
        for each in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            client.delete_object(Bucket=name, Key=each["Key"], VersionId=each["VersionId"])
    client.delete_bucket(Bucket=name)
    yield
    encryption = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    client.create_bucket(Bucket=name)
    client.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration=encryption)
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


# Services


@taken_back
def exiting(place: Place, code: int) -> Iterator[None]:
    """All tasks of a service end by themselves; mended by a new revision, as people do."""
    client, which = place.connect("ecs"), {"cluster": NAME}
    deployments.steer(place.port, SERVICE, exit_code=code)
    for task in client.list_tasks(**which, serviceName=SERVICE)["taskArns"]:
        client.stop_task(**which, task=task)
    yield
    deployments.steer(place.port, SERVICE, exit_code=None)
    definition = client.describe_task_definition(taskDefinition=SERVICE)["taskDefinition"]
    members = client.meta.service_model.operation_model("RegisterTaskDefinition").input_shape.members
    kept = {name: value for name, value in definition.items() if name in members and value}
    fresh = client.register_task_definition(**kept)["taskDefinition"]["taskDefinitionArn"]
    client.update_service(**which, service=SERVICE, taskDefinition=fresh)


def tasks_run_out_of_memory(place: Place) -> AbstractContextManager[None]:
    return exiting(place, 137)


def tasks_exit(place: Place) -> AbstractContextManager[None]:
    return exiting(place, 1)


@taken_back
def no_tasks_wanted(place: Place) -> Iterator[None]:
    client, which = place.connect("ecs"), {"cluster": NAME, "service": SERVICE}
    client.update_service(**which, desiredCount=0)
    yield
    client.update_service(**which, desiredCount=2)


@taken_back
def target_is_silent(place: Place) -> Iterator[None]:
    client = place.connect("elbv2")
    arn = client.describe_target_groups(Names=[SERVICE])["TargetGroups"][0]["TargetGroupArn"]
    targets = [{"Id": NOBODY, "Port": 3903}]
    client.register_targets(TargetGroupArn=arn, Targets=targets)
    yield
    client.deregister_targets(TargetGroupArn=arn, Targets=targets)


@taken_back
def no_rule(place: Place) -> Iterator[None]:
    """The listener rule of a service is gone."""
    client = place.connect("elbv2")
    balancer = client.describe_load_balancers(Names=[f"{NAME}-alb"])["LoadBalancers"][0]["LoadBalancerArn"]
    listeners = client.describe_listeners(LoadBalancerArn=balancer)["Listeners"]
    (listener,) = (each["ListenerArn"] for each in listeners if each["Protocol"] == "HTTPS")
    rules = client.describe_rules(ListenerArn=listener)["Rules"]
    (gone,) = (each for each in rules if each["Priority"] == "40")
    tags = client.describe_tags(ResourceArns=[gone["RuleArn"]])["TagDescriptions"][0]["Tags"]
    client.delete_rule(RuleArn=gone["RuleArn"])
    yield
    patterns = {"Field": "path-pattern", "PathPatternConfig": gone["Conditions"][0]["PathPatternConfig"]}
    actions = [{"Type": "forward", "ForwardConfig": gone["Actions"][0]["ForwardConfig"]}]
    client.create_rule(ListenerArn=listener, Priority=40, Conditions=[patterns], Actions=actions, Tags=tags)


@taken_back
def certificate_ends_soon(place: Place) -> Iterator[None]:
    client = place.connect("acm")
    arn, *_others = (each["CertificateArn"] for each in pages(client, "list_certificates", "CertificateSummaryList"))
    now = datetime.datetime.now(datetime.UTC)

    def bring(made: datetime.datetime) -> None:
        pair = _certificates.self_signed([f"{NAME}.internal"], made)
        client.import_certificate(CertificateArn=arn, Certificate=pair.certificate, PrivateKey=pair.private_key)

    bring(now - datetime.timedelta(days=360))
    yield
    bring(now)


@taken_back
def alarm_is_on(place: Place) -> Iterator[None]:
    client, name = place.connect("cloudwatch"), f"{SERVICE}-cpu"
    client.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="Threshold Crossed")
    yield
    client.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="over")


@taken_back
def database_is_stopped(place: Place) -> Iterator[None]:
    client, which = place.connect("rds"), {"DBInstanceIdentifier": f"{NAME}-db"}
    client.stop_db_instance(**which)
    yield
    client.start_db_instance(**which)
