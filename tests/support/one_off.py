# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a one-off task needs around it in an account of fixture aws: network, cluster, image, log group, secret."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import boto3

from ansible_collections.uex.payments.plugins.module_utils._one_off import OneOff
from ansible_collections.uex.payments.tests.support.ecs_estate import Estate, built

GROUP = "pay-job"
SECRET = "pay/database"
LOG = {
    "logDriver": "awslogs",
    "options": {"awslogs-group": GROUP, "awslogs-region": "us-east-1", "awslogs-stream-prefix": "ecs"},
}


class Place(NamedTuple):
    """The estate, and what runs in it."""

    estate: Estate
    request: OneOff
    secret_arn: str

    def task(self, arn: str) -> Any:
        return self.estate.ecs.describe_tasks(cluster="pay", tasks=[arn])["tasks"][0]


def place(password: str = "a-canary", **container: Any) -> Place:
    """A family C(job) whose one container C(job) has variables, a secret and a log."""
    estate = built()
    logs, secrets = boto3.client("logs"), boto3.client("secretsmanager")
    logs.create_log_group(logGroupName=GROUP)
    value = json.dumps({"username": "uex", "password": password})
    arn = secrets.create_secret(Name=SECRET, SecretString=value)["ARN"]
    given = {
        "name": "job",
        "image": estate.ecs.describe_task_definition(taskDefinition=estate.definition())["taskDefinition"][
            "containerDefinitions"
        ][0]["image"],
        "command": ["up"],
        "environment": [{"name": "DATABASE_HOST", "value": "127.0.0.1"}, {"name": "MODE", "value": "plain"}],
        "secrets": [{"name": "DATABASE_PASSWORD", "valueFrom": f"{arn}:password::"}],
        "logConfiguration": LOG,
        **container,
    }
    definition = estate.definition(family="job", containerDefinitions=[given])
    request = OneOff("pay", definition, estate.subnets[:1], [estate.group], "job", log_group=GROUP, deadline=30)
    return Place(estate, request, arn)
