# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _barrier, _tags
from ansible_collections.uex.payments.plugins.module_utils._discovery import Scope
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("available", _barrier.READY),
        ("creating", _barrier.PENDING),
        ("modifying", _barrier.PENDING),
        ("deleting", _barrier.GONE),
        ("failed", _barrier.FAILED),
        ("incompatible-parameters", _barrier.FAILED),
    ],
)
def test_aws_status_in_the_barriers_words(status: str, expected: str) -> None:
    assert _barrier.outcome(status, ("available",), ("failed",)) == expected


def pending(kind: str, unchanged: float, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "name": kind, "status": "creating", "unchanged": unchanged, **more}


@pytest.mark.parametrize(
    ("entry", "late"),
    [
        (pending("nat_gateways", 600), False),
        (pending("nat_gateways", 601), True),
        (pending("db_instances", 601), False),
        (pending("db_instances", 3601), True),
        (pending("services", 1200, allowance=300), False),
        (pending("services", 1201, allowance=300), True),
    ],
)
def test_each_kind_has_its_own_deadline_and_some_resources_more(entry: dict[str, Any], late: bool) -> None:
    assert bool(_barrier.overdue([entry])) is late


def test_what_is_overdue_is_said_with_its_status() -> None:
    said = "NAT gateway nat_gateways is creating after 700 s"
    assert _barrier.overdue([pending("nat_gateways", 700)]) == [said]


def test_progress_says_what_is_awaited_and_how_long_it_usually_takes() -> None:
    awaited = [{"kind": "db_instances", "name": "uex-payments-dev-db", "status": "creating"}]
    assert _barrier.progress(awaited) == ["DB instance uex-payments-dev-db: creating (usually 7-20 min)"]


def test_a_requested_certificate_is_awaited_with_the_records_that_aws_looks_for(aws: None) -> None:
    account = Account()
    owner = {key: TAGS[key] for key in _tags.OWNER_TAGS}
    for name, tags in (("ours", TAGS), ("theirs", {**TAGS, "Environment": "other"})):
        account.connect("acm").request_certificate(
            DomainName=f"{name}.example.com", ValidationMethod="DNS", Tags=_tags.to_list({**tags, "Name": name})
        )
    (found,) = _barrier.states(account.connect, Scope("uex-payments-test", owner), ["certificates"])
    assert (found["name"], found["state"]) == ("ours", _barrier.PENDING)
    assert "AWS looks for _" in found["status"]
    assert "ours.example.com" in found["status"]
