# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _deploy_plan
from ansible_collections.uex.payments.plugins.module_utils._deploy_plan import Live, Wish
from ansible_collections.uex.payments.tests.support import releases

SERVICE = releases.services()[0]
NAME = "123456789012.dkr.ecr.us-east-1.amazonaws.com/uex-payments-test/api"
OLD, NEW = f"sha256:{'0' * 64}", f"sha256:{'1' * 64}"
ARN = "arn:aws:ecs:us-east-1:123456789012:task-definition/uex-payments-test-api:4"
DEPLOYMENT = "arn:aws:ecs:us-east-1:123456789012:service-deployment/pay/api/1"
PRIMARY = {"id": "ecs-svc/1", "status": "PRIMARY", "taskDefinition": ARN, "rolloutState": "COMPLETED"}


def live(image: str = f"{NAME}@{OLD}", rollout: str = "COMPLETED", **more: Any) -> Live:
    containers = [{"name": "api", "image": image}, {"name": "proxy", "image": "public.ecr.aws/x:1"}]
    definition = {"taskDefinitionArn": ARN, "containerDefinitions": containers}
    deployments = [{**PRIMARY, "rolloutState": rollout}]
    counts = {"runningCount": 2, "desiredCount": 2}
    service = {"status": "ACTIVE", "taskDefinition": ARN, "deployments": deployments, **counts}
    return Live(service, definition, {"ImageTag/api": "1.0"}, **more)


@pytest.mark.parametrize(
    ("image", "unreleased", "force", "act", "copied"),
    [
        (f"{NAME}@{OLD}", False, False, "deploy", True),
        (f"{NAME}@{NEW}", False, False, "nothing", False),
        (f"{NAME}@{NEW}", False, True, "force", False),
        (f"{NAME}@{OLD}", False, True, "deploy", True),
        (f"{NAME}:1.1", True, False, "start", True),
        (f"{NAME}@{NEW}", True, False, "start", False),
    ],
)
def test_what_a_deploy_does(image: str, unreleased: bool, force: bool, act: str, copied: bool) -> None:
    wish = Wish("1.1", NEW, f"{NAME}@{NEW}", force)
    step = _deploy_plan.deployed(SERVICE, live(image, unreleased=unreleased), wish, None)
    assert (step["act"], step["copy"], bool(step["image"])) == (act, copied, copied)
    assert (step["from"] is None, step["desired_count"]) == (unreleased, 2 if act == "start" else None)


@pytest.mark.parametrize(
    ("image", "tags", "tag", "digest"),
    [
        (f"{NAME}@{OLD}", {"ImageTag/api": "1.0"}, "1.0", OLD),
        (f"{NAME}@{OLD}", {}, "", OLD),
        (f"{NAME}:1.0", {}, "1.0", ""),
        ("public.ecr.aws/x:2", {}, "", ""),
    ],
)
def test_what_a_revision_runs(image: str, tags: dict[str, str], tag: str, digest: str) -> None:
    found = _deploy_plan.ran(live(image).definition, tags, "api")
    assert (found["image_tag"], found["digest"], found["task_definition"]) == (tag, digest, ARN)


@pytest.mark.parametrize(("digest", "release"), [(OLD, "run-1"), (NEW, None)])
def test_what_runs_is_of_the_release_in_force_if_that_deployed_it(digest: str, release: str | None) -> None:
    entry = {"id": "run-1", "digest": digest, "image_tag": "1.0"}
    found = _deploy_plan.snapshot(SERVICE, live(), entry)
    assert found is not None
    assert found["release"] == release


def test_services_of_one_order_are_one_stage() -> None:
    steps = [
        {"name": name, "order": order, "act": act}
        for name, order, act in (("c", 20, "deploy"), ("b", 10, "start"), ("a", 10, "force"), ("d", 5, "nothing"))
    ]
    groups = [[step["name"] for step in group] for group in _deploy_plan.stages(steps)]
    assert groups == [["a", "b"], ["c"]]
    assert [step[0]["name"] for step in _deploy_plan.stages(steps, backwards=True)] == ["c", "a"]


@pytest.mark.parametrize(
    ("found", "confirmed", "said"),
    [
        (None, (), "ECS has no service uex-payments-test-api"),
        (live(rollout="IN_PROGRESS"), (), "api: deployment ecs-svc/1 is in progress: 2 of 2 tasks run"),
        (live(healthy={"arn:tg/blue": 0}), (), "no target is healthy"),
        (live(healthy={"arn:tg/blue": 0}), ("uex-payments-test-api",), None),
        (live(healthy={"arn:tg/blue": 1}), (), None),
        (live(), (), None),
    ],
)
def test_what_is_in_the_way_of_any_image(found: Live | None, confirmed: tuple[str, ...], said: str | None) -> None:
    problems = list(_deploy_plan.obstacles(SERVICE, found, confirmed))
    assert [said in each for each in problems] == [True] if said else problems == []


def test_a_service_deployment_in_progress_is_named_with_its_stage() -> None:
    newest = {"serviceDeploymentArn": DEPLOYMENT, "status": "IN_PROGRESS", "lifecycleStage": "BAKE_TIME"}
    assert _deploy_plan.in_progress(live(newest=newest)) == f"deployment {DEPLOYMENT} is in progress: BAKE_TIME"


@pytest.mark.parametrize(
    ("source", "tag", "said"), [("inventory", "1.1", True), ("inventory", "1.0", False), ("release", "1.1", False)]
)
def test_a_tag_that_the_inventory_names_otherwise_is_a_problem(source: str, tag: str, said: bool) -> None:
    service = {**SERVICE, "image_tag": "1.0", "image_tag_from": source}
    assert bool(list(_deploy_plan.pin_problem(service, tag))) is said


def test_pinned_images_are_found_in_all_containers() -> None:
    assert _deploy_plan.pinned_images(live().definition) == [("uex-payments-test/api", OLD)]


def test_a_step_in_the_words_of_a_plan() -> None:
    step = _deploy_plan.deployed(SERVICE, live(), Wish("1.1", NEW, f"{NAME}@{NEW}"), None)
    revision, service = _deploy_plan.actions(step)
    assert [(each["field"], each["before"], each["after"]) for each in revision["changes"]] == [
        ("container_definitions.api.digest", OLD, NEW),
        ("tags.ImageTag/api", "1.0", "1.1"),
    ]
    assert (service["layer"], service["effects"]) == ("compute", ["starts a deployment"])
    again = _deploy_plan.deployed(SERVICE, live(), Wish("1.0", OLD, f"{NAME}@{OLD}", True), None)
    assert [each["kind"] for each in _deploy_plan.actions(again)] == ["AWS::ECS::Service"]
    assert _deploy_plan.actions({**step, "act": "stop"}) == []


def test_a_table_says_what_is_done_to_each() -> None:
    idle = _deploy_plan.deployed(SERVICE, live(), Wish("1.0", OLD, f"{NAME}@{OLD}"), None)
    stopped = _deploy_plan.stopped({**SERVICE, "name": "web"}, live(newest={"serviceDeploymentArn": "d"}), {})
    heads, *rows = _deploy_plan.table([stopped, {**idle, "to": idle["from"]}])
    assert heads[0] == "service"
    assert [(row[0], row[-1].partition(";")[0]) for row in rows] == [
        ("api", "runs it already"),
        ("web", "the deployment in progress is taken back"),
    ]
    assert _deploy_plan.table([]) == []
