# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _history, _summary
from ansible_collections.uex.payments.tests.support.history import RECORD

FAILED = {**RECORD, "result": "failed", "failure": {"task": "network : Subnets", "message": "a:\ndenied"}}


@pytest.mark.parametrize(
    ("record", "cells"),
    [
        (RECORD, ["a@h", "site.yml --tags network", "012345678+", "ok", "+1", "1:01"]),
        ({**FAILED, "commit": None}, ["a@h", "site.yml --tags network", "-", "failed", "+1", "1:01"]),
        (
            {**RECORD, "commit": {"id": "0123456789", "dirty": False}, "plan": _summary.document("dev", [])},
            ["a@h", "site.yml --tags network", "012345678", "ok", "nothing", "1:01"],
        ),
    ],
)
def test_a_run_is_a_line(record: dict[str, Any], cells: list[str]) -> None:
    head, line = _history.listed([record], "s3://b/p/runs/")
    assert [cell for cell in line.strip().split("  ") if cell.strip()][:2] == [record["id"], "2026-11-26 18:05:00"]
    assert " ".join(line.split()).endswith(" ".join(cells))
    assert head.split()[0] == "run"


def test_no_run_is_a_sentence() -> None:
    assert _history.listed([], "s3://b/p/runs/") == ["No run is recorded in s3://b/p/runs/ yet."]


def test_one_run_is_shown_with_its_layers_and_what_it_did() -> None:
    lines = [" ".join(line.split()) for line in _history.whole(RECORD)]
    for line in (
        "who a@h, arn:aws:iam::123456789012:user/a",
        "variables confirm",
        "commit 0123456789abcdef, with changes",
        "versions uex.payments 0.1.0, ansible-core 2.19.0",
        "lock fence 7",
        "network 12.3",
        "+ AWS::EC2::Subnet a",
        "cidr_block: 10.0.0.0/24",
    ):
        assert line in lines
    assert lines[-1].startswith("Done: 1 created")


def test_a_failed_run_is_shown_with_the_task_and_its_words_on_a_line() -> None:
    failed = {**FAILED, "commit": None, "fence": None, "plan": _summary.document("dev", [])}
    lines = [" ".join(line.split()) for line in _history.whole(failed)]
    for line in ("result failed", "failed task network : Subnets", "it said a: denied", "commit -", "lock fence -"):
        assert line in lines
    assert lines[-1] == "Nothing was changed."


def test_the_list_s_data_has_counts_for_the_plan() -> None:
    found = _history.brief(RECORD)
    assert found["summary"]["create"] == 1
    assert found.keys() == (RECORD.keys() | {"summary"}) - {"plan", "layers"}
