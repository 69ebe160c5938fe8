# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _health_rules as rules
from ansible_collections.uex.payments.tests.support.health import options


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"statuses": ["20"]}, "statuses"),
        ({"statuses": ["200-"]}, "statuses"),
        ({"address": "127.0.0.1"}, "address"),
        ({"http_address": "x:y"}, "http_address"),
        ({"paths": {"two": "/two"}}, "paths.two"),
        ({"paths": {"one": "one"}}, "paths.one"),
        ({"timeout": 0}, "timeout"),
        ({"deadline": 5}, "deadline"),
        ({"task_deadline": -1}, "task_deadline"),
        ({"slow_ms": 0}, "slow_ms"),
        ({"uex_url": "http://uex.example.com/"}, "uex_url"),
        ({"uex_url": "https://"}, "uex_url"),
        ({"uex_url": "ftp://127.0.0.1/"}, "uex_url"),
        ({"uex_headers": {"X-Key": "password"}}, "uex_headers.X-Key"),
    ],
)
def test_what_is_refused_names_its_variable(changed: dict[str, Any], named: str) -> None:
    (problem,) = rules.problems(options(**changed))
    assert problem.startswith(f"operations_health_check_{named}: ")


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"statuses": ["200", "200-399"], "paths": {"one": "/one/health"}, "address": "[::1]:443"},
        {"uex_url": "https://uex.example.com/v1", "uex_headers": {"X-Key": "key"}},
        {"uex_url": "http://127.0.0.1:8080/"},
    ],
)
def test_what_is_fine(changed: dict[str, Any]) -> None:
    assert list(rules.problems(options(**changed))) == []
