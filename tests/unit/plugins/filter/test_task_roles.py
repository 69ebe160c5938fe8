# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.filter.task_roles import FilterModule, task_roles

WRITE = {"Action": "s3:PutObject", "Resource": "arn:aws:s3:::x/*"}


def service(name: str = "uex-backend", **given: Any) -> dict[str, Any]:
    names = {"name": name, "full_name": f"uex-payments-dev-{name}", "role_name": f"uex-payments-dev-task-{name}"}
    return {**names, "policy_statements": [], "exec": False, **given}


def roles(*services: dict[str, Any]) -> list[dict[str, Any]]:
    return task_roles(services, "uex-payments-dev", "aws", "us-east-1", "123456789012")


def test_one_role_a_service_that_may_do_nothing_by_itself() -> None:
    made = roles(service("presentation"), service())
    assert [each["name"].removeprefix("uex-payments-dev-") for each in made] == [
        "task-presentation",
        "task-uex-backend",
    ]
    assert [(each["policies"], each["managed_policies"]) for each in made] == [({}, [])] * 2


def test_only_tasks_of_this_account_and_region_run_as_it() -> None:
    (statement,) = roles(service())[0]["assume_role_policy"]["Statement"]
    assert statement["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws:ecs:us-east-1:123456789012:*"},
    }


def test_a_services_statements_allow_unless_they_say_otherwise() -> None:
    (role,) = roles(service(policy_statements=[WRITE, {**WRITE, "Effect": "Deny"}]))
    assert list(role["policies"]) == ["service"]
    assert [each["Effect"] for each in role["policies"]["service"]["Statement"]] == ["Allow", "Deny"]


def test_sessions_are_only_for_services_with_exec() -> None:
    (role,) = roles(service(exec=True, policy_statements=[WRITE]))
    assert list(role["policies"]) == ["service", "exec"]
    statements = {each["Sid"]: each for each in role["policies"]["exec"]["Statement"]}
    assert all(action.startswith("ssmmessages:") for action in statements["Sessions"]["Action"])
    assert [sid for sid, each in statements.items() if each["Resource"] == "*"] == ["Sessions"]
    group = "arn:aws:logs:us-east-1:123456789012:log-group:uex-payments-dev-exec"
    assert statements["SessionLog"]["Resource"] == [group, f"{group}:*"]


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("s3:*", r"uex-backend.policy_statements\[0\]: must be a dictionary"),
        ({"Action": "s3:*"}, r"uex-backend.policy_statements\[0\]: needs Action and Resource"),
        ({"Resource": "*"}, r"uex-backend.policy_statements\[0\]: needs Action and Resource"),
    ],
)
def test_a_statement_that_aws_would_refuse_is_named(statement: Any, problem: str) -> None:
    with pytest.raises(AnsibleFilterError, match=problem):
        roles(service(policy_statements=[statement]))


def test_the_filter_has_its_name() -> None:
    assert FilterModule().filters() == {"task_roles": task_roles}
