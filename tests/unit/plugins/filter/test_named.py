# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.filter.named import named


def test_items_are_sorted_and_named_in_full() -> None:
    assert named({"b": {"size": 2}, "a": {}}, "dev/") == [{"name": "dev/a"}, {"name": "dev/b", "size": 2}]


def test_null_leaves_an_item_out() -> None:
    assert named({"a": None}) == []


def test_anything_else_is_refused_without_its_value() -> None:
    with pytest.raises(AnsibleFilterError, match="a: must be a dictionary") as refused:
        named({"a": "hunter2"})
    assert "hunter2" not in str(refused.value)
