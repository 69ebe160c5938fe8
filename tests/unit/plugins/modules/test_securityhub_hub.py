# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _standards
from ansible_collections.uex.payments.plugins.modules.securityhub_hub import Hub
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

NAME = "uex-payments-test-hub"
FOUNDATIONAL = "aws-foundational-security-best-practices/v/1.0.0"
OLD, NEW = "cis-aws-foundations-benchmark/v/1.2.0", "cis-aws-foundations-benchmark/v/3.0.0"


def item(**changed: Any) -> dict[str, Any]:
    return {
        "name": NAME,
        "standards": [FOUNDATIONAL],
        "auto_enable_controls": None,
        "control_finding_generator": "SECURITY_CONTROL",
        "tags": None,
        **changed,
    }


def sample(_connect: Connect) -> dict[str, Any]:
    return {"hubs": [item()]}


CONTRACT = Contract(
    Hub,
    sample,
    change={"standards": [NEW, OLD], "auto_enable_controls": False},
    unset=("standards", "control_finding_generator"),
    shared=True,
)


@pytest.fixture
def subject(aws: None) -> Subject:
    return Subject(CONTRACT, Account())


def enabled(subject: Subject) -> list[str]:
    listed = subject.account.connect("securityhub").get_enabled_standards()["StandardsSubscriptions"]
    return sorted(each["StandardsArn"] for each in listed)


def test_the_standards_are_those_that_are_declared(subject: Subject) -> None:
    assert subject.run().failed == []
    assert enabled(subject) == [f"arn:aws:securityhub:us-east-1::standards/{FOUNDATIONAL}"]
    assert subject.run(hubs=[item(standards=[OLD])]).failed == []
    assert enabled(subject) == [f"arn:aws:securityhub:::ruleset/{OLD}"]
    assert subject.run(hubs=[item(standards=[])]).failed == []
    assert enabled(subject) == []


def test_somebody_else_s_standards_stay(subject: Subject) -> None:
    subject.account.connect("securityhub").enable_security_hub(Tags={"Project": "theirs"})
    before = enabled(subject)
    (plan,) = subject.run().plans
    assert plan.verb == "keep"
    assert "tags Project=theirs" in plan.note
    assert enabled(subject) == before


@pytest.mark.parametrize("name", [FOUNDATIONAL, OLD, NEW])
def test_a_standard_is_known_by_the_end_of_its_arn(name: str) -> None:
    assert _standards.name(_standards.arn("aws", "us-east-1", name)) == name


@pytest.mark.parametrize("standards", [["pci-dss"], [FOUNDATIONAL, FOUNDATIONAL], ["pci-dss/v/4"]])
def test_what_is_no_standard(standards: list[str]) -> None:
    (problem,) = Hub(lambda service: None, {}).validate(item(standards=standards))
    assert problem.startswith("standards: ")
