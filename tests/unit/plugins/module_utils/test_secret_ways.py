# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How each secret gets a new value, and which of them a run rotates."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _secret_ways
from ansible_collections.uex.payments.plugins.module_utils._secret_ways import Way, Wish, chosen, left, problems, way

RULES = [{"key": "key", "length": 64}]
REASON = "it could not be read any more"
KEPT = {"data-encryption": REASON}


def item(name: str, **properties: Any) -> dict[str, Any]:
    return {"name": f"uex-payments-test/{name}", "generate": [], "value": None, **properties}


@pytest.mark.parametrize(
    ("secret", "described", "how"),
    [
        (item("session", generate=RULES), {"ARN": "a"}, _secret_ways.GENERATED),
        (item("session", generate=RULES), {"RotationEnabled": True}, _secret_ways.FUNCTION),
        (item("session", generate=RULES), {}, _secret_ways.NONE),
        (item("session", generate=RULES), {"DeletedDate": "yesterday"}, _secret_ways.NONE),
        (item("database", generate=RULES), {"RotationEnabled": True}, _secret_ways.FUNCTION),
        (item("database", generate=RULES), {"ARN": "a"}, _secret_ways.NONE),
        (item("uex-api", value={"key": "k", "secret": ""}), {"ARN": "a"}, _secret_ways.GIVEN),
        (item("uex-api", value={"key": "", "secret": ""}), {"ARN": "a"}, _secret_ways.NONE),
        (item("uex-api", value="a text"), {"ARN": "a"}, _secret_ways.NONE),
    ],
)
def test_how_a_secret_gets_its_next_value(secret: dict[str, Any], described: dict[str, Any], how: str) -> None:
    found = way(secret, described, ["database"])
    assert found.how == how
    assert bool(found.reason) == (how == _secret_ways.NONE)


WAYS = {
    "uex-payments-test/session": Way(_secret_ways.GENERATED),
    "uex-payments-test/data-encryption": Way(_secret_ways.GENERATED),
    "uex-payments-test/database": Way(_secret_ways.NONE, "nobody can"),
}
ITEMS = [{"name": name} for name in WAYS]


@pytest.mark.parametrize(
    ("named", "confirmed", "wrong"),
    [
        ([], [], []),
        (["session"], [], []),
        (["sesion"], [], ["secret: sesion is none of data-encryption, database, session"]),
        (["database"], [], ["secret: database: nobody can"]),
        (["data-encryption"], ["data-encryption"], []),
        (
            ["data-encryption"],
            ["session"],
            [f"secret: data-encryption: {REASON}. To rotate it all the same: -e confirm=data-encryption"],
        ),
    ],
)
def test_what_was_asked_for_and_cannot_be_is_told(named: list[str], confirmed: list[str], wrong: list[str]) -> None:
    assert problems(WAYS, Wish(named, confirmed, KEPT)) == wrong


def test_a_run_without_names_leaves_what_is_kept_or_cannot_be_and_says_why() -> None:
    wish = Wish([], [], KEPT)
    spared = left(WAYS, wish)
    assert [name.rpartition("/")[2] for name in spared] == ["data-encryption", "database"]
    assert [each["name"] for each in chosen(ITEMS, spared, wish)] == ["uex-payments-test/session"]


def test_a_run_with_names_takes_those_alone() -> None:
    wish = Wish(["data-encryption"], ["data-encryption"], KEPT)
    spared = left(WAYS, wish)
    assert spared == {}
    assert [each["name"] for each in chosen(ITEMS, spared, wish)] == ["uex-payments-test/data-encryption"]
