# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _summary
from ansible_collections.uex.payments.plugins.module_utils._cost_changes import Pricing
from ansible_collections.uex.payments.plugins.module_utils._cost_prices import Rates
from ansible_collections.uex.payments.tests.support import costs


def action(name: str = "a", verb: str = "update", **more: Any) -> dict[str, Any]:
    changes = [{"field": "cidr", "before": "10.0.0.0/24", "after": "10.0.1.0/24"}]
    return {"layer": "network", "kind": "AWS::EC2::Subnet", "name": name, "verb": verb, "changes": changes, **more}


def test_the_order_of_tasks_does_not_matter() -> None:
    key = action("k", layer="foundation", kind="AWS::KMS::Key")
    plan = _summary.document("dev", [action("b"), action("a"), key])
    assert plan == _summary.document("dev", [key, action("a"), action("b")])
    assert [each["name"] for each in plan["actions"]] == ["k", "a", "b"]
    assert plan["summary"] == {"create": 0, "update": 3, "replace": 0, "delete": 0}


def test_an_action_has_all_documented_fields_and_without_prices_no_cost() -> None:
    (entry,) = _summary.document("dev", [action()])["actions"]
    assert set(entry) == {"layer", "kind", "name", "verb", "changes", "effects", "monthly_cost_change"}
    assert entry["monthly_cost_change"] is None


def test_two_tasks_on_one_resource_are_one_action() -> None:
    other = action(changes=[{"field": "acl", "before": None, "after": []}])
    (entry,) = _summary.document("dev", [action(), other])["actions"]
    assert [change["field"] for change in entry["changes"]] == ["acl", "cidr"]


def test_two_tasks_on_one_resource_bring_about_what_both_do() -> None:
    actions = [action(effects=["needs reboot"]), action(effects=["interrupts", "needs reboot"]), action()]
    (entry,) = _summary.document("dev", actions)["actions"]
    assert entry["effects"] == ["interrupts", "needs reboot"]


def test_what_belongs_to_no_layer_is_no_part_of_the_plan() -> None:
    assert _summary.document("dev", [action(layer="stack")])["actions"] == []


@pytest.mark.parametrize(
    ("verb", "line"),
    [
        ("create", "    + AWS::EC2::Subnet  a"),
        ("update", "    ~ AWS::EC2::Subnet  a"),
        ("replace", "  -/+ AWS::EC2::Subnet  a"),
        ("delete", "    - AWS::EC2::Subnet  a"),
    ],
)
def test_every_verb_has_its_sign(verb: str, line: str) -> None:
    assert line in _summary.lines(_summary.document("dev", [action(verb=verb)]))


def test_a_change_shows_before_and_after_a_creation_after_alone() -> None:
    changed = _summary.lines(_summary.document("dev", [action()]))
    created = _summary.lines(_summary.document("dev", [action(verb="create")]))
    assert "          cidr: 10.0.0.0/24 -> 10.0.1.0/24" in changed
    assert "          cidr: 10.0.1.0/24" in created


def test_what_a_change_brings_about_is_marked() -> None:
    lines = _summary.lines(_summary.document("dev", [action(effects=["needs reboot"])]))
    assert "    ~ AWS::EC2::Subnet  a  (needs reboot)" in lines


def test_a_long_value_is_cut_on_screen_alone() -> None:
    long = action(changes=[{"field": "policy", "before": None, "after": "x" * 500}])
    plan = _summary.document("dev", [long])
    assert max(len(line) for line in _summary.lines(plan)) < 100
    assert plan["actions"][0]["changes"][0]["after"] == "x" * 500


def test_the_last_line_counts() -> None:
    plan = _summary.document("dev", [action(), action("b", "create")])
    assert _summary.total(plan, planning=True).startswith("Plan: 1 to create, 1 to change, 0 to replace, 0 to delete.")
    assert _summary.total(plan, planning=False).startswith("Done: 1 created, 1 changed")
    assert _summary.total(_summary.document("dev", []), planning=True).startswith("No changes")


PRICING = Pricing(Rates({"kms.key_month": 1.0, "dashboard.month": 3.0}, costs.usage()), {})
KEY = action("k", "create", layer="foundation", kind="AWS::KMS::Key")
DASHBOARD = action("d", "delete", layer="monitoring", kind="AWS::CloudWatch::Dashboard")
ZONE = action("z", "create", layer="edge", kind="AWS::Route53::HostedZone")


def test_with_prices_every_action_says_what_it_costs_whatever_the_order_of_tasks() -> None:
    plan = _summary.document("dev", [DASHBOARD, action(), ZONE, KEY], PRICING)
    costs = {entry["name"]: entry["monthly_cost_change"] for entry in plan["actions"]}
    assert costs == {"k": 1.0, "a": 0.0, "z": None, "d": -3.0}
    assert _summary.total(plan, planning=True).endswith("Monthly cost change: -2.00 USD, 1 not known.")


def test_newer_prices_move_no_saved_plan() -> None:
    dearer = PRICING._replace(rates=PRICING.rates._replace(prices={"kms.key_month": 2.0}))
    assert _summary.moved(_summary.document("dev", [KEY], PRICING), _summary.document("dev", [KEY], dearer)) == []


def test_a_saved_plan_is_the_same_however_it_was_written() -> None:
    saved = _summary.document("dev", [action(changes=[{"field": "ports", "before": (1,), "after": [2]}])])
    fresh = _summary.document("dev", [action(changes=[{"field": "ports", "before": [1], "after": (2,)}])])
    assert _summary.moved(saved, fresh) == []


@pytest.mark.parametrize(
    ("fresh", "line"),
    [
        ([], "no more: ~ AWS::EC2::Subnet a (cidr)"),
        ([action(), action("b")], "new: ~ AWS::EC2::Subnet b (cidr)"),
        ([action(verb="replace")], "other: -/+ AWS::EC2::Subnet a (cidr)"),
        ([action(effects=["interrupts"])], "other: ~ AWS::EC2::Subnet a (cidr)"),
    ],
)
def test_what_moved_since_a_plan_was_saved(fresh: list[dict[str, Any]], line: str) -> None:
    assert _summary.moved(_summary.document("dev", [action()]), _summary.document("dev", fresh)) == [line]


def test_a_plan_of_another_environment_is_not_the_saved_one() -> None:
    assert len(_summary.moved(_summary.document("prod", []), _summary.document("dev", []))) == 1
