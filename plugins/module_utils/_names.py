# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Names that fit into what AWS allows; pure."""

from __future__ import annotations

import hashlib

_DIGITS = 6  #: hex digits of the hash that keeps shortened names apart


def short(name: str, limit: int) -> str:
    """The name if it has at most C(limit) characters; else its beginning, a hyphen and six hex digits of its SHA-1.

    The same name always gives the same result. Raises ValueError where C(limit) leaves no room for a beginning.
    """
    if len(name) <= limit:
        return name
    room = limit - _DIGITS - 1
    if room < 1:
        raise ValueError(f"a name cannot be shortened to {limit} characters: at least {_DIGITS + 2} are needed")
    digest = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()
    return f"{name[:room].rstrip('-')}-{digest[:_DIGITS]}"
