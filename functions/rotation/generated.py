# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A secret that is random alone, such as a key that signs sessions: nobody has to be told but its readers."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _secrets

from .secret import Secret, Stop, Value


class Generated:
    """C(rules) are the random parts, as option C(generate) of uex.payments.secretsmanager_secret takes them."""

    def __init__(self, rules: list[dict[str, Any]]) -> None:
        self.rules = [{"length": 40, **rule} for rule in rules]  # as the module's default is

    def following(self, secret: Secret) -> Value:
        """The current value with its random parts made anew."""
        fresh: Value = json.loads(_secrets.content({"generate": self.rules}) or "{}")
        return {**secret.current(), **fresh}

    def apply(self, secret: Secret, value: Value) -> None:
        """Nothing to do: no service holds a copy."""

    def test(self, value: Value) -> None:
        """The random parts are there. Raises Stop."""
        missing = [rule["key"] for rule in self.rules if not value.get(rule["key"])]
        if missing:
            raise Stop(f"the next value lacks {', '.join(missing)}: rotate the secret again")

    def withdraws(self) -> bool:
        return False

    def withdraw(self, value: Value) -> None:
        """Nothing to do: who reads the current value has left the last one."""
