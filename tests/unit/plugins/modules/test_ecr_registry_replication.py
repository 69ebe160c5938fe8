# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.ecr_registry_replication import ReplicationRule
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

FIRST, SECOND = "uex-payments-test/", "uex-payments-test/tools/"
FOREIGN = {
    "destinations": [{"region": "eu-west-1", "registryId": "123456789012"}],
    "repositoryFilters": [{"filter": "uex-payments-other/", "filterType": "PREFIX_MATCH"}],
}


def item(prefix: str, *regions: str) -> dict[str, Any]:
    return {"repository_prefix": prefix, "regions": list(regions)}


def sample(connect: Connect) -> dict[str, Any]:
    connect("ecr").put_replication_configuration(replicationConfiguration={"rules": [FOREIGN]})
    rules = [item(FIRST, "us-west-2", "eu-west-1"), item(SECOND, "us-west-2")]
    return {"prefix": "uex-payments-test/", "replication_rules": rules}


CONTRACT = Contract(ReplicationRule, sample, change={"regions": ["us-west-2"]})


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    return subject


def test_rules_of_others_stay(made: Subject) -> None:
    read = made.account.connect("ecr").describe_registry
    assert len(read()["replicationConfiguration"]["rules"]) == 3
    assert made.run(prune=True, replication_rules=[]).failed == []
    assert read()["replicationConfiguration"] == {"rules": [FOREIGN]}


def test_another_environment_has_its_own(made: Subject) -> None:
    other = made.resource(prefix="uex-payments-other/", replication_rules=[])
    assert set(other.observe()) == {"uex-payments-other/"}


@pytest.mark.parametrize(
    ("given", "option"),
    [
        (item(FIRST, "us-west-2"), []),
        (item(FIRST), ["regions"]),
        (item("uex-payments-other/", "us-west-2"), ["repository_prefix"]),
    ],
)
def test_what_aws_or_the_prefix_refuses(given: dict[str, Any], option: list[str]) -> None:
    resource = ReplicationRule(lambda service: None, {"prefix": "uex-payments-test/"})
    assert [problem.partition(":")[0] for problem in resource.validate(given)] == option
