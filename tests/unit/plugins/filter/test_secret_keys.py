# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.uex.payments.plugins.filter.secret_keys import FilterModule, secret_keys


def test_keys_are_those_of_all_that_is_declared_and_never_values() -> None:
    definition = {
        "fixed": {"user": "canary"},
        "value": {"given": "canary"},
        "generate": [{"key": "password", "length": 9}],
    }
    assert secret_keys({"database": definition}, "dev/") == {"dev/database": ["given", "password", "user"]}
    assert "canary" not in str(secret_keys({"database": definition}))


def test_a_text_and_nothing_have_no_keys() -> None:
    assert secret_keys({"text": {"value": "canary"}, "empty": {}, "out": None}) == {}


def test_it_is_registered() -> None:
    assert set(FilterModule().filters()) == {"secret_keys"}
