# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import botocore.exceptions
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _preflight
from ansible_collections.uex.payments.plugins.module_utils._preflight import FAILED, OK, UNKNOWN, WARNING, Check, Row


def refusal(code: str, operation: str, message: str = "no") -> Exception:
    return botocore.exceptions.ClientError({"Error": {"Code": code, "Message": message}}, operation)


def check(name: str, error: Exception | None = None) -> Check:
    def look(connect: Any, options: Any) -> str:
        if error:
            raise error
        return name

    return Check(name, "iam", look, lambda found, options: [Row(found, OK, "seen")])


def test_one_check_s_failure_hides_no_other_s_row_and_the_order_stays() -> None:
    checks = [
        check("a"),
        check("b", refusal("AccessDenied", "GetRole")),
        check("c", ValueError("odd\nmore")),
        check("d"),
    ]
    rows = _preflight.rows(checks, None, {})  # type: ignore[arg-type]
    assert [(row.name, row.state) for row in rows] == [("a", OK), ("b", UNKNOWN), ("c", UNKNOWN), ("d", OK)]
    assert rows[1].found == "iam:GetRole is denied"
    assert rows[2].found == "ValueError: odd"


@pytest.mark.parametrize(
    ("service", "error", "action"),
    [
        ("iam", refusal("AccessDenied", "GetAccountSummary"), "iam:GetAccountSummary"),
        ("elbv2", refusal("AccessDenied", "DescribeLoadBalancers"), "elasticloadbalancing:DescribeLoadBalancers"),
        ("service-quotas", refusal("AccessDeniedException", "GetServiceQuota"), "servicequotas:GetServiceQuota"),
        ("s3", refusal("403", "HeadBucket", "Forbidden"), "s3:ListBucket"),
        ("budgets", refusal("AccessDeniedException", "DescribeBudgets"), "budgets:ViewBudget"),
        (
            "service-quotas",
            refusal(
                "UnauthorizedOperation", "DescribeVpcs", "x is not authorized to perform: ec2:DescribeVpcs because"
            ),
            "ec2:DescribeVpcs",
        ),
    ],
)
def test_a_denied_read_is_unknown_with_the_action_that_is_missing(service: str, error: Exception, action: str) -> None:
    row = _preflight.unknown("x", service, error)
    assert (row.state, row.found) == (UNKNOWN, f"{action} is denied")
    assert action in row.advice


@pytest.mark.parametrize(
    ("environment", "emulated", "states"),
    [
        ("dev", False, (FAILED, WARNING)),
        ("staging", False, (FAILED, FAILED)),
        ("prod", False, (FAILED, FAILED)),
        ("prod", True, (WARNING, WARNING)),
    ],
)
def test_how_bad_a_lack_is(environment: str, emulated: bool, states: tuple[str, str]) -> None:
    options = {"environment": environment, "emulated": emulated}
    assert (_preflight.must(options), _preflight.must_in_production(options)) == states


@pytest.mark.parametrize(
    ("region", "place"),
    [("eu-west-1", "us-east-1"), ("us-gov-east-1", "us-gov-west-1"), ("cn-northwest-1", "cn-north-1")],
)
def test_where_a_partition_keeps_what_belongs_to_no_region(region: str, place: str) -> None:
    assert _preflight.global_region(region) == place


ROWS = [Row("One", OK, "fine"), Row("Two", FAILED, "word " * 30, "do this " * 20), Row("Three", UNKNOWN, "")]


def test_the_file_holds_every_row_and_counts_them() -> None:
    document = _preflight.document("dev", ROWS)
    assert document["environment"] == "dev"
    assert [each["name"] for each in document["checks"]] == ["One", "Two", "Three"]
    assert document["checks"][0] == {"name": "One", "state": OK, "found": "fine", "advice": ""}
    assert document["summary"] == {"ok": 1, "warning": 0, "failed": 1, "unknown": 1}
    assert _preflight.total(document["summary"]) == "Preflight: 1 ok, 0 warning, 1 failed, 1 unknown"


def test_the_table_has_all_words_of_every_row_and_fits() -> None:
    lines = _preflight.lines(ROWS)
    assert max(map(len, lines)) <= 120
    said = " ".join(" ".join(lines).split())
    assert said.count("word") == 30
    assert said.count("do this") == 20
    assert [line for line in lines if line.startswith("FAILED   Two")]
    assert lines[-1] == "UNKNOWN  Three"


def test_a_command_in_an_advice_is_not_torn_inside_a_word() -> None:
    lines = _preflight.lines([Row("One", FAILED, "x", "aws --quota-code L-0123456789ABCDEF" + "F" * 90)])
    assert any("L-0123456789ABCDEF" + "F" * 90 in line for line in lines)
