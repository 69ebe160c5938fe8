# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _plan
from ansible_collections.uex.payments.plugins.modules.ecs_task_definition import TaskDefinition
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account, Connect, Contract, Subject

ROLE = "arn:aws:iam::123456789012:role/uex-payments-test-execution"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/uex-payments-test/api:1.0"


def container(**more: Any) -> dict[str, Any]:
    return {
        "name": "api",
        "image": IMAGE,
        "essential": None,
        "cpu": None,
        "command": None,
        "entry_point": None,
        "environment": {"B": "2", "A": "1"},
        "secrets": {"PASSWORD": "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf:password::"},
        "port_mappings": [{"container_port": 8080, "protocol": None, "name": "api", "app_protocol": None}],
        "mount_points": [{"source_volume": "tmp", "container_path": "/tmp", "read_only": None}],
        "health_check": {
            "command": ["CMD", "/healthy"],
            "interval": None,
            "timeout": None,
            "retries": None,
            "start_period": None,
        },
        "log_configuration": {
            "log_driver": "awslogs",
            "options": {"awslogs-group": "api", "awslogs-region": "us-east-1"},
        },
        "readonly_root_filesystem": True,
        "user": "1000",
        "linux_parameters": {"init_process_enabled": True},
        "stop_timeout": 60,
        **more,
    }


def definition(family: str, **more: Any) -> dict[str, Any]:
    return {
        "family": family,
        "cpu": 512,
        "memory": 1024,
        "runtime_platform": {"cpu_architecture": "ARM64", "operating_system_family": None},
        "task_role_arn": ROLE,
        "execution_role_arn": ROLE,
        "volumes": ["tmp"],
        "container_definitions": [container()],
        "tags": None,
        **more,
    }


def sample(connect: Connect) -> dict[str, Any]:
    families = ("uex-payments-test-api", "uex-payments-test-web")
    return {"family_prefix": "uex-payments-test-", "task_definitions": [definition(family) for family in families]}


CONTRACT = Contract(
    TaskDefinition, sample, change={"memory": 2048}, unset=("runtime_platform", "task_role_arn", "volumes")
)


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    subject.account.written()
    return subject


def changed(subject: Subject, **change: Any) -> dict[str, Any]:
    first, *others = subject.items
    return subject.with_items([{**first, **change}, *others])


def test_a_change_is_planned_as_a_revision_that_nobody_knows_yet(made: Subject) -> None:
    items = changed(made, memory=2048)
    planned = made.run(check_mode=True, **items).resources
    assert planned["uex-payments-test-api"]["task_definition_arn"] == _plan.UNKNOWN
    assert planned["uex-payments-test-web"]["task_definition_arn"].endswith(":1")
    done = made.run(**items).resources
    assert (done["uex-payments-test-api"]["revision"], done["uex-payments-test-web"]["revision"]) == (2, 1)


def test_a_change_names_its_field(made: Subject) -> None:
    plans = made.run(check_mode=True, **changed(made, container_definitions=[container(user="2000")])).plans
    assert [change.field for plan in plans for change in plan.changes] == ["container_definitions.api.user"]


@pytest.mark.parametrize(
    "change",
    [
        {"environment": {"A": "1"}},
        {"secrets": None},
        {"health_check": None},
        {"readonly_root_filesystem": None},
        {"stop_timeout": None},
    ],
)
def test_what_is_declared_no_more_goes(made: Subject, change: dict[str, Any]) -> None:
    items = changed(made, container_definitions=[container(**change)])
    assert [plan.name for plan in made.run(**items).done] == ["uex-payments-test-api"]
    assert made.run(**items).done == []


def test_a_container_that_is_declared_no_more_goes(made: Subject) -> None:
    both = changed(made, container_definitions=[container(), container(name="proxy", port_mappings=None)])
    assert made.run(**both).failed == []
    assert [plan.name for plan in made.run().done] == ["uex-payments-test-api"]
    assert made.run().done == []


def test_tags_make_no_revision(made: Subject) -> None:
    assert made.run(**changed(made, tags={"Team": "payments"})).failed == []
    assert [operation for _service, operation in made.account.written()] == ["TagResource"]
    assert made.resource().observe()["uex-payments-test-api"]["revision"] == 1


def test_a_revision_keeps_the_tags_that_somebody_gave_it(made: Subject) -> None:
    arn = made.resource().observe()["uex-payments-test-api"]["task_definition_arn"]
    made.account.connect("ecs").tag_resource(resourceArn=arn, tags=[{"key": "CostCentre", "value": "7"}])
    made.run(**changed(made, memory=2048))
    assert made.resource().observe()["uex-payments-test-api"]["tags"] == {**TAGS, "CostCentre": "7"}


def test_deleting_deregisters_every_active_revision(made: Subject) -> None:
    made.run(**changed(made, memory=2048))
    made.resource().delete("uex-payments-test-api", {})
    assert set(made.resource().observe()) == {"uex-payments-test-web"}


def test_families_outside_of_the_prefix_are_left_alone(made: Subject) -> None:
    outside = definition("uex-payments-tests-other")
    assert made.run(family_prefix="", task_definitions=[outside]).failed == []
    assert made.run(prune=True).done == []


@pytest.mark.parametrize(
    ("item", "option"),
    [
        ({"family": "uex-payments-test-x", "cpu": 512, "memory": 1024}, []),
        ({"family": "uex-payments-test-x", "cpu": 512, "memory": 8192}, ["cpu"]),
        ({"family": "other", "cpu": 512, "memory": 1024}, ["family"]),
    ],
)
def test_what_aws_or_the_prefix_refuses(item: dict[str, Any], option: list[str]) -> None:
    resource = TaskDefinition(lambda service: None, {"family_prefix": "uex-payments-test-"})
    assert [problem.partition(":")[0] for problem in resource.validate(item)] == option
