# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The rule of a composite alarm: which alarms it names, and whether it holds. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_TOKEN = re.compile(
    r"\s*(?:(?P<state>ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:\"(?P<quoted>[^\"]+)\"|(?P<plain>[^\s)\"]+))\s*\)"
    r"|(?P<word>AND|OR|NOT|TRUE|FALSE)\b|(?P<bracket>[()]))"
)

Token = str | tuple[str, str]


def _name(reference: str) -> str:
    """The alarm's name; a rule may give its ARN instead."""
    return reference.split(":alarm:", 1)[-1]


def tokens(rule: str) -> list[Token]:
    """The words and brackets of `rule`, and (state, alarm name) for each alarm in it. Raises ValueError for others."""
    found: list[Token] = []
    position = 0
    while rule[position:].strip():
        match = _TOKEN.match(rule, position)
        if match is None:
            raise ValueError(f"unexpected text at position {position}: {rule[position:]!r}")
        reference = match["quoted"] or match["plain"]
        found.append((match["state"], _name(reference)) if reference else match["word"] or match["bracket"])
        position = match.end()
    return found


def alarms(rule: str) -> list[str]:
    """The names of the alarms that `rule` refers to. Raises ValueError as `tokens` does."""
    return [token[1] for token in tokens(rule) if isinstance(token, tuple)]


def holds(rule: str, states: Mapping[str, str]) -> bool:
    """Whether `rule` is true of alarms in these states; an unknown alarm is in none. Raises ValueError as tokens."""
    rest = tokens(rule)
    value = _either(rest, states)
    if rest:
        raise ValueError(f"unexpected {rest[0]!r}")
    return value


def _either(rest: list[Token], states: Mapping[str, str]) -> bool:
    value = _both(rest, states)
    while rest[:1] == ["OR"]:
        rest.pop(0)
        value = _both(rest, states) or value
    return value


def _both(rest: list[Token], states: Mapping[str, str]) -> bool:
    value = _one(rest, states)
    while rest[:1] == ["AND"]:
        rest.pop(0)
        value = _one(rest, states) and value
    return value


def _one(rest: list[Token], states: Mapping[str, str]) -> bool:
    token = rest.pop(0) if rest else "the end"
    if isinstance(token, tuple):
        return states.get(token[1]) == token[0]
    if token == "NOT":
        return not _one(rest, states)
    if token == "(":
        value = _either(rest, states)
        if rest[:1] != [")"]:
            raise ValueError("a bracket is not closed")
        rest.pop(0)
        return value
    if token not in ("TRUE", "FALSE"):
        raise ValueError(f"unexpected {token}")
    return token == "TRUE"
