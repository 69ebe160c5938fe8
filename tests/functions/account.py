# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An account in which secrets are rotated: the function runs in-process, called as Secrets Manager calls it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from ansible_collections.uex.payments.functions.rotation import handler
from embedded_aws.extensions import secretsmanager

CLUSTER = "uex-payments-test"
SECRET = f"{CLUSTER}/database"
REDIS_SECRET = f"{CLUSTER}/redis"
SESSION_SECRET = f"{CLUSTER}/session"
RULES = [{"key": "key", "length": 64, "encoding": "text"}]
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


class Context:
    """What Lambda tells a function about its call."""

    def get_remaining_time_in_millis(self) -> int:
        return 900_000


class Readers:
    """ECS with services whose tasks read a secret when they start; C(finished): deployments come to an end."""

    class exceptions:
        class ClusterNotFoundException(Exception):
            """As botocore names it."""

    def __init__(self) -> None:
        self.desired = {"presentation": 2, "waits-for-its-image": 0}
        self.replaced: list[str] = []
        self.finished = True
        self.read: Callable[[], None] = lambda: None

    def get_paginator(self, _operation: str) -> Readers:
        return self

    def paginate(self, **_which: str) -> list[dict[str, Any]]:
        return [{"serviceArns": list(self.desired)}]

    def describe_services(self, services: list[str], **_which: str) -> dict[str, Any]:
        state = "COMPLETED" if self.finished else "IN_PROGRESS"
        return {
            "services": [
                {"serviceArn": name, "desiredCount": self.desired[name], "deployments": [{"rolloutState": state}]}
                for name in services
            ]
        }

    def update_service(self, service: str, **_given: Any) -> None:
        self.replaced.append(service)
        self.read()


class Account:
    """Secrets of the emulator, the function behind them, and the last error of the function."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, clients: dict[str, Any], ca_file: str) -> None:
        self.readers = Readers()
        self.error: Exception | None = None
        self.fail: Callable[[str, Callable[[], None]], None] = lambda _step, do: do()
        self.secrets = boto3.client("secretsmanager")
        known = {**clients, "secretsmanager": self.secrets, "ecs": self.readers}
        monkeypatch.setattr(handler, "boto3", SimpleNamespace(client=known.__getitem__))
        monkeypatch.setattr(secretsmanager, "_invoke", self._invoke)
        for name, value in settings(ca_file).items():
            monkeypatch.setenv(name, value)
        self.function = function()

    def _invoke(self, _backend: Any, _secret: Any, event: dict[str, str]) -> None:
        try:
            self.fail(event["Step"], lambda: handler.handler(event, Context()))
        except Exception as error:
            self.error = error
            raise

    def make(self, name: str, value: dict[str, Any]) -> None:
        """A secret that rotates; nothing is rotated yet."""
        self.secrets.create_secret(Name=name, SecretString=json.dumps(value))
        rules = {"AutomaticallyAfterDays": 30}
        self.secrets.rotate_secret(
            SecretId=name, RotationLambdaARN=self.function, RotationRules=rules, RotateImmediately=False
        )

    def rotate(self, name: str) -> Exception | None:
        """Rotate as AWS does, trying an unfinished rotation again: the function's error."""
        self.error = None
        try:
            self.secrets.rotate_secret(SecretId=name)
        except ClientError as error:
            if "previous rotation" not in str(error):
                raise
        return self.error

    def value(self, name: str, label: str = "AWSCURRENT") -> dict[str, Any]:
        text = self.secrets.get_secret_value(SecretId=name, VersionStage=label)["SecretString"]
        value: dict[str, Any] = json.loads(text)
        return value

    def labels(self, name: str) -> set[str]:
        stages = self.secrets.describe_secret(SecretId=name)["VersionIdsToStages"]
        return {label for labels in stages.values() for label in labels}


def settings(ca_file: str) -> dict[str, str]:
    return {
        "CLUSTER": CLUSTER,
        "DATABASE_SECRET": SECRET,
        "DB_INSTANCE": f"{CLUSTER}-db",
        "REDIS_SECRET": REDIS_SECRET,
        "REPLICATION_GROUP": f"{CLUSTER}-redis",
        "GENERATED_SECRETS": json.dumps({SESSION_SECRET: RULES}),
        "CA_FILE": ca_file,
    }


def function() -> str:
    """A function that Secrets Manager may call; its code is never run."""
    iam, functions = boto3.client("iam"), boto3.client("lambda")
    role = iam.create_role(RoleName="rotation", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("f.py", "")
    arn: str = functions.create_function(
        FunctionName="rotation", Runtime="python3.12", Role=role, Handler="f.handler", Code={"ZipFile": code.getvalue()}
    )["FunctionArn"]
    functions.add_permission(
        FunctionName=arn,
        StatementId="rotation",
        Action="lambda:InvokeFunction",
        Principal="secretsmanager.amazonaws.com",
    )
    return arn
