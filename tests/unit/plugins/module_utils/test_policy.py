# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from ansible_collections.uex.payments.plugins.module_utils._policy import canonical


def policy(**statement: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}


A, B = "arn:aws:s3:::a", "arn:aws:s3:::b"
IF = {"StringEquals": {"aws:SourceAccount": "1"}}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (policy(Action="s3:GetObject"), policy(Action=["s3:GetObject"])),
        (policy(Resource=[A, B]), policy(Resource=[B, A])),
        (policy(NotAction=["b", "a"]), policy(NotAction=["a", "b"])),
        (policy(Principal={"AWS": [A, B]}), policy(Principal={"AWS": [B, A]})),
        (policy(Principal={"Service": "x"}), policy(Principal={"Service": ["x"]})),
        (policy(Condition=IF), policy(Condition={"StringEquals": {"aws:SourceAccount": ["1"]}})),
        (policy(Condition={"Bool": {"k": True}}), policy(Condition={"Bool": {"k": "true"}})),
        (policy(Condition={"NumericEquals": {"k": 5}}), policy(Condition={"NumericEquals": {"k": "5"}})),
        (policy(Action="a"), {"Statement": {"Effect": "Allow", "Action": "a"}, "Version": "2012-10-17"}),
        (policy(Action="a"), json.dumps(policy(Action="a"), indent=2)),
        (policy(Action="a"), quote(json.dumps(policy(Action="a")))),
        ({}, ""),
        (None, {}),
    ],
)
def test_two_spellings_of_one_policy_are_equal(one: Any, other: Any) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (policy(Action="a"), policy(Action="b")),
        (policy(Action="a"), policy(Action="a", Resource="*")),
        (policy(Principal="*"), policy(Principal={"AWS": "*"})),
        (policy(Condition=IF), policy(Condition={"StringLike": {"aws:SourceAccount": "1"}})),
        (policy(Effect="Deny"), policy(Effect="Allow")),
        (policy(Action="a"), {"Version": "2008-10-17", "Statement": [{"Effect": "Allow", "Action": "a"}]}),
        (policy(Action="a"), None),
    ],
)
def test_two_policies_are_not(one: Any, other: Any) -> None:
    assert canonical(one) != canonical(other)


def test_canonical_form_is_json_and_its_own_canonical_form() -> None:
    text = canonical(policy(Action=["b", "a"], Condition=IF))
    assert canonical(text) == text
    assert json.loads(text)["Statement"][0]["Action"] == ["a", "b"]
