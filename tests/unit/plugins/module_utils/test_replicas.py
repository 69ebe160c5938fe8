# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _replicas

KEY = "arn:aws:kms:eu-west-1:1:key/k"
DEFAULT = "alias/aws/secretsmanager"


def status(region: str, state: str = "InSync", key: str = DEFAULT) -> dict[str, str]:
    return {"Region": region, "KmsKeyId": key, "Status": state, "StatusMessage": f"{state} there"}


def replica(region: str, key: str = "") -> dict[str, str]:
    return {"region": region, "kms_key_id": key}


def entry(*statuses: dict[str, str]) -> dict[str, Any]:
    return {"ReplicationStatus": list(statuses)}


@pytest.mark.parametrize(
    ("given", "declared"),
    [
        (None, None),
        ([], []),
        ([{"region": "b", "kms_key_id": None}, {"region": "a", "kms_key_id": KEY}], [replica("a", KEY), replica("b")]),
    ],
)
def test_declared_replicas_are_in_order(given: Any, declared: Any) -> None:
    assert _replicas.declared(given) == declared


def test_what_is_observed_is_what_was_declared() -> None:
    assert _replicas.observed(entry(status("b"), status("a", key=KEY))) == [replica("a", KEY), replica("b")]
    assert _replicas.observed({}) == []
    assert _replicas.observed(entry(status("a", "Failed"))) == []


@pytest.mark.parametrize(
    ("wanted", "shown", "going", "coming"),
    [
        ([], [], [], []),
        ([replica("a")], [], [], [{"Region": "a"}]),
        ([replica("a")], [status("a")], [], []),
        ([], [status("a"), status("b")], ["a", "b"], []),
        ([replica("a", KEY)], [status("a")], ["a"], [{"Region": "a", "KmsKeyId": KEY}]),
        ([replica("a")], [status("a", "Failed")], ["a"], [{"Region": "a"}]),
        ([replica("b")], [status("a"), status("b", "InProgress")], ["a"], []),
    ],
)
def test_what_goes_and_what_comes(wanted: Any, shown: Any, going: Any, coming: Any) -> None:
    assert _replicas.difference(wanted, entry(*shown)) == (going, coming)


def test_states_are_told_apart() -> None:
    shown = entry(status("a", "InProgress"), status("b", "Failed"), status("c"))
    assert _replicas.unfinished(shown) == ["a"]
    assert _replicas.failures(shown) == ["b: Failed there"]
    assert _replicas.regions(shown) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ([replica("eu-west-1", KEY), replica("ap-south-1")], None),
        ([replica("a"), replica("a")], "replica_regions: a is declared twice"),
        ([replica("a", KEY)], "replica_regions: a: its key must be of that region, not eu-west-1"),
    ],
)
def test_contradictions_are_told(given: Any, problem: str | None) -> None:
    assert list(_replicas.problems(given)) == ([problem] if problem else [])
