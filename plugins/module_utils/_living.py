# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether a tagged resource is still there, as the tagging API goes on listing for a while what was deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import _aws
from ._arns import Arn
from ._errors import code_of
from ._orphans import Tagged

Connect = Callable[[str], Any]
Probe = Callable[[Connect, Arn], Any]

#: What AWS says of something that isn't there, where the code says neither NotFound nor NoSuch.
GONE = ("ClientException", "InvalidParameterException", "NonExistentQueue", "ServiceNotActiveException")


def _alarms(connect: Connect, arn: Arn) -> Any:
    types = ["MetricAlarm", "CompositeAlarm"]
    answer = connect("cloudwatch").describe_alarms(AlarmNames=[arn.rest], AlarmTypes=types)
    return [*answer.get("MetricAlarms", ()), *answer.get("CompositeAlarms", ())]


def _log_groups(connect: Connect, arn: Arn) -> Any:
    found = connect("logs").describe_log_groups(logGroupNamePrefix=arn.rest)["logGroups"]
    return [each for each in found if each["logGroupName"] == arn.rest]


def _service(connect: Connect, arn: Arn) -> Any:
    cluster, _slash, name = arn.rest.partition("/")
    found = connect("ecs").describe_services(cluster=cluster, services=[name or cluster])["services"]
    return [each for each in found if each["status"] == "ACTIVE"]


def _cluster(connect: Connect, arn: Arn) -> Any:
    found = connect("ecs").describe_clusters(clusters=[arn.text])["clusters"]
    return [each for each in found if each["status"] != "INACTIVE"]


def _definition(connect: Connect, arn: Arn) -> Any:
    found = connect("ecs").describe_task_definition(taskDefinition=arn.text)["taskDefinition"]
    return found["status"] == "ACTIVE"


#: By service and type in the ARN. A key or a secret that is being deleted is as good as gone.
PROBES: Mapping[str, Probe] = {
    "cloudwatch:alarm": _alarms,
    "ecr:repository": lambda connect, arn: connect("ecr").describe_repositories(repositoryNames=[arn.rest]),
    "ecs:cluster": _cluster,
    "ecs:service": _service,
    "ecs:task-definition": _definition,
    "elasticache:replicationgroup": lambda connect, arn: connect("elasticache").describe_replication_groups(
        ReplicationGroupId=arn.rest
    ),
    "elasticloadbalancing:loadbalancer": lambda connect, arn: connect("elbv2").describe_load_balancers(
        LoadBalancerArns=[arn.text]
    ),
    "elasticloadbalancing:targetgroup": lambda connect, arn: connect("elbv2").describe_target_groups(
        TargetGroupArns=[arn.text]
    ),
    "iam:instance-profile": lambda connect, arn: connect("iam").get_instance_profile(
        InstanceProfileName=arn.identifier
    ),
    "iam:policy": lambda connect, arn: connect("iam").get_policy(PolicyArn=arn.text),
    "iam:role": lambda connect, arn: connect("iam").get_role(RoleName=arn.identifier),
    "kms:key": lambda connect, arn: (
        connect("kms").describe_key(KeyId=arn.rest)["KeyMetadata"]["KeyState"] != "PendingDeletion"
    ),
    "logs:log-group": _log_groups,
    "rds:db": lambda connect, arn: connect("rds").describe_db_instances(DBInstanceIdentifier=arn.rest),
    "rds:pg": lambda connect, arn: connect("rds").describe_db_parameter_groups(DBParameterGroupName=arn.rest),
    "s3:": lambda connect, arn: connect("s3").get_bucket_location(Bucket=arn.rest),
    "secretsmanager:secret": lambda connect, arn: (
        not (connect("secretsmanager").describe_secret(SecretId=arn.text).get("DeletedDate"))
    ),
    "sns:": lambda connect, arn: connect("sns").get_topic_attributes(TopicArn=arn.text),
}
#: EC2 shows what it has deleted for an hour with its state: the operation, its option, the entries, what is over.
STATES = {
    "ec2:instance": ("describe_instances", "InstanceIds", ("terminated", "shutting-down")),
    "ec2:natgateway": ("describe_nat_gateways", "NatGatewayIds", ("deleted", "deleting")),
}


def _ec2_ids(connect: Connect, found: Iterable[Tagged]) -> set[str]:
    """The ids of EC2's resources that have tags, and so are there."""
    ids = [each.arn.identifier for each in found if each.arn.service == "ec2"]
    filters = ([{"Name": "resource-id", "Values": some}] for some in _aws.chunks(ids, 200))
    return {
        tag["ResourceId"]
        for each in filters
        for tag in _aws.pages(connect("ec2"), "describe_tags", "Tags", Filters=each)
    }


def _over(connect: Connect, arn: Arn) -> bool:
    operation, option, states = STATES[arn.kind]
    answer = getattr(connect("ec2"), operation)(**{option: [arn.identifier]})
    entries = [each for group in answer.get("Reservations", ()) for each in group["Instances"]]
    found = [each["State"]["Name"] for each in entries] + [each["State"] for each in answer.get("NatGateways", ())]
    return all(state in states for state in found)


def alive(connect: Connect, found: Iterable[Tagged]) -> list[Tagged]:
    """Those that are still there; what can't be looked up counts as there."""
    resources = list(found)
    ids = _ec2_ids(connect, resources)
    return [
        each
        for each, there in zip(
            resources, _aws.concurrently(lambda each: _is_alive(connect, each, ids), resources), strict=True
        )
        if there
    ]


def _is_alive(connect: Connect, resource: Tagged, ec2_ids: set[str]) -> bool:
    arn = resource.arn
    if arn.service == "ec2":
        return arn.identifier in ec2_ids and not (arn.kind in STATES and _absent(lambda: not _over(connect, arn)))
    return arn.kind not in PROBES or not _absent(lambda: PROBES[arn.kind](connect, arn))


def _absent(look: Callable[[], Any]) -> bool:
    """Whether the look finds nothing, or AWS says that there is nothing; other errors pass."""
    try:
        return not look()
    except Exception as error:
        code = code_of(error)
        if "NotFound" in code or "NoSuch" in code or code in GONE:
            return True
        raise
