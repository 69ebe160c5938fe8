# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils._plan import Change, differences, plan


@pytest.mark.parametrize(
    ("desired", "observed", "fields"),
    [
        ({}, {"a": 1}, []),
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, ["a"]),
        ({"a": 1}, {}, ["a"]),
        ({"a": None}, {"a": 2}, []),  # undeclared is not ours
        ({"a": []}, {"a": [1]}, ["a"]),  # declared empty
        ({"a": {}}, {"a": {"b": 1}}, ["a"]),
        ({"a": ""}, {"a": "x"}, ["a"]),
        ({"a": []}, {"a": None}, []),
        ({"a": {}}, {}, []),
        ({"a": ""}, {"a": None}, []),
        ({"a": False}, {"a": None}, ["a"]),  # false and zero are values
        ({"a": 0}, {}, ["a"]),
        ({"a": [1, 2]}, {"a": [2, 1]}, ["a"]),  # normalising is not the plan's
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}, []),  # a server's default within
        ({"a": {"b": 1, "d": 3}}, {"a": {"b": 2}}, ["a.b", "a.d"]),
        ({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 2}}}, ["a.b.c"]),
        ({"a": {"b": 1}}, {"a": None}, ["a"]),
        ({"a": {"b": None}}, {"a": {"b": 1}}, []),
        ({"b": 1, "a": 1}, {}, ["a", "b"]),
    ],
)
def test_differences(desired: dict[str, Any], observed: dict[str, Any], fields: list[str]) -> None:
    assert [change.field for change in differences(desired, observed)] == fields


def test_a_change_tells_before_after_and_its_option() -> None:
    (change,) = differences({"a": {"b": 1}}, {"a": {"b": 2}})
    assert change == Change("a.b", 2, 1)
    assert change.option == "a"


@pytest.mark.parametrize(
    ("desired", "observed", "verb"),
    [
        (None, None, "keep"),
        ({"size": 1}, None, "create"),
        ({}, None, "create"),
        (None, {"size": 1}, "delete"),
        ({"size": 1}, {"size": 1}, "keep"),
        ({"size": 1}, {"size": 2}, "update"),
        ({"zone": "a"}, {"zone": "b"}, "refuse"),
        ({"zone": "a"}, {"zone": "a"}, "keep"),
        ({"zone": {"x": 1}}, {"zone": {"x": 2}}, "refuse"),  # a field within a frozen property
        ({"engine": 1}, {"engine": 2}, "replace"),
        ({"engine": 1, "size": 1}, {"engine": 2, "size": 2}, "replace"),
        ({"engine": 1, "zone": "a"}, {"engine": 2, "zone": "b"}, "refuse"),
        ({"seed": 1}, {"seed": 2}, "keep"),  # of the creation only
        ({"seed": 1}, {}, "keep"),
        ({"seed": 1, "size": 1}, {"size": 2}, "update"),
    ],
)
def test_plan(desired: dict[str, Any] | None, observed: dict[str, Any] | None, verb: str) -> None:
    decided = plan("x", desired, observed, frozen=("zone",), replaceable=("engine",), initial=("seed",))
    assert (decided.name, decided.verb) == ("x", verb)


def test_a_creation_has_every_declared_field_as_change_and_initial_ones_too() -> None:
    decided = plan("x", {"seed": 1, "size": 2, "zone": None}, None, initial=("seed",))
    assert decided.changes == [Change("seed", None, 1), Change("size", None, 2)]
    assert (decided.before, decided.after) == (None, {"seed": 1, "size": 2, "zone": None})


def test_a_plan_names_the_options_that_change() -> None:
    assert plan("x", {"a": {"b": 1, "c": 2}, "d": 1}, {"a": {}, "d": 1}).options == {"a"}


def test_a_deletion_keeps_what_was() -> None:
    decided = plan("x", None, {"size": 1})
    assert (decided.before, decided.after, decided.changes) == ({"size": 1}, None, [])
