# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.ecr_registry_scanning import ScanningRule
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

FIRST, SECOND = "uex-payments-test/", "uex-payments-test/tools/"
FOREIGN = {"filter": "uex-payments-other/*", "filterType": "WILDCARD"}


def item(prefix: str, frequency: str = "CONTINUOUS_SCAN", kind: str = "ENHANCED") -> dict[str, Any]:
    return {"repository_prefix": prefix, "scan_type": kind, "scan_frequency": frequency}


def sample(connect: Connect) -> dict[str, Any]:
    rules = [{"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [FOREIGN]}]
    connect("ecr").put_registry_scanning_configuration(scanType="BASIC", rules=rules)
    return {"prefix": "uex-payments-test/", "scanning_rules": [item(FIRST), item(SECOND)]}


CONTRACT = Contract(ScanningRule, sample, change={"scan_frequency": "SCAN_ON_PUSH"})


def rules(subject: Subject) -> tuple[str, dict[str, list[str]]]:
    """The registry's type and its filters by frequency."""
    found = subject.account.connect("ecr").get_registry_scanning_configuration()["scanningConfiguration"]
    by_frequency = {
        rule["scanFrequency"]: sorted(each["filter"] for each in rule["repositoryFilters"]) for rule in found["rules"]
    }
    return found["scanType"], by_frequency


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    return subject


def test_rules_of_others_stay(made: Subject) -> None:
    ours = sorted(f"{prefix}*" for prefix in (FIRST, SECOND))
    assert rules(made) == ("ENHANCED", {"CONTINUOUS_SCAN": ours, "SCAN_ON_PUSH": [FOREIGN["filter"]]})
    assert made.run(prune=True, scanning_rules=[]).failed == []
    assert rules(made) == ("ENHANCED", {"SCAN_ON_PUSH": [FOREIGN["filter"]]})


def test_when_the_last_rule_goes_the_type_is_aws_s_own(aws: None) -> None:
    subject = Subject(CONTRACT, Account())
    subject.account.connect("ecr").put_registry_scanning_configuration(scanType="BASIC", rules=[])
    assert subject.run().failed == []
    assert subject.run(prune=True, scanning_rules=[]).failed == []
    assert rules(subject) == ("BASIC", {})


def test_another_environment_has_its_own(made: Subject) -> None:
    other = made.resource(prefix="uex-payments-other/", scanning_rules=[])
    assert set(other.observe()) == {"uex-payments-other/"}
    assert not made.resource().owned("uex-payments-other/", {})


@pytest.mark.parametrize(
    ("given", "option"),
    [
        (item(FIRST), []),
        (item(FIRST, "SCAN_ON_PUSH", "BASIC"), []),
        (item(FIRST, "CONTINUOUS_SCAN", "BASIC"), ["scan_frequency"]),
        (item("uex-payments-other/"), ["repository_prefix"]),
        (item("uex-payments-test/*"), ["repository_prefix"]),
    ],
)
def test_what_aws_or_the_prefix_refuses(given: dict[str, Any], option: list[str]) -> None:
    resource = ScanningRule(lambda service: None, {"prefix": "uex-payments-test/"})
    assert [problem.partition(":")[0] for problem in resource.validate(given)] == option
