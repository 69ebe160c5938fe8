# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the tests of the whole site judge by."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.uex.payments.tests.site.account import difference
from ansible_collections.uex.payments.tests.site.callback.tally import actions
from ansible_collections.uex.payments.tests.site.playbook import Run, side_by_side

OURS = {"kind": "AWS::EC2::Subnet", "name": "a", "verb": "create", "changes": []}
KEY = {"stack_kind": "AWS::KMS::Key", "stack_name_option": "alias"}
VPC = {"stack_kind": "AWS::EC2::VPC", "stack_name_option": "tags.Name"}


@pytest.mark.parametrize(
    ("variables", "outcome", "expected"),
    [
        ({}, {"actions": [OURS]}, [["AWS::EC2::Subnet", "a", "create"]]),
        ({}, {"changed": False}, []),
        (KEY, {"changed": False, "invocation": {"module_args": {"alias": "k"}}}, []),
        (KEY, {"changed": True, "invocation": {"module_args": {"alias": "k"}}}, [["AWS::KMS::Key", "k", "changed"]]),
        (
            VPC,
            {"changed": True, "invocation": {"module_args": {"tags": {"Name": "v"}}}},
            [["AWS::EC2::VPC", "v", "changed"]],
        ),
        (
            KEY,
            {
                "changed": True,
                "results": [
                    {"changed": True, "invocation": {"module_args": {"alias": "k"}}},
                    {"changed": False, "invocation": {"module_args": {"alias": "l"}}},
                ],
            },
            [["AWS::KMS::Key", "k", "changed"]],
        ),
    ],
)
def test_actions_of_a_result(variables: dict[str, Any], outcome: dict[str, Any], expected: list[list[str]]) -> None:
    assert actions(SimpleNamespace(vars=variables, action="amazon.aws.kms_key"), outcome) == expected


def test_a_run_sums_up_its_results() -> None:
    made = ["AWS::EC2::Subnet", "a", "create"]
    results = [
        {"task": "One", "changed": True, "actions": [made, ["AWS::EC2::Subnet", "b", "delete"]]},
        {"task": "Two", "changed": False, "actions": []},
        {"task": "Three", "changed": True, "actions": [made]},
    ]
    run = Run(0, "", 1.0, results, {})
    assert run.changed == ["One", "Three"]
    assert run.names("create") == [("AWS::EC2::Subnet", "a")]
    assert run.actions["AWS::EC2::Subnet", "a", "create"] == 2


def test_a_failed_run_shows_its_output() -> None:
    with pytest.raises(AssertionError, match="exits 2:\nfatal: no such thing"):
        Run(2, "fatal: no such thing", 1.0, [], {}).succeeded()


def test_the_difference_of_accounts_is_one_way() -> None:
    one, other = {"roles": ["a", "b"], "keys": ["k"]}, {"roles": ["b", "c"], "keys": ["k"]}
    assert difference(one, other) == {"roles": ["c"]}
    assert difference(other, one) == {"roles": ["a"]}


def test_what_runs_side_by_side_is_kept_by_its_key() -> None:
    assert side_by_side(str.upper, ["a", "b", "c"]) == {"a": "A", "b": "B", "c": "C"}
