# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract of every resource kind, checked on the embedded AWS in-process."""

from __future__ import annotations

import importlib
from pathlib import Path

import botocore.exceptions
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _plan
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account, Contract, Subject

TESTS = Path(__file__).parent / "plugins" / "modules"


def contracts() -> dict[str, Contract]:
    """The CONTRACT of each module's test, by module, and those of its further kinds."""
    found = {}
    for path in sorted(TESTS.glob("test_*.py")):
        module = importlib.import_module(f"ansible_collections.uex.payments.tests.unit.plugins.modules.{path.stem}")
        if hasattr(module, "CONTRACT"):
            name = path.stem.removeprefix("test_")
            found[name] = module.CONTRACT
            found |= {f"{name}-{kind}": contract for kind, contract in getattr(module, "CONTRACTS", {}).items()}
    return found


CONTRACTS = contracts()
PARAMETERS = [
    pytest.param(name, marks=[pytest.mark.managed_policies] if contract.managed_policies else [])
    for name, contract in CONTRACTS.items()
]


@pytest.fixture(params=PARAMETERS)
def subject(request: pytest.FixtureRequest, aws: None) -> Subject:
    return Subject(CONTRACTS[request.param], Account())


@pytest.fixture
def made(subject: Subject) -> Subject:
    """The subject with its sample in place."""
    assert subject.run().failed == []
    assert subject.account.written()
    return subject


def verbs(plans: list[_plan.Plan]) -> dict[str, str]:
    return {plan.name: plan.verb for plan in plans}


def test_check_mode_plans_the_first_run_and_only_reads(subject: Subject) -> None:
    outcome = subject.run(check_mode=True)
    assert verbs(outcome.plans) == dict.fromkeys(subject.names(), subject.contract.first)
    assert subject.account.written() == []
    for item in outcome.resources.values():
        assert all(item[key] == _plan.UNKNOWN for key in subject.contract.kind.computed)


def test_creates_what_is_missing_and_then_has_nothing_to_do(made: Subject) -> None:
    outcome = made.run()
    assert verbs(outcome.plans) == dict.fromkeys(made.names(), _plan.KEEP)
    assert outcome.done == []
    assert made.account.written() == []
    for item in outcome.resources.values():
        assert all(item[key] not in (None, _plan.UNKNOWN) for key in made.contract.kind.computed)


def test_a_change_updates_one_resource_and_nothing_else(made: Subject) -> None:
    first, *others = made.items
    items = made.with_items([{**first, **made.contract.change}, *others])
    planned = made.run(check_mode=True, **items)
    assert made.account.written() == []
    outcome = made.run(**items)
    assert outcome.failed == []
    name = made.contract.kind.identify(first)
    expected = {**dict.fromkeys(made.names(), _plan.KEEP), name: _plan.UPDATE}
    assert verbs(planned.plans) == verbs(outcome.plans) == expected
    assert made.account.written()
    assert verbs(made.run(**items).plans) == dict.fromkeys(made.names(), _plan.KEEP)


def test_what_aws_sets_by_itself_is_no_drift(subject: Subject) -> None:
    undeclared = dict.fromkeys(subject.contract.unset)
    items = subject.with_items([{**item, **undeclared} for item in subject.items])
    assert subject.run(**items).failed == []
    assert set(verbs(subject.run(**items).plans).values()) == {_plan.KEEP}


def test_prune_deletes_what_is_declared_no_more(made: Subject) -> None:
    if not made.contract.prunable:
        pytest.skip("AWS cannot delete this kind")
    *others, last = made.items
    outcome = made.run(prune=True, **made.with_items(others))
    assert outcome.failed == []
    assert {plan.name for plan in outcome.done} == {made.contract.kind.identify(last)}
    assert made.contract.kind.identify(last) not in made.resource(**made.with_items(others)).observe()


def test_without_prune_nothing_goes(made: Subject) -> None:
    assert made.run(**made.with_items(made.items[:1])).done == []


def test_only_pruning_spares_what_is_declared_and_makes_nothing(subject: Subject) -> None:
    outcome = subject.run(prune=True, only_prune=True)
    assert (outcome.plans, outcome.failed) == ([], [])
    assert subject.account.written() == []
    assert outcome.resources.keys() == set(subject.names())


def test_only_pruning_changes_nothing_that_is_declared(made: Subject) -> None:
    first, *others = made.items
    drifted = made.with_items([{**first, **made.contract.change}, *others])
    assert made.run(prune=True, only_prune=True, **drifted).plans == []
    assert made.account.written() == []


def test_prune_spares_other_environments_and_layers(made: Subject) -> None:
    if not made.contract.kind.taggable:
        pytest.skip("owned through its name or parent, tested with the module")
    for key in ("Environment", "Layer"):
        assert made.run(prune=True, tags={**TAGS, key: "other"}, **made.with_items([])).done == []


def test_a_resource_with_our_name_that_is_not_ours_is_refused_unless_adopted(made: Subject) -> None:
    if not made.contract.kind.taggable:
        pytest.skip("owned through its name or parent, tested with the module")
    if made.contract.shared:
        pytest.skip("used as it is, which the next test is about")
    stranger = {**TAGS, "Project": "other"}
    outcome = made.run(tags=stranger)
    assert {error.code for error in outcome.failed} == {"NotOurs"}
    assert made.account.written() == []
    reported = made.run(check_mode=True, tags=stranger, report_refusals=True)
    assert (reported.failed, set(verbs(reported.plans).values())) == ([], {_plan.REFUSE})
    assert made.run(tags=stranger, adopt=True).failed == []


@pytest.mark.parametrize("owner", [{"Project": "other"}, {"Environment": "other"}])
def test_what_an_account_has_one_of_is_used_as_it_is(made: Subject, owner: dict[str, str]) -> None:
    """By another environment too, which is told so, makes none and takes none away."""
    if not made.contract.shared:
        pytest.skip("there can be many of the kind")
    other = {**TAGS, **owner}
    first, *others = made.items
    changed = made.with_items([{**first, "name": f"{first['name']}-x", **made.contract.change}, *others])
    for arguments in ({}, {"adopt": True}, {"prune": True}, {"prune": True, "only_prune": True}):
        outcome = made.run(tags=other, **arguments, **changed)
        assert (outcome.failed, outcome.done) == ([], [])
    planned = made.run(check_mode=True, tags=other, **changed)
    assert set(verbs(planned.plans).values()) == {_plan.KEEP}
    assert all(plan.note for plan in planned.plans)
    assert made.run(prune=True, tags=other, **made.with_items([])).done == []
    assert made.account.written() == []
    assert [plan.note for plan in made.run().plans] == [""] * len(made.items)


def test_deleting_twice_is_fine(made: Subject) -> None:
    if not made.contract.prunable:
        pytest.skip("AWS cannot delete this kind")
    resource = made.resource()
    observed = resource.observe()
    for name in reversed(made.names()):
        resource.delete(name, observed[name])
        resource.delete(name, observed[name])


def test_a_denied_read_is_an_error_and_not_absence(subject: Subject) -> None:
    subject.account.deny_reads = True
    with pytest.raises(botocore.exceptions.ClientError, match="AccessDenied"):
        subject.run()
    assert subject.account.written() == []
