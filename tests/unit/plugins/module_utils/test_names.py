# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import hashlib

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _names

LONG = "uex-payments-staging-management-backend"


@pytest.mark.parametrize("name", ["", "a", "x" * 32])
def test_a_name_that_fits_stays(name: str) -> None:
    assert _names.short(name, 32) == name


@pytest.mark.parametrize("limit", [8, 16, 27, 32, 38])
def test_a_longer_name_is_cut_and_ends_in_its_hash(limit: int) -> None:
    result = _names.short(LONG, limit)
    assert len(result) <= limit
    assert result.endswith("-" + hashlib.sha1(LONG.encode()).hexdigest()[:6])
    assert LONG.startswith(result[:-7])


def test_names_with_the_same_beginning_stay_apart() -> None:
    assert _names.short(f"{LONG}-blue", 32) != _names.short(f"{LONG}-green", 32)


def test_the_cut_leaves_no_two_hyphens() -> None:
    assert "--" not in _names.short("uex-payments-staging-mana-" + "x" * 20, 33)


def test_a_limit_without_room_is_an_error() -> None:
    with pytest.raises(ValueError, match="7"):
        _names.short("x" * 40, 7)
