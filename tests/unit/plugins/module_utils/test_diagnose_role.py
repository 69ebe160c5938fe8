# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _diagnose_role as role
from ansible_collections.uex.payments.tests.support.diagnosis import ACCOUNT, NAME, REGION, judged, wrong

ROLE, TASK = (f"arn:aws:iam::{ACCOUNT}:role/{NAME}-{each}" for each in ("execution", "task-api"))
SECRET_ARN = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{NAME}/database-AbCdEf"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
TRUST = {
    "Statement": {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:*"}},
    }
}
ALIAS = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{NAME}-data"}}
RIGHTS = {
    "logs": {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"},
    "read": {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": f"{SECRET_ARN[:-6]}*"},
    "decrypt": {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Condition": ALIAS},
}
VIA = {"StringEquals": {"kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com"}}
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
KEY_POLICY = {"Statement": {"Effect": "Allow", "Principal": ROOT, "Action": "kms:*", "Resource": "*", "Condition": VIA}}
SECRET = {"name": f"{NAME}/database", "deleted": "", "current": True, "key": "key", "policy": None}
KEY = {"arn": KEY_ARN, "state": "Enabled", "policy": KEY_POLICY, "aliases": [f"alias/{NAME}-data"]}
STRANGERS = {
    "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "*",
        "Resource": "*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": [f"arn:aws:iam::{ACCOUNT}:role/other"]}},
    }
}


def rights(**without: Any) -> dict[str, Any]:
    return {name: {"Statement": [each]} for name, each in {**RIGHTS, **without}.items() if each}


def a_role(arn: str = ROLE, trust: Any = None, **without: Any) -> dict[str, Any]:
    return {"arn": arn, "trust": trust or TRUST, "policies": rights(**without), "boundary": None}


def roles(execution: Any = None, task: Any = None) -> dict[str, Any]:
    return {"execution": {ROLE: execution or a_role()}, "task": {TASK: task or a_role(TASK)}}


def definition(key: str = "password", others: tuple[str, ...] = ()) -> dict[str, Any]:
    secrets = [{"name": "DATABASE_PASSWORD", "valueFrom": f"{SECRET_ARN}:{key}::"}]
    secrets += [{"name": "X", "valueFrom": each} for each in others]
    log = {"logDriver": "awslogs", "options": {"awslogs-group": f"{NAME}-api"}}
    container = {"name": "api", "secrets": secrets, "logConfiguration": log}
    return {f"{NAME}-api": {"containerDefinitions": [container], "executionRoleArn": ROLE, "taskRoleArn": TASK}}


def facts(**changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "definitions": definition(),
        "roles": roles(),
        "log_groups": {f"{NAME}-api": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{NAME}-api"},
        "secrets": {SECRET_ARN: SECRET},
        "keys": {"key": KEY},
    }
    return {**found, **changed}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, {}),
        ({"roles": {"execution": {ROLE: None}, "task": {}}}, {"execution-role": "broken"}),
        ({"roles": roles(task=a_role(TASK, {"Statement": []}))}, {"task-role-trust": "broken"}),
        ({"roles": roles(a_role(trust={"Statement": []}))}, {"execution-role-trust": "broken"}),
        ({"log_groups": {}}, {"log-group": "broken"}),
        ({"roles": roles(a_role(logs=None))}, {"log-rights": "broken"}),
        ({"secrets": {SECRET_ARN: None}}, {"secret": "broken"}),
        ({"secrets": {SECRET_ARN: {**SECRET, "deleted": "2026-12-01"}}}, {"secret-deleted": "broken"}),
        ({"secrets": {SECRET_ARN: {**SECRET, "current": False}}}, {"secret-value": "broken"}),
        ({"roles": roles(a_role(read=None))}, {"secret-rights": "broken"}),
        ({"roles": roles(a_role(decrypt=None))}, {"key-rights": "broken"}),
        ({"secrets": {SECRET_ARN: {**SECRET, "policy": STRANGERS}}}, {"secret-rights": "broken"}),
        ({"keys": {"key": {**KEY, "policy": {"Statement": []}}}}, {"key-rights": "broken"}),
        ({"keys": {"key": {**KEY, "state": "Disabled"}}}, {"key": "broken"}),
        ({"keys": {}}, {"key": "broken"}),
        ({"definitions": definition("token")}, {"secret-key": "warning"}),
        ({"definitions": definition(others=("arn:aws:ssm:us-east-1:1:parameter/x",))}, {"parameters": "note"}),
        ({"definitions": {}, "secrets": {}, "keys": {}}, {}),
    ],
)
def test_what_ecs_needs_before_a_task_s_own_code(changed: dict[str, Any], expected: dict[str, str]) -> None:
    assert wrong(role.SUBJECT, facts(**changed)) == expected


def test_references_are_taken_apart() -> None:
    (found,) = role.references(definition())
    assert found == (SECRET_ARN, "password", f"{NAME}-api", "DATABASE_PASSWORD", ROLE)
    (whole,) = role.references({"s": {"containerDefinitions": [{"secrets": [{"name": "A", "valueFrom": SECRET_ARN}]}]}})
    assert (whole.arn, whole.key) == (SECRET_ARN, "")


def test_the_statement_that_allows_is_shown() -> None:
    found = {each.check: each.evidence for each in judged(role.SUBJECT, facts())}
    assert found["secret-rights"] == "secretsmanager:GetSecretValue is allowed by read"
    assert found["key-rights"] == "kms:Decrypt is allowed by decrypt"
