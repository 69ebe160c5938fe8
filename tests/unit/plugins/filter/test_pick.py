# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.uex.payments.plugins.filter.pick import pick


def test_only_the_fields_that_are_asked_for_stay() -> None:
    assert pick([{"name": "a", "port": 1, "other": 2}], ["name", "port"]) == [{"name": "a", "port": 1}]


def test_a_missing_field_is_named() -> None:
    with pytest.raises(AnsibleFilterError, match="port"):
        pick([{"name": "a"}], ["name", "port"])
