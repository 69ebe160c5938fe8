# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pages of what the embedded AWS lists."""

from __future__ import annotations

from typing import Any

import pytest

from embedded_aws.extensions import _operations


@pytest.mark.parametrize(
    "limit, marker, expected",
    [
        (None, None, ([1, 2, 3], None)),
        (2, None, ([1, 2], "2")),
        (2, "2", ([3], None)),
        (3, None, ([1, 2, 3], None)),
        (1, "9", ([], None)),
    ],
)
def test_a_page(limit: int | None, marker: str | None, expected: Any) -> None:
    assert _operations.page([1, 2, 3], limit, marker) == expected


def test_a_marker_that_is_none() -> None:
    with pytest.raises(ValueError):
        _operations.page([1], None, "nonsense")


def test_operations_replace_by_name() -> None:
    class Response:
        def describe(self) -> str:
            return "old"

    def describe(self: Response) -> str:
        return "new"

    _operations.add(Response, describe)
    assert Response().describe() == "new"
