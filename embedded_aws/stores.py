# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where the databases of the embedded AWS really are: an instance that is placed shows the address of a real server.

`POST /embedded-aws/stores` with `{"<identifier>": "127.0.0.9"}` places instances, null takes a place back; DELETE
forgets all; GET shows them. The port stays the instance's own: a server listens there on a loopback address of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .steering import Steering, ask, replace

PATH = "/embedded-aws/stores"
#: Address by the instance's identifier.
PLACES: dict[str, str] = {}


def place(port: int, places: Mapping[str, str | None]) -> None:
    """Ask the emulator on C(port) to show real servers' addresses for instances, by identifier."""
    ask(port, PATH, "POST", dict(places))


def reset(port: int) -> None:
    """Let every instance of the emulator on C(port) have its made-up address again."""
    ask(port, PATH, "DELETE")


def remember(places: Mapping[str, str | None]) -> None:
    """Place instances; null takes a place back."""
    replace(PLACES, dict(places))


class Stores(Steering):
    """The path at which instances are placed."""

    path = PATH

    def forget(self) -> None:
        PLACES.clear()

    def take(self, given: Any) -> None:
        remember(given)

    def show(self) -> Any:
        return PLACES
