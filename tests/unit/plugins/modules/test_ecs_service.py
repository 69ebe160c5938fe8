# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import botocore.exceptions
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _ecs, _plan, _wait
from ansible_collections.uex.payments.plugins.modules.ecs_service import Service
from ansible_collections.uex.payments.tests.support import ecs
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject
from ansible_collections.uex.payments.tests.support.edge import without_pauses

API, WEB = ecs.SERVICES
REPOSITORY = "uex-payments-test/api"
MANIFEST = '{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json"}'


def service(connect: Connect, name: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "task_definition": ecs.definition(connect, name, f"{ecs.REGISTRY}/{REPOSITORY}:1"),
        "desired_count": 2,
        "autoscaled": False,
        "image": {"repository_name": REPOSITORY, "tag": "1"},
        "capacity_provider_strategy": [{"capacity_provider": "FARGATE", "base": 1, "weight": 1}],
        "platform_version": "LATEST",
        "network_configuration": ecs.network(connect),
        "load_balancers": [],
        "health_check_grace_period_seconds": None,
        "service_connect_configuration": {
            "enabled": True,
            "namespace": None,
            "services": [
                {"port_name": "http", "discovery_name": name, "client_aliases": [{"port": 8080, "dns_name": None}]}
            ],
        },
        "deployment_configuration": {
            "strategy": "ROLLING",
            "maximum_percent": 200,
            "minimum_healthy_percent": 100,
            "deployment_circuit_breaker": {"enable": True, "rollback": True},
        },
        "enable_execute_command": False,
        "enable_ecs_managed_tags": True,
        "propagate_tags": "SERVICE",
        "availability_zone_rebalancing": "ENABLED",
        "tags": None,
        **more,
    }


def push(connect: Connect, tag: str) -> None:
    connect("ecr").put_image(repositoryName=REPOSITORY, imageManifest=MANIFEST, imageTag=tag)


def without_image(connect: Connect) -> dict[str, Any]:
    namespace = {"namespace": "uex-payments-test"}
    providers = ["FARGATE", "FARGATE_SPOT"]
    connect("ecs").create_cluster(
        clusterName=ecs.CLUSTER, capacityProviders=providers, serviceConnectDefaults=namespace
    )
    services = [service(connect, name) for name in ecs.SERVICES]
    return {"cluster": ecs.CLUSTER, "services": services}


def sample(connect: Connect) -> dict[str, Any]:
    connect("ecr").create_repository(repositoryName=REPOSITORY)
    push(connect, "1")
    return without_image(connect)


CONTRACT = Contract(
    Service,
    sample,
    change={"enable_execute_command": True},
    unset=(
        "image",
        "capacity_provider_strategy",
        "platform_version",
        "load_balancers",
        "service_connect_configuration",
        "deployment_configuration",
        "enable_execute_command",
        "enable_ecs_managed_tags",
        "propagate_tags",
        "availability_zone_rebalancing",
    ),
)


@pytest.fixture
def subject(aws: None) -> Subject:
    return Subject(CONTRACT, Account())


@pytest.fixture
def made(subject: Subject) -> Subject:
    assert subject.run().failed == []
    subject.account.written()
    return subject


@pytest.fixture
def waiting(aws: None) -> Subject:
    """The subject on an account that has no repository, autoscaled."""
    subject = Subject(Contract(Service, without_image, change={}), Account())
    subject.options["services"] = [{**item, "autoscaled": True} for item in subject.items]
    return subject


def changed(subject: Subject, **change: Any) -> dict[str, Any]:
    first, *others = subject.items
    return subject.with_items([{**first, **change}, *others])


def scale(subject: Subject, low: int, suspended: bool) -> None:
    state = dict.fromkeys(
        ("DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended"), suspended
    )
    subject.account.connect("application-autoscaling").register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId=f"service/{ecs.CLUSTER}/{API}",
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=low,
        MaxCapacity=4,
        SuspendedState=state,
    )


def count(subject: Subject, number: int) -> None:
    subject.account.connect("ecs").update_service(cluster=ecs.CLUSTER, service=API, desiredCount=number)


def test_a_service_runs_what_it_was_told_to(made: Subject) -> None:
    found = made.resource().observe()[API]
    assert (found["desired_count"], found["running_count"], found["rollout"], found["ready"]) == (2, 2, "done", True)
    assert (found["started"], found["waiting_for_image"]) == (True, False)


def test_without_its_image_it_is_made_without_tasks_and_says_so(waiting: Subject) -> None:
    planned = waiting.run(check_mode=True).resources[API]
    assert planned["waiting_for_image"] is True
    assert not planned.get("started")
    found = waiting.run().resources[API]
    assert (found["desired_count"], found["waiting_for_image"], found["started"]) == (0, True, False)
    assert waiting.run().done == []


@pytest.mark.parametrize("target", [False, True])
def test_with_its_image_it_is_started(waiting: Subject, target: bool) -> None:
    waiting.run()
    if target:
        scale(waiting, 0, suspended=True)
    waiting.account.connect("ecr").create_repository(repositoryName=REPOSITORY)
    assert waiting.run().done == []
    push(waiting.account.connect, "1")
    (plan, _other) = waiting.run(check_mode=True).plans
    assert [change.field for change in plan.changes] == ["started"]
    assert waiting.run().resources[API]["running_count"] == 2
    assert waiting.run().done == []


def test_one_that_is_not_autoscaled_waits_and_starts_as_well(waiting: Subject) -> None:
    waiting.options["services"] = [{**item, "autoscaled": False} for item in waiting.items]
    assert waiting.run().resources[API]["desired_count"] == 0
    assert waiting.run().done == []
    waiting.account.connect("ecr").create_repository(repositoryName=REPOSITORY)
    push(waiting.account.connect, "1")
    assert waiting.run().resources[API]["desired_count"] == 2


def test_one_that_runs_keeps_its_tasks_until_the_new_image_is_there(made: Subject) -> None:
    new = ecs.definition(made.account.connect, API, f"{ecs.REGISTRY}/{REPOSITORY}:2")
    items = changed(made, task_definition=new, image={"repository_name": REPOSITORY, "tag": "2"})
    assert made.run(**items).done == []
    assert made.run(**items).resources[API]["waiting_for_image"] is True
    assert made.resource().observe()[API]["running_count"] == 2
    push(made.account.connect, "2")
    assert made.run(**items).resources[API]["task_definition"] == new


@pytest.mark.parametrize("number", [0, 1, 4])
def test_the_count_of_an_autoscaled_service_is_left_alone(made: Subject, number: int) -> None:
    items = made.with_items([{**item, "autoscaled": True} for item in made.items])
    scale(made, 0, suspended=False)
    count(made, number)
    assert made.run(**items).done == []
    assert made.resource().observe()[API]["desired_count"] == number


def test_the_count_of_another_is_brought_back(made: Subject) -> None:
    count(made, 1)
    assert made.run().resources[API]["desired_count"] == 2


@pytest.mark.parametrize(
    ("change", "deploys"),
    [
        ({"deployment_configuration": {"strategy": "ROLLING", "maximum_percent": 150}}, False),
        ({"desired_count": 3}, False),
        ({"enable_execute_command": True}, False),
        ({"enable_ecs_managed_tags": False}, False),
        ({"propagate_tags": "NONE"}, False),
        ({"health_check_grace_period_seconds": 30}, False),
        ({"capacity_provider_strategy": [{"capacity_provider": "FARGATE_SPOT", "base": 0, "weight": 1}]}, True),
        ({"service_connect_configuration": {"enabled": False, "namespace": None, "services": None}}, True),
        ({"platform_version": "1.4.0"}, True),
    ],
)
def test_changes_are_written_alone_and_start_a_deployment_or_not(
    made: Subject, change: dict[str, Any], deploys: bool
) -> None:
    def deployment() -> str:
        query = {"cluster": ecs.CLUSTER, "services": [API]}
        return str(made.account.connect("ecs").describe_services(**query)["services"][0]["deployments"][0]["id"])

    before, items = deployment(), changed(made, **change)
    outcome = made.run(**items)
    assert outcome.failed == []
    assert [operation for _service, operation in made.account.written()] == ["UpdateService"]
    assert (deployment() != before) is deploys is _ecs.starts_deployment(outcome.done[0].options)
    assert made.run(**items).done == []


def test_tags_alone_are_no_update_of_the_service(made: Subject) -> None:
    assert made.run(**changed(made, tags={"Team": "payments"})).failed == []
    assert [operation for _service, operation in made.account.written()] == ["TagResource"]


def test_more_services_than_can_be_described_at_once(subject: Subject) -> None:
    first = subject.items[0]
    many = subject.with_items([{**first, "name": f"{API}-{number:02}", "image": None} for number in range(11)])
    many["services"] = [{**item, "service_connect_configuration": None} for item in many["services"]]
    assert subject.run(**many).failed == []
    assert len(subject.resource(**many).observe()) == 11


def test_a_cluster_that_is_not_there_yet_has_no_services(subject: Subject) -> None:
    assert subject.resource(cluster="other").observe() == {}


def test_only_pruning_takes_away_and_does_nothing_else(made: Subject) -> None:
    bare = {**dict.fromkeys(made.items[0]), "desired_count": 1, "autoscaled": False}
    items = made.with_items([{**bare, "name": API}, {**bare, "name": "uex-payments-test-new"}])
    outcome = made.run(only_prune=True, prune=True, **items)
    assert [(plan.name, plan.verb) for plan in outcome.done] == [(WEB, _plan.DELETE)]
    assert outcome.failed == []
    assert list(made.resource().observe()) == [API]


@pytest.mark.parametrize(
    ("change", "options"),
    [
        ({}, []),
        ({"task_definition": None}, ["task_definition"]),
        ({"desired_count": -1}, ["desired_count"]),
        (
            {"capacity_provider_strategy": [{"capacity_provider": "FARGATE", "base": 1, "weight": 0}]},
            ["capacity_provider_strategy"],
        ),
    ],
)
def test_what_aws_would_refuse(change: dict[str, Any], options: list[str]) -> None:
    item = {"task_definition": "api:1", "desired_count": 1, "capacity_provider_strategy": None, **change}
    resource = Service(lambda service: None, {})
    assert [problem.partition(":")[0] for problem in resource.validate(item)] == options


class Calls:
    """A client that answers CreateService with errors in turn and notes which role was made."""

    def __init__(self, *errors: tuple[str, str]) -> None:
        self.errors = list(errors)
        self.roles: list[str] = []

    def describe_services(self, **unused: Any) -> dict[str, Any]:
        return {"services": []}

    def create_service(self, **unused: Any) -> None:
        if self.errors:
            code, message = self.errors.pop(0)
            error = {"Error": {"Code": code, "Message": message}}
            raise botocore.exceptions.ClientError(error, "CreateService")  # type: ignore[arg-type]

    def create_service_linked_role(self, AWSServiceName: str) -> None:
        self.roles.append(AWSServiceName)


NO_ROLE = (
    "InvalidParameterException",
    "Unable to assume the service linked role. Please verify that the ECS service linked role exists.",
)
DESIRED = {"initial": {"task_definition": "api:1", "desired_count": 0}, "tags": {}}


def test_an_account_without_the_service_linked_role_gets_it() -> None:
    calls = Calls(NO_ROLE)
    Service(lambda service: calls, {"cluster": "c"}).create("api", DESIRED)
    assert (calls.roles, calls.errors) == (["ecs.amazonaws.com"], [])


def test_any_other_error_passes() -> None:
    calls = Calls(("InvalidParameterException", "no such subnet"))
    with pytest.raises(botocore.exceptions.ClientError, match="no such subnet"):
        Service(lambda service: calls, {"cluster": "c"}).create("api", DESIRED)
    assert calls.roles == []


@pytest.mark.parametrize(("wait", "looks"), [(True, 2), (False, 0)])
def test_the_end_of_a_deleted_service_s_tasks_is_awaited_unless_asked_not_to(
    wait: bool, looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_wait, "until", without_pauses)
    statuses = ["INACTIVE", "DRAINING"]
    seen: list[str] = []

    def describe_services(**unused: Any) -> dict[str, Any]:
        seen.append(statuses.pop())
        return {"services": [{"status": seen[-1]}]}

    client = SimpleNamespace(delete_service=lambda **unused: {}, describe_services=describe_services)
    resource = Service(lambda service: client, {"cluster": "c", "services": [], "wait": wait})
    resource.delete("api", {})
    assert len(seen) == looks
