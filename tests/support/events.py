# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Events as AWS documents them, and whether a pattern matches one, as EventBridge decides it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from operator import eq, ge, gt, le, lt
from typing import Any

Event = dict[str, Any]
ACCOUNT, REGION, NAME = "123456789012", "us-east-1", "uex-payments-prod"
_ABSENT = object()


def matches(pattern: Mapping[str, Any], event: Any) -> bool:
    """Every key of the pattern matches; in a list of the event, one of its members has to."""
    if isinstance(event, list):
        return any(matches(pattern, each) for each in event)
    if not isinstance(event, Mapping):
        return False
    return all(_key(key, wanted, event) for key, wanted in pattern.items())


def _key(key: str, wanted: Any, event: Mapping[str, Any]) -> bool:
    if key == "$or":
        return any(matches(each, event) for each in wanted)
    found = event.get(key, _ABSENT)
    if isinstance(wanted, Mapping):
        return matches(wanted, found)
    values = found if isinstance(found, list) else [found]
    return any(_value(each, value) for each in wanted for value in values)


def _value(wanted: Any, value: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return bool(value == wanted)
    ((operator, operand),) = wanted.items()
    if operator == "exists":
        return (value is not _ABSENT) is operand
    if operator == "numeric":
        return isinstance(value, int | float) and _compared(operand, value)
    if not isinstance(value, str):
        return False
    decisions = {
        "prefix": lambda: value.startswith(operand),
        "wildcard": lambda: re.fullmatch(".*".join(map(re.escape, operand.split("*"))), value) is not None,
        "anything-but": lambda: value not in (operand if isinstance(operand, list) else [operand]),
    }
    return bool(decisions[operator]())


def _compared(operand: list[Any], value: float) -> bool:
    """Each sign of the list is followed by its number."""
    signs = {"=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}
    return all(signs[sign](value, number) for sign, number in zip(operand[::2], operand[1::2], strict=True))


def event(source: str, detail_type: str, detail: Event, *resources: str) -> Event:
    """An event in the envelope that all have."""
    return {
        "version": "0",
        "id": "3329f79b-3dca-07f8-b1c2-5fe99f0b5e87",
        "detail-type": detail_type,
        "source": source,
        "account": ACCOUNT,
        "time": "2026-03-05T15:54:41Z",
        "region": REGION,
        "resources": list(resources),
        "detail": detail,
    }


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def deployment(
    name: str = "SERVICE_DEPLOYMENT_FAILED", reason: str = "", kind: str = "INFO", cluster: str = NAME
) -> Event:
    detail = {
        "eventType": kind,
        "eventName": name,
        "deploymentId": "ecs-svc/123",
        "updatedAt": "2026-03-05T15:54:41Z",
        "reason": reason,
    }
    return event("aws.ecs", "ECS Deployment State Change", detail, arn("ecs", f"service/{cluster}/{cluster}-api"))


def hook(name: str = "HOOK_AWAITING_ACTION", cluster: str = NAME) -> Event:
    place = arn("ecs", f"service-deployment/{cluster}/{cluster}-api/0EYSiB0qap8xf0N76FsbE")
    detail = {
        "eventType": "INFO",
        "eventName": name,
        "hookId": "ecs-pause-e7tK9G",
        "hookType": "PAUSE",
        "expiresAt": "2026-03-05T16:04:41Z",
        "lifecycleStage": "POST_TEST_TRAFFIC_SHIFT",
        "clusterArn": arn("ecs", f"cluster/{cluster}"),
        "serviceArn": arn("ecs", f"service/{cluster}/{cluster}-api"),
        "serviceDeploymentArn": place,
        "updatedAt": "2026-03-05T15:54:41.618059641Z",
    }
    return event("aws.ecs", "ECS Hook State Change", detail, place)


def task(
    code: str,
    reason: str = "Essential container in task exited",
    group: str = f"service:{NAME}-api",
    status: str = "STOPPED",
    cluster: str = NAME,
) -> Event:
    place = arn("ecs", f"task/{cluster}/c13b4cb40f1f4fe4a2971f76ae5a47ad")
    detail = {
        "clusterArn": arn("ecs", f"cluster/{cluster}"),
        "containers": [{"name": "api", "exitCode": 137, "lastStatus": "STOPPED"}],
        "desiredStatus": "STOPPED",
        "group": group,
        "lastStatus": status,
        "launchType": "FARGATE",
        "stopCode": code,
        "stoppedReason": reason,
        "taskArn": place,
        "taskDefinitionArn": arn("ecs", f"task-definition/{cluster}-api:3"),
        "version": 5,
    }
    return event("aws.ecs", "ECS Task State Change", detail, place)


def service_action(name: str, cluster: str = NAME) -> Event:
    detail = {
        "eventType": "WARN",
        "eventName": name,
        "clusterArn": arn("ecs", f"cluster/{cluster}"),
        "reason": "RESOURCE:CPU",
    }
    return event("aws.ecs", "ECS Service Action", detail, arn("ecs", f"service/{cluster}/{cluster}-api"))


def database(category: str, identifier: str = f"{NAME}-db", event_id: str = "RDS-EVENT-0049") -> Event:
    place = arn("rds", f"db:{identifier}")
    detail = {
        "EventCategories": [category],
        "SourceType": "DB_INSTANCE",
        "SourceArn": place,
        "Date": "2026-03-05T15:54:41.293Z",
        "Message": "Multi-AZ failover completed",
        "SourceIdentifier": identifier,
        "EventID": event_id,
    }
    return event("aws.rds", "RDS DB Instance Event", detail, place)


def backup(state: str, vault: str = NAME, resource: str = "") -> Event:
    place = arn("backup", f"backup-vault:{vault}")
    detail = {
        "backupJobId": "34176239-e96d-4e4d-9fad-529dbb3c3556",
        "backupVaultArn": place,
        "backupVaultName": vault,
        "bytesTransferred": "0",
        "creationDate": "2026-03-05T15:54:41Z",
        "iamRoleArn": f"arn:aws:iam::{ACCOUNT}:role/{vault}-backup",
        "resourceArn": resource or arn("rds", f"db:{NAME}-db"),
        "resourceType": "RDS",
        "state": state,
        "statusMessage": "Insufficient privileges to create a backup",
    }
    return event("aws.backup", "Backup Job State Change", detail, place)


def copy(state: str, name: str = NAME) -> Event:
    detail = {
        "copyJobId": "547e3b4c-0b1c-4a5c-a5f5-4c6a1c1f0a26",
        "backupSizeInBytes": 36048,
        "creationDate": "2026-03-05T15:54:41Z",
        "sourceBackupVaultArn": arn("backup", f"backup-vault:{name}"),
        "destinationBackupVaultArn": "arn:aws:backup:eu-west-1:123456789012:backup-vault:copies",
        "resourceArn": arn("rds", f"db:{name}-db"),
        "resourceType": "RDS",
        "state": state,
        "statusMessage": "Access denied to the destination",
    }
    return event("aws.backup", "Copy Job State Change", detail)


def cache(kind: str, identifier: str = f"{NAME}-redis") -> Event:
    detail = {"SourceIdentifier": identifier, "SourceType": "replication-group", "Message": "Snapshot failed"}
    return event("aws.elasticache", kind, detail, arn("elasticache", f"replicationgroup:{identifier}"))


def trail(source: str, detail_type: str, name: str, **more: Any) -> Event:
    """An entry of CloudTrail."""
    detail = {
        "eventVersion": "1.08",
        "userIdentity": {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/somebody"},
        "eventTime": "2026-03-05T15:54:41Z",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": REGION,
        "sourceIPAddress": "203.0.113.7",
        "requestParameters": None,
        **more,
    }
    return event(f"aws.{source}", detail_type, detail)


def rotation(name: str = "RotationFailed", secret: str = f"{NAME}/database") -> Event:
    place = arn("secretsmanager", f"secret:{secret}-a1b2c3")
    more = {
        "additionalEventData": {"SecretId": place},
        "errorMessage": "Error when executing lambda during setSecret step",
    }
    return trail("secretsmanager", "AWS Service Event via CloudTrail", name, **more)


def key(name: str, key_id: str) -> Event:
    return trail("kms", "AWS API Call via CloudTrail", name, requestParameters={"keyId": key_id})


def login(kind: str = "Root", name: str = "ConsoleLogin") -> Event:
    identity = {"type": kind, "arn": f"arn:aws:iam::{ACCOUNT}:root"}
    return trail("signin", "AWS Console Sign In via CloudTrail", name, userIdentity=identity)


def threat(severity: float, account: str = ACCOUNT) -> Event:
    detail = {
        "accountId": account,
        "region": REGION,
        "id": "1ab92989eaf0e742df4a014d5d1e1f2d",
        "type": "CredentialAccess:RDS/AnomalousBehavior.SuccessfulLogin",
        "severity": severity,
        "title": "A user logged in to a database in an unusual way",
        "service": {"serviceName": "guardduty", "archived": False},
    }
    return event("aws.guardduty", "GuardDuty Finding", detail)


def finding(
    severity: str = "HIGH",
    workflow: str = "NEW",
    record: str = "ACTIVE",
    product: str = "Security Hub",
    account: str = ACCOUNT,
) -> Event:
    found = {
        "Id": arn("securityhub", "security-control/S3.8/finding/a1b2"),
        "AwsAccountId": account,
        "ProductName": product,
        "Title": "S3 general purpose buckets should block public access",
        "Severity": {"Label": severity, "Normalized": 70},
        "Workflow": {"Status": workflow},
        "RecordState": record,
        "Resources": [{"Type": "AwsS3Bucket", "Id": "arn:aws:s3:::somebucket"}],
    }
    return event("aws.securityhub", "Security Hub Findings - Imported", {"findings": [found]}, found["Id"])
