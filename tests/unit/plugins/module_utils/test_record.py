# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _record

STARTED = datetime(2026, 11, 26, 18, 5, 0, tzinfo=UTC)
WHAT: dict[str, Any] = {"playbook": "site.yml", "tags": [], "skip_tags": [], "limit": None, "extra_vars": []}
FACTS = _record.Facts(
    started=STARTED,
    ended=STARTED + timedelta(seconds=61.25),
    who={"arn": "arn:aws:iam::123456789012:user/a", "user": "a", "host": "h"},
    what=WHAT,
    commit={"id": "0" * 40, "dirty": True},
    versions={"collection": "0.1.0", "ansible_core": "2.19.0"},
    result=_record.OK,
    failure=None,
    layers={"network": 12.345},
    fence=7,
    plan={"environment": "dev", "actions": [], "summary": {}},
)
FAILURE = _record.Failure("network : Subnets", "AccessDenied")


def test_a_record_says_all_of_a_run() -> None:
    assert _record.document("20261126T180500Z-7", FACTS) == {
        "id": "20261126T180500Z-7",
        "environment": "dev",
        "who": {"arn": "arn:aws:iam::123456789012:user/a", "user": "a", "host": "h"},
        "what": WHAT,
        "commit": {"id": "0" * 40, "dirty": True},
        "versions": {"collection": "0.1.0", "ansible_core": "2.19.0"},
        "started": "2026-11-26T18:05:00Z",
        "ended": "2026-11-26T18:06:01Z",
        "seconds": 61.2,
        "layers": {"network": 12.3},
        "fence": 7,
        "result": "ok",
        "failure": None,
        "plan": {"environment": "dev", "actions": [], "summary": {}},
    }


@pytest.mark.parametrize(
    ("result", "failure", "shown"),
    [
        (_record.FAILED, FAILURE, {"task": "network : Subnets", "message": "AccessDenied"}),
        (_record.INTERRUPTED, None, None),
        (_record.INTERRUPTED, FAILURE, {"task": "network : Subnets", "message": "AccessDenied"}),
        (_record.OK, FAILURE, None),
    ],
)
def test_a_failure_is_shown_unless_the_run_went_on_to_its_end(
    result: str, failure: _record.Failure | None, shown: Any
) -> None:
    document = _record.document("x", FACTS._replace(result=result, failure=failure))
    assert (document["result"], document["failure"]) == (result, shown)


def test_a_long_message_is_cut() -> None:
    failure = _record.Failure("t", "x" * (_record.LONGEST + 1))
    message = _record.document("x", FACTS._replace(result=_record.FAILED, failure=failure))["failure"]["message"]
    assert (len(message), message[-4:]) == (_record.LONGEST, "x...")


def test_ids_are_in_the_order_of_time_and_lead_to_names_and_back() -> None:
    first = _record.identity(STARTED, "12")
    later = _record.identity(STARTED + timedelta(seconds=1), "3")
    assert first == "20261126T180500Z-12" < later
    assert _record.name(first) == "runs/20261126T180500Z-12.json"
    assert _record.id_of(_record.name(first)) == first


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("20261126T180500Z-12", True),
        ("20261126T180500Z-0a1b2c3d", True),
        ("20261126T180500Z", False),
        ("../outputs", False),
        ("20261126T180500Z-1/../x", False),
    ],
)
def test_what_is_an_id(text: str, valid: bool) -> None:
    assert _record.is_id(text) is valid


@pytest.mark.parametrize(
    ("status", "commit"),
    [
        ("# branch.oid abc\n# branch.head main\n", {"id": "abc", "dirty": False}),
        ("# branch.oid abc\n# branch.head main\n? new.txt\n", {"id": "abc", "dirty": True}),
        ("# branch.oid (initial)\n# branch.head main\n? new.txt\n", None),
        ("", None),
    ],
)
def test_the_commit_of_a_working_tree(status: str, commit: dict[str, Any] | None) -> None:
    assert _record.commit(status) == commit


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({}, "site.yml"),
        ({"tags": ["data", "edge"]}, "site.yml --tags data,edge"),
        ({"extra_vars": ["a", "b"], "limit": "x"}, "site.yml --limit x"),
        ({"skip_tags": ["edge"]}, "site.yml --skip-tags edge"),
    ],
)
def test_the_command_on_a_line(changed: dict[str, Any], line: str) -> None:
    assert _record.command({**WHAT, **changed}) == line
