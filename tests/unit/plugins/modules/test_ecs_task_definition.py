# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.uex.payments.plugins.module_utils import _aws, _ecs_tasks, _plan
from ansible_collections.uex.payments.plugins.modules import ecs_task_definition
from ansible_collections.uex.payments.plugins.modules.ecs_task_definition import TaskDefinition
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account, Connect, Contract, Subject
from embedded_aws import images

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
    assert planned["uex-payments-test-api"]["family_arn"].endswith(":task-definition/uex-payments-test-api")
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
        ({"family": "uex-payments-test-x", "cpu": 512, "memory": 1024, "ephemeral_storage": 10}, ["ephemeral_storage"]),
    ],
)
def test_what_aws_or_the_prefix_refuses(item: dict[str, Any], option: list[str]) -> None:
    resource = TaskDefinition(lambda service: None, {"family_prefix": "uex-payments-test-"})
    assert [problem.partition(":")[0] for problem in resource.validate(item)] == option


def push(subject: Subject, content: str, tag: str = "1.0", repository: str = "uex-payments-test/api") -> str:
    """Put another image under the tag; its digest."""
    ecr = subject.account.connect("ecr")
    _aws.absent_as(None, lambda: ecr.create_repository(repositoryName=repository), "RepositoryAlreadyExistsException")
    manifest = images.manifest(repository, content)
    put = {"imageManifest": manifest, "imageManifestMediaType": images.MEDIA_TYPE, "imageTag": tag}
    return str(ecr.put_image(repositoryName=repository, **put)["image"]["imageId"]["imageDigest"])


def shown(subject: Subject, family: str = "uex-payments-test-api") -> tuple[int, str, dict[str, str]]:
    """Revision, image and tags on images of a family."""
    found = subject.resource().observe()[family]
    tags = {name: value for name, value in found["tags"].items() if name.startswith("ImageTag/")}
    return found["revision"], found["container_definitions"]["api"]["image"], tags


def pinned(subject: Subject, **more: Any) -> dict[str, Any]:
    return changed(subject, container_definitions=[container(pinned=True, **more)])


def test_a_tag_is_pinned_once_it_is_there(made: Subject) -> None:
    items = pinned(made)
    assert made.run(**items).done == []
    digest = push(made, "first")
    (plan,) = made.run(check_mode=True, **items).plans[:1]
    assert [change.field for change in plan.changes] == ["container_definitions.api.image", "tags.ImageTag/api"]
    assert made.run(**items).failed == []
    assert shown(made) == (2, f"{IMAGE.rpartition(':')[0]}@{digest}", {"ImageTag/api": "1.0"})
    assert made.run(**items).done == []


def test_a_tag_that_moves_makes_a_revision(made: Subject) -> None:
    items = pinned(made)
    digests = []
    for content in ("first", "second"):
        digests.append(push(made, content))
        assert [plan.name for plan in made.run(**items).done] == ["uex-payments-test-api"]
    assert shown(made)[:2] == (3, f"{IMAGE.rpartition(':')[0]}@{digests[1]}")


def test_another_tag_of_the_same_image_makes_none(made: Subject) -> None:
    push(made, "first")
    assert made.run(**pinned(made)).failed == []
    push(made, "first", tag="2.0")
    assert made.run(**pinned(made, image=IMAGE.replace(":1.0", ":2.0"))).failed == []
    assert (shown(made)[0], shown(made)[2]) == (2, {"ImageTag/api": "2.0"})


def test_what_is_pinned_no_more_has_its_tag_and_none_beside(made: Subject) -> None:
    push(made, "first")
    assert made.run(**pinned(made)).failed == []
    assert made.run().failed == []
    assert shown(made) == (3, IMAGE, {})


def test_images_are_not_asked_for_where_nothing_is_pinned_or_only_pruned(made: Subject) -> None:
    made.run()
    made.run(only_prune=True, **pinned(made))
    assert ("ecr", "DescribeImages") not in made.account.calls


def test_a_root_that_is_opened_is_told(made: Subject) -> None:
    items = changed(made, container_definitions=[container(readonly_root_filesystem=False)])
    plans = made.run(check_mode=True, **items).plans
    effects = [list(made.resource().effects(plan)) for plan in plans]
    assert effects == [["api can write to all of its file system"], []]


def test_the_documented_options_of_a_container_are_those_that_are_known() -> None:
    documented = yaml.safe_load(ecs_task_definition.DOCUMENTATION)["options"]["task_definitions"]["suboptions"]
    assert set(documented["container_definitions"]["suboptions"]) == set(_ecs_tasks.CONTAINER_OPTIONS)


def test_an_image_that_is_required_and_not_there_is_refused_before_anything_is_registered(made: Subject) -> None:
    required = {"require_images": True, **pinned(made)}
    outcome = made.run(check_mode=True, **required)
    assert [(each.message, each.hint) for each in outcome.failed] == [
        ("ECR has no uex-payments-test/api:1.0", "push it, or name a tag that is there")
    ]
    assert (made.run(**required).done, shown(made)[0]) == ([], 1)
    push(made, "first")
    assert made.run(**required).failed == []
    assert shown(made)[0] == 2


def test_a_family_that_is_kept_is_not_pruned(made: Subject) -> None:
    kept = {"prune": True, "task_definitions": [], "kept": ["uex-payments-test-web"]}
    assert [plan.name for plan in made.run(**kept).done] == ["uex-payments-test-api"]
    assert made.run(**kept).done == []
