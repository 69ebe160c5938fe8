# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Add operations to moto's response classes, and page what they list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult


def add(cls: type, *operations: Callable[..., Any]) -> None:
    """Give `cls` these functions as methods, each under its own name, in place of moto's where it has one."""
    for operation in operations:
        setattr(cls, operation.__name__, operation)


def page(
    items: Iterable[Any], limit: int | None, marker: str | None, default: int = 100
) -> tuple[list[Any], str | None]:
    """One page of at most `limit` items (else `default`) and the marker of the next page, None after the last.

    Markers are opaque to clients; here they are positions. A marker that is none raises ValueError.
    """
    everything = list(items)
    start = int(marker or 0)
    end = start + int(limit or default)
    return everything[start:end], str(end) if end < len(everything) else None


def listed(params: Any, name: str, items: Iterable[Any], invalid: type[ServiceException]) -> ActionResult:
    """The page of `items` that the request asks for with MaxRecords and Marker, under `name`, and the next Marker.

    Raises `invalid` for a page size other than 20 to 100, and for a marker that is none.
    """
    limit = params.get("MaxRecords")
    if limit is not None and not 20 <= int(limit) <= 100:
        raise invalid(f"Invalid value {limit} for MaxRecords. Must be between 20 and 100")
    try:
        found, marker = page(items, limit, params.get("Marker"))
    except ValueError as error:
        raise invalid("The parameter Marker is not valid.") from error
    return ActionResult({name: found, "Marker": marker})
