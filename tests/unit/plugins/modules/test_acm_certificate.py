# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime
import json
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _certificates, _plan, _wait
from ansible_collections.uex.payments.plugins.modules.acm_certificate import Certificate
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject
from ansible_collections.uex.payments.tests.support.edge import without_pauses
from ansible_collections.uex.payments.tests.support.fake import Refused


def item(name: str, **declared: Any) -> dict[str, Any]:
    base = {"name": f"uex-payments-test-{name}", "domain_name": name, "tags": None}
    return {**base, "subject_alternative_names": [], "self_signed": False, **declared}


def sample(connect: Connect) -> dict[str, Any]:
    return {
        "certificates": [
            item("pay.example.com", subject_alternative_names=["*.pay.example.com", "pay.example.com"]),
            item("embedded.example.com", subject_alternative_names=["127.0.0.1"], self_signed=True),
        ]
    }


CONTRACT = Contract(Certificate, sample, change={"tags": {"Contact": "sre"}})


@pytest.fixture
def subject(aws: None) -> Subject:
    made = Subject(CONTRACT, Account())
    assert made.run().failed == []
    made.account.written()
    return made


def test_a_requested_certificate_tells_the_records_that_validate_it_and_is_not_ready(subject: Subject) -> None:
    requested, imported = (subject.run().resources[each["name"]] for each in subject.items)
    assert (requested["ready"], imported["ready"]) == (False, True)
    assert {each["domain_name"] for each in requested["validation_records"]} == {"pay.example.com", "*.pay.example.com"}
    assert all(set(each) == {"domain_name", "name", "type", "value"} for each in requested["validation_records"])
    assert imported["validation_records"] == []


def test_no_private_key_is_in_a_result(subject: Subject) -> None:
    outcome = subject.run(**subject.with_items([*subject.items, item("other.example.com", self_signed=True)]))
    assert outcome.done
    assert "PRIVATE" not in json.dumps([outcome.resources, [plan.changes for plan in outcome.done]])


def test_an_old_self_signed_certificate_is_imported_again_with_a_new_key(
    subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    _requested, imported = subject.items
    before = subject.run().resources[imported["name"]]
    monkeypatch.setattr(_certificates, "VALID_FOR", _certificates.VALID_FOR * 2)
    monkeypatch.setattr(_certificates, "is_expiring", lambda end, now: end - now < datetime.timedelta(days=366))
    outcome = subject.run()
    assert outcome.failed == []
    assert [(plan.name, plan.verb) for plan in outcome.done] == [(imported["name"], _plan.UPDATE)]
    after = outcome.resources[imported["name"]]
    assert after["certificate_arn"] == before["certificate_arn"]
    assert after["not_after"] > before["not_after"]
    assert after["tags"] == before["tags"]


@pytest.mark.parametrize(
    "changed", [{"domain_name": "x.example.com"}, {"subject_alternative_names": []}, {"self_signed": True}]
)
def test_what_is_in_a_certificate_cannot_change(subject: Subject, changed: dict[str, Any]) -> None:
    first, *others = subject.items
    outcome = subject.run(check_mode=True, **subject.with_items([{**first, **changed}, *others]))
    assert [error.code for error in outcome.failed] == ["Frozen"]


def test_a_certificate_in_use_is_not_pruned(subject: Subject) -> None:
    resource = subject.resource()
    (name, observed), *_others = resource.observe().items()
    assert resource.owned(name, observed)
    assert not resource.owned(name, {**observed, "in_use": True})


def test_a_certificate_that_could_not_be_validated_is_requested_anew(subject: Subject) -> None:
    name = subject.items[0]["name"]
    resource = subject.resource()
    observed = resource.observe()[name] | {"failed": True}
    assert (
        _plan.plan(name, resource.wanted()[name], observed, resource.frozen, resource.replaceable).verb == _plan.REPLACE
    )
    resource.delete(name, observed)
    resource.create(name, resource.wanted()[name])
    assert resource.observe()[name]["certificate_arn"] != observed["certificate_arn"]


def test_a_new_request_is_settled_when_its_records_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    views: list[dict[str, Any]] = [{"new": {"validation_records": []}}, {"new": {"validation_records": [1]}}]
    resource = Certificate(lambda service: None, {})
    monkeypatch.setattr(resource, "observe", lambda: views.pop(0))
    monkeypatch.setattr(_wait, "until", without_pauses)
    resource.settle([_plan.plan("new", {"self_signed": False}, None), _plan.plan("own", {"self_signed": True}, None)])
    assert views == []


def test_a_certificate_in_use_is_waited_for_when_asked(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    resource = subject.resource(wait_for_release=True)
    (name, observed), *_others = resource.observe().items()
    assert resource.owned(name, {**observed, "in_use": True})
    refusals = [Refused("ResourceInUseException"), Refused("ResourceInUseException"), None]

    def delete(**unused: Any) -> None:
        error = refusals.pop(0)
        if error:
            raise error

    monkeypatch.setattr(_wait, "until", without_pauses)
    monkeypatch.setattr(resource, "connect", lambda service: SimpleNamespace(delete_certificate=delete))
    resource.delete(name, observed)
    assert refusals == []
