# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""EventBridge: a pattern is matched by an event with a list of objects if one of these fits."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from moto.events.models import EventPattern

from ._patch import around


def variants(node: Any) -> Iterator[Any]:
    """The event with one member in the place of each list of objects, so that all conditions are about the same one."""
    if isinstance(node, list) and node and all(isinstance(each, dict) for each in node):
        yield from (variant for each in node for variant in variants(each))
    elif isinstance(node, dict):
        for values in itertools.product(*map(variants, node.values())):
            yield dict(zip(node, values, strict=True))
    else:
        yield node


def _matches(original: Any, pattern: EventPattern, event: Any) -> bool:
    return any(original(pattern, variant) for variant in variants(event))


def install() -> None:
    """Install into moto's EventBridge."""
    around(EventPattern, "matches_event", _matches)
