# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _report
from ansible_collections.uex.payments.plugins.module_utils._plan import SENSITIVE, UNKNOWN, Objection, Plan, plan

SENSITIVE_KEYS = ("secret",)
CANARY = "canary-in-a-coal-mine"


def plans() -> dict[str, Plan]:
    return {
        "create": plan("new", {"size": 1, "secret": CANARY}, None),
        "update": plan("old", {"size": 2, "secret": CANARY}, {"size": 1, "secret": f"{CANARY}-before", "id": "i"}),
        "delete": plan("gone", None, {"size": 3, "secret": CANARY}),
        "keep": plan("same", {"size": 1}, {"size": 1}),
    }


def test_actions_tell_kind_name_verb_and_fields() -> None:
    (action,) = _report.actions("AWS::Test::Thing", (), [plan("a", {"b": {"c": 1}}, {"b": {"c": 2}})])
    changes = [{"field": "b.c", "before": 2, "after": 1}]
    assert action == {"kind": "AWS::Test::Thing", "name": "a", "verb": "update", "changes": changes, "effects": []}


def test_actions_tell_what_the_cost_follows_from_on_both_sides() -> None:
    before = {"scheme": "internal", "subnets": ["a"], "idle_timeout": 60}
    found = [
        plan("new", {"scheme": "internal", "subnets": ["a"], "idle_timeout": 30}, None),
        plan("old", {"scheme": None, "subnets": ["a", "b"]}, before),
        plan("gone", None, before),
    ]
    actions = _report.actions("AWS::ElasticLoadBalancingV2::LoadBalancer", (), found)
    one, two = {"scheme": "internal", "subnets": ["a"]}, {"scheme": "internal", "subnets": ["a", "b"]}
    assert [(each["priced"]["before"], each["priced"]["after"]) for each in actions] == [
        (None, one),
        (one, two),
        (one, None),
    ]


def test_a_diff_shows_what_changes_on_both_sides_and_all_of_what_goes() -> None:
    assert _report.diff(SENSITIVE_KEYS, list(plans().values())) == {
        "before": {"old": {"size": 1, "secret": SENSITIVE}, "gone": {"size": 3, "secret": SENSITIVE}, "new": {}},
        "after": {"old": {"size": 2, "secret": SENSITIVE}, "new": {"size": 1, "secret": SENSITIVE}},
    }


def test_a_resource_is_shown_without_its_secrets() -> None:
    assert _report.shown(SENSITIVE_KEYS, {"secret": CANARY, "size": 1}) == {"secret": SENSITIVE, "size": 1}
    assert _report.shown(SENSITIVE_KEYS, {"secret": None}) == {"secret": None}  # that there is none may be seen


@pytest.mark.parametrize("field", [CANARY, {"inner": CANARY}, [CANARY]])
def test_secrets_leave_by_no_door(field: Any) -> None:
    changed = plan("a", {"secret": field}, {"secret": f"{CANARY}-before"}, frozen=SENSITIVE_KEYS)
    said = [
        _report.actions("k", SENSITIVE_KEYS, [changed]),
        _report.diff(SENSITIVE_KEYS, [changed]),
        [str(failure) for failure in _report.refusals(SENSITIVE_KEYS, SENSITIVE_KEYS, [changed])],
        str(_report.unconverged(changed)),
    ]
    assert "secret" in json.dumps(said)
    assert CANARY not in json.dumps(said)


def test_planned_resources_are_as_the_plans_will_leave_them() -> None:
    replaced = plan("re", {"engine": 2}, {"engine": 1, "id": "i", "port": 9}, replaceable=("engine",))
    assert _report.planned(("id",), [*plans().values(), replaced]) == {
        "new": {"size": 1, "secret": CANARY, "id": UNKNOWN},
        "old": {"size": 2, "secret": CANARY, "id": "i"},
        "same": {"size": 1},
        "re": {"engine": 2, "port": 9, "id": UNKNOWN},
    }


def test_what_is_known_ahead_is_not_unknown() -> None:
    new = plan("new", {"size": 1}, None)
    planned = _report.planned(("id", "port"), [new], lambda plan: {"id": f"i-{plan.name}"})
    assert planned == {"new": {"size": 1, "id": "i-new", "port": UNKNOWN}}


def test_a_refusal_names_the_frozen_fields_alone() -> None:
    refused = plan("a", {"zone": "x", "size": 2}, {"zone": "y", "size": 1}, frozen=("zone",))
    (failure,) = _report.refusals(("zone",), (), [refused, *plans().values()])
    assert (failure.name, failure.code) == ("a", "Frozen")
    assert "zone from 'y' to 'x'" in failure.message
    assert "size" not in failure.message


@pytest.mark.parametrize(("after", "verb"), [({"size": 2}, "update"), (None, "delete")])
def test_an_objection_is_said_as_it_is(after: dict[str, Any] | None, verb: str) -> None:
    objection = Objection("it is dear to somebody", "ask them")
    refused = replace(plan("a", after, {"size": 1}), verb="refuse", objection=objection)
    (failure,) = _report.refusals((), (), [refused])
    assert failure == ("a", verb, "Refused", *objection)
    (action,) = _report.refused("k", (), (), [refused])
    assert (action["verb"], action["effects"]) == ("refuse", ["it is dear to somebody"])


def test_an_unconverged_resource_names_its_fields_or_what_did_not_happen() -> None:
    assert "differs in secret, size" in str(_report.unconverged(plans()["update"]))
    assert "differs in delete" in str(_report.unconverged(plans()["delete"]))
