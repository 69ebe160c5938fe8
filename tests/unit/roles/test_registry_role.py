# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the registry's variables come to: names, life cycle, policy, and our part of the whole registry."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _ecr
from ansible_collections.uex.payments.tests.support import role_vars

ACCOUNT, NAME = "123456789012", "uex-payments-test"
CI = f"arn:aws:iam::{ACCOUNT}:role/ci"
ELSEWHERE = "arn:aws:iam::210987654321:role/build-*"


def case(**changed: Any) -> dict[str, Any]:
    return {
        "stack_name": NAME,
        "stack_account": ACCOUNT,
        "stack_partition": "aws",
        "stack_tags": {},
        "stack_kms_keys": {"data": "arn:key"},
        "stack_service_list": [{"repository_name": f"{NAME}/{name}"} for name in ("api", "web", "api")],
        **changed,
    }


CASES = {
    "default": case(),
    "all": case(
        registry_scan_type="ENHANCED",
        registry_keep_images_by_prefix={"release-": 50, "release-hotfix-": 5},
        registry_push_role_arns=[CI, ELSEWHERE],
        registry_further_repositories=["log-router"],
        registry_replication_regions=["eu-west-1"],
        registry_pull_through_cache={"public": {"upstream_registry_url": "public.ecr.aws"}},
    ),
}
NAMES = [
    *("__registry_repositories", "__registry_scanning_rules", "__registry_replication_rules"),
    "__registry_pull_through_cache_rules",
]
Variables = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def variables() -> Variables:
    return role_vars.evaluate("registry", NAMES, CASES)


def test_a_repository_for_each_service_and_for_what_is_asked_for(variables: Variables) -> None:
    names = {label: [each["name"] for each in values["__registry_repositories"]] for label, values in variables.items()}
    assert names["default"] == [f"{NAME}/api", f"{NAME}/web"]
    assert sorted(names["all"]) == sorted([*names["default"], f"{NAME}/log-router"])


def test_aws_takes_every_repository(variables: Variables) -> None:
    options = dict.fromkeys(("image_tag_mutability", "image_tag_mutability_exclusions", "encryption"))
    items = [each for values in variables.values() for each in values["__registry_repositories"]]
    assert [problem for item in items for problem in _ecr.problems({**options, **item})] == []


def test_the_rule_for_any_image_comes_last(variables: Variables) -> None:
    rules = {
        label: [
            (rule["rulePriority"], rule["selection"]["tagStatus"], rule["selection"].get("tagPrefixList"))
            for rule in values["__registry_repositories"][0]["lifecycle_policy"]["rules"]
        ]
        for label, values in variables.items()
    }
    assert rules["default"] == [(1, "untagged", None), (100, "any", None)]
    assert rules["all"] == [
        (1, "untagged", None),
        (2, "tagged", ["release-hotfix-"]),
        (3, "tagged", ["release-"]),
        (100, "any", None),
    ]


def test_a_setting_of_repositories_that_inspector_replaces_is_left_alone(variables: Variables) -> None:
    found = {label: values["__registry_repositories"][0]["scan_on_push"] for label, values in variables.items()}
    assert found == {"default": True, "all": None}


def test_what_belongs_to_the_whole_registry_is_there_only_when_asked_for(variables: Variables) -> None:
    assert [variables["default"][name] for name in NAMES[1:]] == [[], [], []]
    scanning, replication, cache = (variables["all"][name] for name in NAMES[1:])
    prefix = {"repository_prefix": f"{NAME}/"}
    assert scanning == [{**prefix, "scan_type": "ENHANCED", "scan_frequency": "CONTINUOUS_SCAN"}]
    assert replication == [{**prefix, "regions": ["eu-west-1"]}]
    assert [each["ecr_repository_prefix"] for each in cache] == [f"{NAME}/public"]


def policy(variables: Variables, label: str) -> dict[str, dict[str, Any]]:
    document = variables[label]["__registry_repositories"][0]["policy"]
    return {statement["Sid"]: statement for statement in document["Statement"]}


def denied(statements: dict[str, dict[str, Any]], principal: str, action: str) -> bool:
    """Whether a statement denies an action to somebody."""
    for statement in statements.values():
        (operator, condition), *_others = statement.get("Condition", {"": {}}).items()
        listed = any(fnmatchcase(principal, arn) for arn in condition.get("aws:PrincipalArn", ()))
        if statement["Effect"] == "Deny" and action in statement["Action"] and listed is (operator == "ArnLike"):
            return True
    return False


ADMIN, TASK = f"arn:aws:iam::{ACCOUNT}:role/admin", f"arn:aws:iam::{ACCOUNT}:role/{NAME}-task-api"


@pytest.mark.parametrize(
    ("label", "principal", "action", "expected"),
    [
        ("default", CI, "ecr:PutImage", False),
        ("default", ADMIN, "ecr:PutImage", False),
        ("default", TASK, "ecr:PutImage", True),
        ("all", CI, "ecr:PutImage", False),
        ("all", "arn:aws:iam::210987654321:role/build-main", "ecr:PutImage", False),
        ("all", ADMIN, "ecr:PutImage", True),
        ("all", ADMIN, "ecr:SetRepositoryPolicy", False),
        ("all", ADMIN, "ecr:DeleteRepository", False),
        ("all", TASK, "ecr:PutImage", True),
        ("all", TASK, "ecr:SetRepositoryPolicy", True),
    ],
)
def test_who_pushes(variables: Variables, label: str, principal: str, action: str, expected: bool) -> None:
    assert denied(policy(variables, label), principal, action) is expected


def test_no_principal_is_named_that_may_not_be_there(variables: Variables) -> None:
    """But for the execution role, which the foundation makes."""
    found = policy(variables, "all")
    assert set(found) == {"TasksPull", "RolesPush", "OthersNeverPush", "TasksNeverPush"}
    assert found["RolesPush"]["Principal"] == {"AWS": [f"arn:aws:iam::{a}:root" for a in (ACCOUNT, "210987654321")]}
    assert found["RolesPush"]["Condition"] == {"ArnLike": {"aws:PrincipalArn": [CI, ELSEWHERE]}}
    assert set(policy(variables, "default")) == {"TasksPull", "TasksNeverPush"}
