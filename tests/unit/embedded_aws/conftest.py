# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Fixtures of the tests of the embedded AWS's ECS."""

from __future__ import annotations

import pytest

from ansible_collections.uex.payments.tests.support.ecs_estate import Estate, built


@pytest.fixture
def estate(aws: None) -> Estate:
    """What a service needs around it."""
    return built()
