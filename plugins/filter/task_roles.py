# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter task_roles."""

from __future__ import annotations

DOCUMENTATION = r"""
name: task_roles
short_description: The IAM roles that the services' tasks run as
version_added: 0.1.0
author: UEX Payments (@uex)
description:
  - One role a service, which ECS may assume for tasks of this account and region alone.
  - A role may do what its service's C(policy_statements) say, and nothing else. Where C(exec) is on, it may also open
    sessions and write their log.
positional: stack_name, partition, region, account
options:
  _input:
    description: The services as P(uex.payments.merge_services#filter) completes them.
    type: list
    elements: dict
    required: true
  stack_name:
    description: Beginning of all names, such as V(uex-payments-dev).
    type: str
    required: true
  partition:
    description: The AWS partition, such as V(aws).
    type: str
    required: true
  region:
    description: The region.
    type: str
    required: true
  account:
    description: The account, 12 digits.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: The roles of all tasks
  ansible.builtin.debug:
    msg: "{{ stack_service_list | uex.payments.task_roles('uex-payments-dev', 'aws', 'us-east-1', '123456789012') }}"
"""

RETURN = r"""
_value:
  description: The roles as items of M(uex.payments.iam_role).
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

SESSIONS = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"]


def task_roles(
    services: Iterable[Mapping[str, Any]], stack_name: str, partition: str, region: str, account: str
) -> list[dict[str, Any]]:
    """A role for each service; AnsibleFilterError where a service has a statement that AWS would refuse."""
    entries = list(services)
    problems = [problem for service in entries for problem in _problems(service)]
    if problems:
        raise AnsibleFilterError(f"task_roles: {'; '.join(problems)}")
    trust = _trust(f"arn:{partition}:ecs:{region}:{account}:*", account)
    logs = f"arn:{partition}:logs:{region}:{account}:log-group:"
    return [_role(service, trust, _session_statements(logs, stack_name)) for service in entries]


def _problems(service: Mapping[str, Any]) -> Iterable[str]:
    for index, statement in enumerate(service["policy_statements"]):
        place = f"stack_services.{service['name']}.policy_statements[{index}]"
        if not isinstance(statement, Mapping):
            yield f"{place}: must be a dictionary"
        elif not ({"Action", "NotAction"} & set(statement)) or not ({"Resource", "NotResource"} & set(statement)):
            yield f"{place}: needs Action and Resource"


def _role(service: Mapping[str, Any], trust: dict[str, Any], session: list[dict[str, Any]]) -> dict[str, Any]:
    own = [{"Effect": "Allow", **statement} for statement in service["policy_statements"]]
    statements = {"service": own, "exec": session if service["exec"] else []}
    return {
        "name": service["role_name"],
        "description": f"What tasks of {service['full_name']} may do",
        "assume_role_policy": trust,
        "policies": {name: _document(each) for name, each in statements.items() if each},
        "managed_policies": [],
    }


def _trust(tasks: str, account: str) -> dict[str, Any]:
    """ECS may assume the role, for tasks of this account and region: not for somebody else's."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": tasks}},
    }
    return _document([statement])


def _session_statements(logs: str, stack_name: str) -> list[dict[str, Any]]:
    """What ECS Exec needs; AWS knows no resource for the channels of a session."""
    group = f"{logs}{stack_name}-exec"
    write = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    return [
        {"Sid": "Sessions", "Effect": "Allow", "Action": [f"ssmmessages:{each}" for each in SESSIONS], "Resource": "*"},
        {"Sid": "SessionLog", "Effect": "Allow", "Action": write, "Resource": [group, f"{group}:*"]},
        {"Sid": "FindLog", "Effect": "Allow", "Action": "logs:DescribeLogGroups", "Resource": f"{logs}*"},
    ]


def _document(statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"task_roles": task_roles}
