# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _tags

OWNER = {"Project": "uex-payments", "Environment": "dev", "ManagedBy": "uex.payments", "Layer": "network"}


@pytest.mark.parametrize(
    ("listed", "mapping"),
    [
        (None, {}),
        ([], {}),
        ([{"Key": "a", "Value": "1"}], {"a": "1"}),
        ([{"Key": "a"}], {"a": ""}),  # a tag without a value
        ([{"Key": "aws:cloudformation:stack-id", "Value": "x"}, {"Key": "a", "Value": "1"}], {"a": "1"}),
    ],
)
def test_to_dict(listed: Any, mapping: dict[str, str]) -> None:
    assert _tags.to_dict(listed) == mapping


@pytest.mark.parametrize(
    ("mapping", "listed"),
    [
        (None, []),
        ({}, []),
        ({"b": 1, "a": "x"}, [{"Key": "a", "Value": "x"}, {"Key": "b", "Value": "1"}]),
    ],
)
def test_to_list_is_sorted_and_of_texts(mapping: Any, listed: list[dict[str, str]]) -> None:
    assert _tags.to_list(mapping) == listed


def test_other_services_spell_the_pairs_otherwise() -> None:
    assert _tags.to_list({"a": "1"}, "key", "value") == [{"key": "a", "value": "1"}]
    assert _tags.to_dict([{"TagKey": "a", "TagValue": "1"}], "TagKey", "TagValue") == {"a": "1"}


@pytest.mark.parametrize(
    ("tags", "owned"),
    [
        (OWNER, True),
        ({**OWNER, "Team": "x"}, True),
        ({**OWNER, "Layer": "data"}, True),  # where it belongs, not whose it is
        ({**OWNER, "Environment": "prod"}, False),
        ({key: value for key, value in OWNER.items() if key != "Project"}, False),
        ({}, False),
    ],
)
def test_owns(tags: dict[str, str], owned: bool) -> None:
    assert _tags.owns(OWNER, tags) is owned


def test_an_owner_without_tags_owns_nothing() -> None:
    assert not _tags.owns({}, OWNER)
    assert not _tags.owns({}, {})


def test_with_the_layer_it_must_agree_too() -> None:
    keys = (*_tags.OWNER_TAGS, "Layer")
    assert _tags.owns(OWNER, OWNER, keys)
    assert not _tags.owns(OWNER, {**OWNER, "Layer": "data"}, keys)


def test_filters_find_what_is_owned() -> None:
    assert _tags.filters({**OWNER, "Other": "x"}, ("Project", "Environment", "Absent")) == [
        {"Name": "tag:Project", "Values": ["uex-payments"]},
        {"Name": "tag:Environment", "Values": ["dev"]},
    ]


@pytest.mark.parametrize(
    ("name", "owned"),
    [
        ("uex-payments-dev-errors", True),
        ("uex-payments-dev", False),
        ("uex-payments-develop-errors", False),
        ("uex-payments-prod-errors", False),
    ],
)
def test_a_name_says_whose_a_resource_without_tags_is(name: str, owned: bool) -> None:
    assert _tags.names(OWNER, name) is owned


def test_without_tags_no_usual_name_is_owned() -> None:
    assert not _tags.names({}, "uex-payments-dev-errors")


@pytest.mark.parametrize(
    ("tags", "text"),
    [
        ({"Name": "x"}, "none of our tags"),
        ({"ManagedBy": "terraform", "Project": "shop"}, "tags Project=shop, ManagedBy=terraform"),
    ],
)
def test_whose_a_resource_is_in_words(tags: dict[str, str], text: str) -> None:
    assert _tags.claim(tags) == text
