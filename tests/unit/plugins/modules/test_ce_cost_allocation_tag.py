# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.uex.payments.plugins.module_utils._resource import reconcile
from ansible_collections.uex.payments.plugins.modules.ce_cost_allocation_tag import CostAllocationTag
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account, Connect, Contract, Subject
from embedded_aws.extensions import ce

ACCOUNT = "123456789012"


def sample(_connect: Connect) -> dict[str, Any]:
    ce.see(ACCOUNT, "Environment", "Layer")
    return {"cost_allocation_tags": [{"name": name, "status": "Active"} for name in ("Environment", "Layer")]}


CONTRACT = Contract(CostAllocationTag, sample, change={"status": "Inactive"}, prunable=False, first="update")


@pytest.fixture
def subject(aws: None) -> Subject:
    return Subject(CONTRACT, Account())


def test_a_tag_that_aws_has_not_seen_is_promised_by_no_plan_and_activated_later(subject: Subject) -> None:
    items = subject.with_items([*subject.items, {"name": "Project", "status": "Active"}])
    for check_mode in (True, False):
        outcome = subject.run(check_mode, **items)
        assert {plan.name: plan.verb for plan in outcome.plans} == {
            **dict.fromkeys(["Environment", "Layer"], "update"),
            "Project": "keep",
        }
        assert [plan.name for plan in outcome.plans if "has not yet seen the tag Project" in plan.note] == ["Project"]
    ce.see(ACCOUNT, "Project")
    assert {plan.name: plan.verb for plan in subject.run(**items).done} == {"Project": "update"}


class Linked:
    """Cost Explorer in a member of an organisation."""

    def __init__(self, message: str) -> None:
        self.message = message

    def can_paginate(self, _operation: str) -> bool:
        return False

    def list_cost_allocation_tags(self, **_arguments: Any) -> Any:
        raise ClientError(
            {"Error": {"Code": "AccessDeniedException", "Message": self.message}}, "ListCostAllocationTags"
        )


def refused(message: str) -> CostAllocationTag:
    options = {"tags": TAGS, "cost_allocation_tags": [{"name": "Environment", "status": "Active"}]}
    return CostAllocationTag(lambda _service: Linked(message), options)


def test_a_member_of_an_organisation_is_told_who_can() -> None:
    said = "Failed to list Cost Allocation Tags: Linked account doesn't have access to cost allocation tags."
    (plan,) = reconcile(refused(said)).plans
    assert plan.verb == "keep"
    assert "payer account" in plan.note


def test_a_missing_right_is_an_error() -> None:
    with pytest.raises(ClientError, match="not authorized"):
        reconcile(refused("User: x is not authorized to perform: ce:ListCostAllocationTags"))


@pytest.mark.parametrize("name", ["", "aws:createdBy", "x" * 129])
def test_what_is_no_tag_of_one_s_own(name: str) -> None:
    (problem,) = CostAllocationTag(lambda service: None, {}).validate({"name": name, "status": "Active"})
    assert problem.startswith("name: ")
