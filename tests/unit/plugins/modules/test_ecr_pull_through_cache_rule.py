# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.ecr_pull_through_cache_rule import PullThroughCacheRule
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

PUBLIC, HUB = "uex-payments-test/public", "uex-payments-test/hub"


def secret(connect: Connect, name: str) -> str:
    made = connect("secretsmanager").create_secret(Name=f"ecr-pullthroughcache/{name}", SecretString="{}")
    return str(made["ARN"])


def sample(connect: Connect) -> dict[str, Any]:
    hub = {"upstream_registry_url": "registry-1.docker.io", "credential_arn": secret(connect, "hub")}
    public = {"upstream_registry_url": "public.ecr.aws", "credential_arn": None}
    rules = [{"ecr_repository_prefix": HUB, **hub}, {"ecr_repository_prefix": PUBLIC, **public}]
    return {"prefix": "uex-payments-test/", "pull_through_cache_rules": rules, "delete_repositories": False}


OTHER = "arn:aws:secretsmanager:us-east-1:123456789012:secret:ecr-pullthroughcache/other-AbCdEf"
CONTRACT = Contract(PullThroughCacheRule, sample, change={"credential_arn": OTHER}, unset=())


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    for name in (f"{PUBLIC}/x/y", "uex-payments-test/publicity"):
        subject.account.connect("ecr").create_repository(repositoryName=name)
    subject.account.written()
    return subject


def repositories(subject: Subject) -> list[str]:
    found = subject.account.connect("ecr").describe_repositories()["repositories"]
    return sorted(each["repositoryName"] for each in found)


@pytest.mark.parametrize(
    ("delete", "left"),
    [(False, [f"{PUBLIC}/x/y", "uex-payments-test/publicity"]), (True, ["uex-payments-test/publicity"])],
)
def test_what_was_cached_goes_with_its_rule_when_asked(made: Subject, delete: bool, left: list[str]) -> None:
    assert made.run(prune=True, delete_repositories=delete, pull_through_cache_rules=[]).failed == []
    assert made.resource().observe() == {}
    assert repositories(made) == left


def test_a_rule_stays_with_its_registry(made: Subject) -> None:
    hub, public = made.items
    moved = {**public, "upstream_registry_url": "quay.io"}
    assert [error.code for error in made.run(**made.with_items([hub, moved])).failed] == ["Frozen"]


def test_rules_of_others_are_left_alone(made: Subject) -> None:
    other = {"ecrRepositoryPrefix": "uex-payments-other", "upstreamRegistryUrl": "quay.io"}
    made.account.connect("ecr").create_pull_through_cache_rule(**other)
    assert set(made.resource().observe()) == {HUB, PUBLIC}


def test_a_prefix_begins_as_it_should() -> None:
    item = {"ecr_repository_prefix": "other/x", "upstream_registry_url": "quay.io", "credential_arn": None}
    resource = PullThroughCacheRule(lambda service: None, {"prefix": "uex-payments-test/"})
    assert [problem.partition(":")[0] for problem in resource.validate(item)] == ["ecr_repository_prefix"]
