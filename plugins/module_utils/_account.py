# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whose account the credentials are of, and whether it is the one that is meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def identity(connect: Callable[[str], Any]) -> dict[str, str]:
    """The caller's account, and the partition of AWS it is in."""
    caller = connect("sts").get_caller_identity()
    return {"account_id": caller["Account"], "partition": caller["Arn"].split(":")[1]}


def account_problems(wanted: str, actual: str) -> list[str]:
    """A run with another account's credentials than the inventory means."""
    if wanted in ("", actual):
        return []
    return [f"account_id: the credentials are of account {actual}, the inventory means {wanted}"]
