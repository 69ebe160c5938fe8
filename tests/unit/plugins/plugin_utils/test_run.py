# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.plugin_utils.run import Layers, Run, argument, layer, message


def task(role: str = "network", **variables: Any) -> Any:
    return SimpleNamespace(_role=SimpleNamespace(get_name=lambda include_role_fqcn: role), vars=variables)


def test_an_argument_is_found_by_its_path() -> None:
    assert argument({"tags": {"Name": "one"}}, "tags.Name") == "one"
    assert argument({"name": "two"}, "tags.Name") == ""


def test_a_task_of_no_role_has_no_layer() -> None:
    assert layer(SimpleNamespace(_role=None)) == ""
    assert layer(task()) == "network"


def test_a_module_s_own_actions_get_their_layer() -> None:
    run = Run()
    run.take(task(), {"actions": [{"kind": "k", "name": "n", "verb": "create", "changes": []}]})
    assert [(each["layer"], each["name"]) for each in run.actions] == [("network", "n")]


def test_an_amazon_aws_task_is_compared_with_what_was_there() -> None:
    run = Run()
    run.take(task("stack"), {"before": {"AWS::EC2::VPC": {"v": {"tags": {"A": "1"}}}}})
    arguments = {"name": "v", "tags": {"A": "2"}}
    changed = {"changed": True, "invocation": {"module_args": arguments}}
    run.take(task(stack_kind="AWS::EC2::VPC", stack_name_option="name"), changed)
    assert [(each["verb"], each["name"]) for each in run.actions] == [("update", "v")]
    assert run.actions[0]["changes"][0]["field"] == "tags.A"


def test_each_turn_of_a_loop_counts() -> None:
    run = Run()
    turns = [{"changed": True, "invocation": {"module_args": {"alias": name}}} for name in ("a", "b")]
    run.take(task(stack_kind="AWS::KMS::Key", stack_name_option="alias"), {"results": [*turns, {"changed": False}]})
    assert [(each["verb"], each["name"]) for each in run.actions] == [("create", "a"), ("create", "b")]


def test_what_the_run_is_comes_from_its_first_task() -> None:
    run = Run()
    run.take(task("stack"), {"run": {"environment": "dev", "directory": "build"}})
    run.take(task(), {"changed": False})
    assert (run.environment, run.directory) == ("dev", "build")


def test_what_changes_cost_follows_from_what_the_first_task_says() -> None:
    run = Run()
    assert run.pricing is None
    costs = {"region": "us-east-1", "prices": {"nat.hour": 9.0}, "usage": {"hours": 700}, "services": {"api": {}}}
    run.take(task("stack"), {"run": {"environment": "dev", "costs": costs}})
    run.take(task(), {"changed": False})
    assert run.pricing is not None
    assert (run.pricing.rates.price("nat.hour"), run.pricing.rates.price("nat.gb")) == (9.0, 0.045)
    assert (run.pricing.rates.hours, run.pricing.services) == (700.0, {"api": {}})


def test_a_layer_s_seconds_are_those_of_its_tasks() -> None:
    layers = Layers()
    for name, at in (("stack", 1.0), ("network", 3.0), ("network", 4.0), ("stack", 8.0)):
        layers.enter(name, at)
    layers.leave(8.5)
    layers.leave(99.0)
    assert layers.seconds == {"stack": 2.5, "network": 5.0}


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ({"msg": "denied"}, "denied"),
        ({"msg": "One or more items failed", "results": [{"msg": "-"}, {"failed": True, "msg": "denied"}]}, "denied"),
        ({"censored": "hidden", "results": [{"failed": True, "msg": "seen"}]}, "hidden"),
        ({"msg": "failed", "results": [{"failed": True, "censored": "hidden"}]}, "hidden"),
        ({}, "no message"),
    ],
)
def test_why_a_task_failed(outcome: dict[str, Any], said: str) -> None:
    assert message(outcome) == said


def test_a_stranger_of_amazon_aws_s_kinds_is_told_as_one_to_adopt() -> None:
    run = Run()
    tags = {"Project": "shop"}
    run.take(task("stack"), {"before": {"AWS::EC2::VPC": {"v": {"tags": tags}}}, "strangers": {"AWS::EC2::VPC": ["v"]}})
    arguments = {"name": "v", "tags": {"Project": "uex-payments", "ManagedBy": "uex.payments"}}
    changed = {"changed": True, "invocation": {"module_args": arguments}}
    run.take(task(stack_kind="AWS::EC2::VPC", stack_name_option="name"), changed)
    (action,) = run.actions
    assert (action["verb"], action["effects"]) == ("adopt", ["it exists and is not ours: tags Project=shop"])


def test_a_drift_and_what_is_in_no_inventory_are_kept() -> None:
    run = Run()
    assert (run.document, run.orphans) == ("plan", None)
    run.take(task("stack"), {"run": {"environment": "dev", "directory": "build", "document": "drift"}})
    run.take(task("stack"), {"orphans": []})
    run.take(task("stack"), {"changed": False})
    assert (run.document, run.orphans) == ("drift", [])
