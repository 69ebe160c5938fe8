# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The option C(--everything) of a suite that takes a sample without it; its conftest imports these hooks."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--everything", action="store_true", help="all that the suite has, not a sample")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is marked C(everything) runs with the option alone."""
    if not config.getoption("--everything"):
        spared = [item for item in items if item.get_closest_marker("everything")]
        config.hook.pytest_deselected(items=spared)
        items[:] = [item for item in items if item not in spared]
