# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _wait
from ansible_collections.uex.payments.plugins.modules.ecs_cluster import Cluster
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject
from ansible_collections.uex.payments.tests.support.edge import without_pauses
from ansible_collections.uex.payments.tests.support.fake import Refused

STRATEGY = [{"capacity_provider": "FARGATE", "base": 1, "weight": 1}]


def cluster(name: str, namespace: str) -> dict[str, Any]:
    return {
        "name": name,
        "container_insights": "enabled",
        "capacity_providers": ["FARGATE_SPOT", "FARGATE"],
        "default_capacity_provider_strategy": STRATEGY,
        "execute_command_configuration": {
            "logging": "OVERRIDE",
            "kms_key_id": None,
            "cloud_watch_log_group_name": f"{name}-exec",
            "cloud_watch_encryption_enabled": True,
        },
        "service_connect_namespace": namespace,
        "tags": None,
    }


def sample(connect: Connect) -> dict[str, Any]:
    cloud_map = connect("servicediscovery")
    operation = cloud_map.create_http_namespace(Name="uex-payments-test")["OperationId"]
    namespace_id = cloud_map.get_operation(OperationId=operation)["Operation"]["Targets"]["NAMESPACE"]
    namespace = cloud_map.get_namespace(Id=namespace_id)["Namespace"]["Arn"]
    return {"clusters": [cluster(name, namespace) for name in ("uex-payments-test", "uex-payments-test-two")]}


CONTRACT = Contract(
    Cluster,
    sample,
    change={"container_insights": "enhanced"},
    unset=(
        "container_insights",
        "capacity_providers",
        "default_capacity_provider_strategy",
        "execute_command_configuration",
        "service_connect_namespace",
    ),
)


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    subject.account.written()
    return subject


@pytest.mark.parametrize(
    ("change", "calls"),
    [
        ({"container_insights": "disabled"}, ["UpdateCluster"]),
        (
            {"default_capacity_provider_strategy": [{"capacity_provider": "FARGATE_SPOT", "base": 0, "weight": 1}]},
            ["PutClusterCapacityProviders"],
        ),
        ({"tags": {"Team": "payments"}}, ["TagResource"]),
        (
            {
                "execute_command_configuration": {
                    "logging": "OVERRIDE",
                    "kms_key_id": None,
                    "cloud_watch_log_group_name": "other",
                    "cloud_watch_encryption_enabled": False,
                }
            },
            ["UpdateCluster"],
        ),
    ],
)
def test_only_what_differs_is_written(made: Subject, change: dict[str, Any], calls: list[str]) -> None:
    first, *others = made.items
    items = made.with_items([{**first, **change}, *others])
    assert made.run(**items).failed == []
    assert [operation for _service, operation in made.account.written()] == calls
    assert made.run(**items).done == []


@pytest.mark.parametrize(
    ("strategy", "problems"),
    [
        (None, []),
        ([], []),
        (STRATEGY, []),
        ([{"capacity_provider": "FARGATE", "base": 1, "weight": 0}], ["at least one capacity provider needs a weight"]),
        ([{**STRATEGY[0]}, {**STRATEGY[0], "capacity_provider": "FARGATE_SPOT"}], ["only one capacity provider"]),
    ],
)
def test_strategies_that_aws_refuses(strategy: Any, problems: list[str]) -> None:
    found = list(Cluster(lambda service: None, {}).validate({"default_capacity_provider_strategy": strategy}))
    assert len(found) == len(problems)
    for problem, expected in zip(found, problems, strict=True):
        assert problem.startswith(f"default_capacity_provider_strategy: {expected}")


def test_a_cluster_whose_last_services_are_still_counted_is_tried_again(
    aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = [Refused("ClusterContainsServicesException"), None]

    def delete_cluster(cluster: str) -> None:
        if error := refusals.pop(0):
            raise error

    resource = Subject(CONTRACT, Account()).resource()
    monkeypatch.setattr(_wait, "until", without_pauses)
    monkeypatch.setattr(resource, "connect", lambda service: SimpleNamespace(delete_cluster=delete_cluster))
    resource.delete("uex-payments-test", {})
    assert refusals == []
