# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _drift

QUIET = {"create": 0, "update": 0, "replace": 0, "delete": 0, "adopt": 0, "refuse": 0, "orphans": 0}


def action(name: str, verb: str, *effects: str) -> dict[str, Any]:
    changes = [{"field": "size", "before": 1, "after": 2}]
    return {
        "layer": "network",
        "kind": "AWS::EC2::Subnet",
        "name": name,
        "verb": verb,
        "changes": changes,
        "effects": effects,
    }


def orphan(name: str, reason: str | None) -> dict[str, Any]:
    arn = f"arn:aws:ec2:us-east-1:1:volume/{name}"
    return {
        "kind": "AWS::EC2::Volume",
        "name": name,
        "arn": arn,
        "layer": "data",
        "prune": not reason,
        "reason": reason,
    }


def test_nothing_differs() -> None:
    found = _drift.document("dev", [], [])
    assert found == {"environment": "dev", "actions": [], "orphans": [], "summary": QUIET}
    assert _drift.lines(found)[-1].startswith("No drift")


def test_everything_counts() -> None:
    actions = [
        action("a", "create"),
        action("b", "update"),
        action("c", "adopt", "whose"),
        action("d", "refuse", "why"),
    ]
    found = _drift.document("dev", [*actions, action("e", "delete")], [orphan("e", None), orphan("f", "by hand")])
    counted = {"create": 1, "update": 1, "delete": 1, "adopt": 1, "refuse": 1, "orphans": 2}
    assert found["summary"] == {**QUIET, **counted}
    assert [each["name"] for each in found["actions"]] == ["a", "b", "c", "d", "e"]
    lines = _drift.lines(found)
    for line in (
        "    + AWS::EC2::Subnet  a",
        "    ? AWS::EC2::Subnet  c  (whose)",
        "    ! AWS::EC2::Subnet  d  (why)",
        "    - AWS::EC2::Volume  e  (layer data)",
        "      AWS::EC2::Volume  f  (layer data)",
        "          by hand",
    ):
        assert line in lines
    assert lines[-1] == (
        "Drift: 1 missing, 1 changed, 1 not ours, 1 refused."
        " In no inventory: 1 that -e prune=true deletes, 1 to delete by hand."
    )


def test_an_orphan_that_goes_is_shown_once() -> None:
    found = _drift.document("dev", [action("e", "delete")], [orphan("e", None)])
    assert [line for line in _drift.lines(found) if line.startswith("    - ")] == [
        "    - AWS::EC2::Volume  e  (layer data)"
    ]
