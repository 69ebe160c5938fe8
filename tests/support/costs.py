# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The rates of tests: the collection's prices of us-east-1, and what the role assumes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ansible_collections.uex.payments.plugins.module_utils import _cost_prices
from ansible_collections.uex.payments.plugins.module_utils._cost_prices import Rates
from ansible_collections.uex.payments.plugins.plugin_utils import prices

DEFAULTS = Path(__file__).resolve().parents[2] / "roles/stack/defaults/main.yml"
REGION = "us-east-1"


def values(**changed: Any) -> dict[str, Any]:
    """The role's variables of costs; as much of logs is kept as is taken in."""
    given = yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))
    found = {name: value for name, value in given.items() if name.startswith("stack_cost_")}
    return {**found, "stack_cost_gate": "warn", "stack_cost_logs_stored_gb": found["stack_cost_logs_gb"], **changed}


def usage(**changed: Any) -> dict[str, Any]:
    """What the role assumes, by name."""
    return {**_cost_prices.usage(values()), **changed}


def rates(**changed: Any) -> Rates:
    return Rates(prices.table()["regions"][REGION], usage(**changed))
