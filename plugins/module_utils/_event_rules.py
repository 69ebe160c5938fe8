# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which of AWS's events somebody is told of, by what topic, in which words; pure.

Patterns name this environment's resources alone. What comes by way of CloudTrail needs a trail in the account.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

Estate = Mapping[str, Any]
Pattern = dict[str, Any]

#: Where AWS sends the events of signing in as root, whatever region is used.
ROOT_LOGIN_REGION = "us-east-1"
#: From where on GuardDuty's findings are high.
LEAST_SEVERITY = 7
LONGEST_PATTERN = 2048
MOST_TARGETS = 5


class Rule(NamedTuple):
    """One rule: the end of its name, the topic, what it is about, what it matches, its message and the message's
    words as paths into the event."""

    name: str
    severity: str
    description: str
    pattern: Pattern
    message: str
    paths: Mapping[str, str]


def rules(estate: Estate) -> list[dict[str, Any]]:
    """The rules of an environment as the module C(events_rule) takes them."""
    groups = (_deployments, _tasks, _databases, _caches, _backups, _account, _guards)
    every = [rule for group in groups for rule in group(estate)]
    return [_item(estate, rule) for rule in every]


def _item(estate: Estate, rule: Rule) -> dict[str, Any]:
    """Every message begins with the environment and ends with the time."""
    template = json.dumps(f"[{estate['name']}] {rule.message} (<time>)", ensure_ascii=False)
    target = {
        "id": rule.severity,
        "arn": estate["topics"][rule.severity],
        "input_paths": {**rule.paths, "time": "$.time"},
        "input_template": template,
    }
    return {
        "name": f"{estate['name']}-{rule.name}",
        "description": rule.description,
        "event_pattern": rule.pattern,
        "targets": [target],
    }


def _pattern(source: str, *detail_types: str, **more: Any) -> Pattern:
    return {"source": [source], "detail-type": list(detail_types), **more}


def _arn(estate: Estate, service: str, resource: str) -> str:
    return f"arn:{estate['partition']}:{service}:{estate['region']}:{estate['account_id']}:{resource}"


# What happens in the cluster


def _deployments(estate: Estate) -> Iterable[Rule]:
    yield _failed(estate)
    yield _paused(estate)


def _failed(estate: Estate) -> Rule:
    services = [{"prefix": _arn(estate, "ecs", f"service/{estate['name']}/")}]
    ends = [
        {"eventType": ["ERROR"]},
        {"eventName": ["SERVICE_DEPLOYMENT_FAILED"]},
        {"eventName": ["SERVICE_DEPLOYMENT_IN_PROGRESS"], "reason": [{"wildcard": "*rolling back*"}]},
    ]
    return Rule(
        "deployment-failed",
        "critical",
        "A deployment of a service failed or is rolled back",
        _pattern("aws.ecs", "ECS Deployment State Change", resources=services, detail={"$or": ends}),
        "Deployment of <service>: <event>. <reason> Deployment <deployment>",
        {
            "service": "$.resources[0]",
            "event": "$.detail.eventName",
            "reason": "$.detail.reason",
            "deployment": "$.detail.deploymentId",
        },
    )


def _paused(estate: Estate) -> Rule:
    waiting = {"eventName": ["HOOK_AWAITING_ACTION", "HOOK_TIMED_OUT"], **_in_cluster(estate)}
    return Rule(
        "deployment-paused",
        "warning",
        "A deployment waits for somebody to go on with it or to take it back",
        _pattern("aws.ecs", "ECS Hook State Change", detail=waiting),
        "Deployment of <service>: <event> at <stage> until <expires>. Deployment <deployment>, hook <hook>",
        {
            "service": "$.detail.serviceArn",
            "event": "$.detail.eventName",
            "stage": "$.detail.lifecycleStage",
            "expires": "$.detail.expiresAt",
            "deployment": "$.detail.serviceDeploymentArn",
            "hook": "$.detail.hookId",
        },
    )


def _in_cluster(estate: Estate) -> Pattern:
    return {"clusterArn": [_arn(estate, "ecs", f"cluster/{estate['name']}")]}


def _tasks(estate: Estate) -> Iterable[Rule]:
    yield _stopped(estate)
    yield _impaired(estate)


def _stopped(estate: Estate) -> Rule:
    """A service's tasks that ended by themselves or were unhealthy, not those that a deployment or scaling ends."""
    why = [
        {"stopCode": ["EssentialContainerExited", "TaskFailedToStart"]},
        {"stoppedReason": [{"prefix": "Task failed"}]},
    ]
    stopped = {"lastStatus": ["STOPPED"], "group": [{"prefix": "service:"}], "$or": why, **_in_cluster(estate)}
    return Rule(
        "task-stopped",
        "warning",
        "A task of a service ended by itself, did not start or was unhealthy",
        _pattern("aws.ecs", "ECS Task State Change", detail=stopped),
        "Task of <group> stopped: <reason> (<code>). Task <task>",
        {
            "group": "$.detail.group",
            "reason": "$.detail.stoppedReason",
            "code": "$.detail.stopCode",
            "task": "$.detail.taskArn",
        },
    )


def _impaired(estate: Estate) -> Rule:
    names = ["SERVICE_TASK_CONFIGURATION_FAILURE", "SERVICE_TASK_PLACEMENT_FAILURE", "SERVICE_TASK_START_IMPAIRED"]
    return Rule(
        "service-impaired",
        "warning",
        "A service cannot start or place its tasks",
        _pattern("aws.ecs", "ECS Service Action", detail={"eventName": names, **_in_cluster(estate)}),
        "<service>: <event>. <reason>",
        {"service": "$.resources[0]", "event": "$.detail.eventName", "reason": "$.detail.reason"},
    )


# What happens to the data


def _ours(name: str) -> list[Any]:
    """An identifier and those that begin with it and a hyphen, such as a database and its replicas."""
    return [name, {"prefix": f"{name}-"}]


def _databases(estate: Estate) -> Iterable[Rule]:
    told = {
        "database-critical": ("critical", ["failover", "failure", "low storage"]),
        "database-warning": ("warning", ["availability", "deletion", "maintenance", "recovery", "restoration"]),
    }
    for name, (severity, categories) in told.items():
        detail = {"EventCategories": categories, "SourceIdentifier": _ours(f"{estate['name']}-db")}
        yield Rule(
            name,
            severity,
            f"Events of the databases: {', '.join(categories)}",
            _pattern("aws.rds", "RDS DB Instance Event", detail=detail),
            "Database <database>: <message> (<event>)",
            {"database": "$.detail.SourceIdentifier", "message": "$.detail.Message", "event": "$.detail.EventID"},
        )


def _caches(estate: Estate) -> Iterable[Rule]:
    kinds = (
        *("Cache Creation Failed", "Cache Limit Approaching", "Cache Update Failed"),
        *("Snapshot Copy Failed", "Snapshot Creation Failed", "Snapshot Export Failed"),
    )
    yield Rule(
        "cache",
        "warning",
        "What failed at the caches, as far as ElastiCache tells EventBridge",
        _pattern("aws.elasticache", *kinds, detail={"SourceIdentifier": _ours(f"{estate['name']}-redis")}),
        "Cache <cache>: <kind>. <message>",
        {"cache": "$.detail.SourceIdentifier", "kind": "$.detail-type", "message": "$.detail.Message"},
    )


# What happens to backups

#: RDS says so of each automated backup.
ROUTINE_BACKUPS = ["RDS-EVENT-0001", "RDS-EVENT-0002"]
AUTOMATED_BACKUPS_OFF = "RDS-EVENT-0028"


def _backups(estate: Estate) -> Iterable[Rule]:
    yield _backup_failed(estate)
    yield _database_backup(estate)


def _backup_failed(estate: Estate) -> Rule:
    return Rule(
        "backup-failed",
        "warning",
        "A backup or its copy failed, was aborted or did not begin in time",
        _pattern(
            "aws.backup",
            *("Backup Job State Change", "Copy Job State Change"),
            detail={"state": ["ABORTED", "EXPIRED", "FAILED"], "$or": _backed_up(estate)},
        ),
        "<kind> of <resource>: <state>. <reason>",
        {
            "kind": "$.detail-type",
            "resource": "$.detail.resourceArn",
            "state": "$.detail.state",
            "reason": "$.detail.statusMessage",
        },
    )


def _backed_up(estate: Estate) -> list[Pattern]:
    """Jobs of AWS Backup of the environment's vault or resources, whoever's plan they are of."""
    vault = _arn(estate, "backup", f"backup-vault:{estate['name']}")
    resources = [_arn(estate, "rds", f"db:{estate['name']}-"), f"arn:{estate['partition']}:s3:::{estate['name']}-"]
    return [
        {"backupVaultName": [estate["name"]]},
        {"sourceBackupVaultArn": [vault]},
        {"resourceArn": [{"prefix": each} for each in resources]},
    ]


def _database_backup(estate: Estate) -> Rule:
    """RDS has no event of an automated backup that failed: what it says besides the usual, and when they are off."""
    unusual = [
        {"EventCategories": ["backup"], "EventID": [{"anything-but": ROUTINE_BACKUPS}]},
        {"EventID": [AUTOMATED_BACKUPS_OFF]},
    ]
    detail = {"SourceIdentifier": _ours(f"{estate['name']}-db"), "$or": unusual}
    return Rule(
        "database-backup",
        "warning",
        "RDS says something unusual of a database's backups, or they were switched off",
        _pattern("aws.rds", "RDS DB Instance Event", detail=detail),
        "Backups of database <database>: <message> (<event>)",
        {"database": "$.detail.SourceIdentifier", "message": "$.detail.Message", "event": "$.detail.EventID"},
    )


# What CloudTrail tells


def _account(estate: Estate) -> Iterable[Rule]:
    yield _rotation(estate)
    if estate["keys"]:
        yield _keys(estate)
    if estate["root_login"] and estate["region"] == ROOT_LOGIN_REGION:
        yield Rule(
            "root-login",
            "critical",
            "Somebody signed in as the root user of the account",
            _pattern(
                "aws.signin",
                "AWS Console Sign In via CloudTrail",
                detail={"eventName": ["ConsoleLogin"], "userIdentity": {"type": ["Root"]}},
            ),
            "Root of account <account> signed in from <address>",
            {"account": "$.account", "address": "$.detail.sourceIPAddress"},
        )


def _rotation(estate: Estate) -> Rule:
    secrets = [{"prefix": _arn(estate, "secretsmanager", f"secret:{estate['name']}/")}]
    detail = {
        "eventSource": ["secretsmanager.amazonaws.com"],
        "eventName": ["RotationAbandoned", "RotationFailed"],
        "additionalEventData": {"SecretId": secrets},
    }
    return Rule(
        "rotation-failed",
        "critical",
        "A secret could not be rotated",
        _pattern("aws.secretsmanager", "AWS Service Event via CloudTrail", detail=detail),
        "<event> of <secret>. <reason>",
        {
            "event": "$.detail.eventName",
            "secret": "$.detail.additionalEventData.SecretId",
            "reason": "$.detail.errorMessage",
        },
    )


def _keys(estate: Estate) -> Rule:
    """A request names a key by its ARN or by the id that ends it."""
    arns = sorted(estate["keys"])
    named = sorted({*arns, *(arn.rpartition("/")[2] for arn in arns)})
    detail = {
        "eventSource": ["kms.amazonaws.com"],
        "eventName": ["DisableKey", "ScheduleKeyDeletion"],
        "requestParameters": {"keyId": named},
    }
    return Rule(
        "key-endangered",
        "critical",
        "A key of the environment was disabled or is to be deleted",
        _pattern("aws.kms", "AWS API Call via CloudTrail", detail=detail),
        "<event> of key <key> by <who>",
        {"event": "$.detail.eventName", "key": "$.detail.requestParameters.keyId", "who": "$.detail.userIdentity.arn"},
    )


# What the account's guards find


def _guards(estate: Estate) -> Iterable[Rule]:
    """Of this account alone, as one that administers others gets theirs too."""
    if estate["threats"]:
        yield _threat(estate)
    if estate["findings"]:
        yield _finding(estate)


def _threat(estate: Estate) -> Rule:
    detail = {"severity": [{"numeric": [">=", LEAST_SEVERITY]}], "accountId": [estate["account_id"]]}
    return Rule(
        "threat-found",
        "critical",
        f"GuardDuty found something of severity {LEAST_SEVERITY} or more",
        _pattern("aws.guardduty", "GuardDuty Finding", detail=detail),
        "GuardDuty, severity <severity>: <title> (<type>). Finding <finding>",
        {
            "severity": "$.detail.severity",
            "title": "$.detail.title",
            "type": "$.detail.type",
            "finding": "$.detail.id",
        },
    )


def _finding(estate: Estate) -> Rule:
    """Nobody's yet; what GuardDuty sends to Security Hub is told by its own rule."""
    finding = {
        "AwsAccountId": [estate["account_id"]],
        "ProductName": [{"anything-but": "GuardDuty"}],
        "RecordState": ["ACTIVE"],
        "Severity": {"Label": ["CRITICAL", "HIGH"]},
        "Workflow": {"Status": ["NEW"]},
    }
    return Rule(
        "security-finding",
        "warning",
        "Security Hub has a new finding that is critical or high",
        _pattern("aws.securityhub", "Security Hub Findings - Imported", detail={"findings": finding}),
        "<severity> at <resource>: <title> (<product>). Finding <finding>",
        {
            "severity": "$.detail.findings[0].Severity.Label",
            "resource": "$.detail.findings[0].Resources[0].Id",
            "title": "$.detail.findings[0].Title",
            "product": "$.detail.findings[0].ProductName",
            "finding": "$.detail.findings[0].Id",
        },
    )


# What EventBridge takes


def problems(item: Mapping[str, Any]) -> Iterable[str]:
    """Why EventBridge would refuse a rule, as sentences that begin with the option's name."""
    if not re.fullmatch(r"[.\-_A-Za-z0-9]{1,64}", item["name"]):
        yield f"name: at most 64 letters, digits, dots, hyphens and underscores, not {item['name']!r}"
    pattern = json.dumps(item["event_pattern"])
    if not item["event_pattern"] or len(pattern) > LONGEST_PATTERN:
        yield f"event_pattern: between 1 and {LONGEST_PATTERN} characters, not {len(pattern)}"
    ids = [target["id"] for target in item["targets"] or []]
    if len(ids) > MOST_TARGETS or len(set(ids)) < len(ids):
        yield f"targets: at most {MOST_TARGETS}, each with an id of its own"
    for target in item["targets"] or []:
        yield from (f"targets: {problem}" for problem in _template_problems(target))


def _template_problems(target: Mapping[str, Any]) -> Iterable[str]:
    """A message may use only words that have a path; AWS's own begin with C(aws.)."""
    words = set(re.findall(r"<([\w.-]+)>", target["input_template"] or ""))
    unknown = sorted(word for word in words - set(target["input_paths"] or {}) if not word.startswith("aws."))
    if unknown:
        yield f"{target['id']}: input_template names {', '.join(unknown)}, which input_paths does not have"
