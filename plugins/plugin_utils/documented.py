# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the roles document: their variables, and the short words of the command line that set them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _options, _words

ROLES = Path(__file__).resolve().parents[2] / "roles"
OPERATIONS = "operations"


@cache
def specs() -> dict[str, dict[str, Any]]:
    """The documented variables of every role, by role."""
    return {
        role: {name: option for options in points(role).values() for name, option in options.items()}
        for role in roles()
    }


def points(role: str) -> dict[str, dict[str, Any]]:
    """The documented variables of a role's entry points, by entry point."""
    found = _options.load((ROLES / role / "meta" / "argument_specs.yml").read_bytes())["argument_specs"]
    return {point: spec["options"] for point, spec in found.items()}


def words() -> set[str]:
    """Short words of -e that every run takes."""
    return {word for role in roles() if role != OPERATIONS for word in _words.of(_defaults(role)).values()}


def words_of(operation: str) -> set[str]:
    """Those of an operation; ValueError where there is none of this name."""
    known = points(OPERATIONS)
    if operation not in known:
        raise ValueError(f"operation: there is no {operation}; there are {', '.join(sorted(known))}")
    named = _words.of(_defaults(OPERATIONS))
    return {named[name] for name in known[operation] if name in named}


def roles() -> list[str]:
    """The collection's roles, sorted."""
    return sorted(file.parents[1].name for file in ROLES.glob("*/meta/argument_specs.yml"))


def _defaults(role: str) -> str:
    return (ROLES / role / "defaults" / "main.yml").read_text(encoding="utf-8")
