# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Variables as Ansible keeps them, templates among values, made fewer before they are worked out; pure.

Ansible compiles each template by itself, and copies all variables for each that is a part of another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import _options

Variables = Mapping[str, Any]

_NAMED = re.compile(r"\{\{ (\w+) \}\}")
#: A template that does nothing but name variables.
_NAMING = re.compile(r"([^{}\n]|\{\{ \w+ \}\})*")
_TEMPLATE = re.compile(r"\{[{%#]")


def plain(value: Any) -> bool:
    """Whether there is nothing in it to work out: no template, nothing encrypted."""
    if isinstance(value, Mapping):
        return all(map(plain, value.values()))
    if isinstance(value, list):
        return all(map(plain, value))
    return not _TEMPLATE.search(value) if isinstance(value, str) else isinstance(value, int | float | None)


def mentioned(names: Iterable[str], variables: Variables) -> dict[str, Any]:
    """Those of C(variables) whose names stand in the templates of C(names), or in theirs in turn."""
    found: dict[str, Any] = {}
    left = list(names)
    while left:
        name = left.pop()
        if name in variables and name not in found:
            found[name] = variables[name]
            left += [word for text in _options.texts(found[name]) for word in re.findall(r"\w+", text)]
    return found


def settled(variables: Variables, values: Variables, trusted: Callable[[str], bool]) -> dict[str, Any]:
    """C(variables), in which templates that only name others became what those are; C(values) are worked out.

    A text that is not C(trusted) is none of Ansible's templates, whatever it looks like.
    """
    return _Settling(variables, values, trusted).everything()


class _Settling:
    """What is known of variables while they are gone through."""

    def __init__(self, variables: Variables, values: Variables, trusted: Callable[[str], bool]) -> None:
        self._variables, self._trusted = variables, trusted
        self._found = dict(values)
        self._plain = set(values)

    def everything(self) -> dict[str, Any]:
        """Every variable, as far as it could be settled."""
        for name in self._variables:
            self._settle(name)
        return self._found

    def _settle(self, name: str) -> None:
        if name not in self._found:
            self._found[name] = self._variables[name]  # for one that names itself
            self._found[name] = self._value(self._variables[name])
            if plain(self._found[name]):
                self._plain.add(name)

    def _value(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: self._value(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._value(item) for item in value]
        names = isinstance(value, str) and _NAMING.fullmatch(value) and self._trusted(value)
        return self._text(value) if names else value

    def _text(self, text: str) -> Any:
        """What a template that only names variables comes to, or itself where one of them is not plain."""
        names = _NAMED.findall(text)
        for name in names:
            if name in self._variables:
                self._settle(name)
        if not names or not self._plain.issuperset(names):
            return text
        whole = _NAMED.fullmatch(text)
        if whole:
            return self._found[whole[1]]
        texts = all(isinstance(self._found[name], str) for name in names)
        return _NAMED.sub(lambda match: str(self._found[match[1]]), text) if texts else text
