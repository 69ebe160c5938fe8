# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Words of the command line, which are what -e sets: which nothing reads, as Ansible ignores those; pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from typing import Any

from . import _options, _variables

#: Where Ansible keeps what stands alone on the command line.
ALONE = "_raw_params"
#: What variables begin with that Ansible itself and the programs that start it add: AWX, Tower and Semaphore.
ADDED = ("ansible_", "awx_", "tower_", "semaphore_")
_SET_BY = re.compile(r'^(?P<name>\w+): "\{\{ \(?(?P<word>\w+) \| default\(', re.MULTILINE)


def of(defaults: str) -> dict[str, str]:
    """The short words of a role's defaults by the variable that they set, as in C(name: "{{ word | default(0) }}")."""
    return {match["name"]: match["word"] for match in _SET_BY.finditer(defaults)}


def read_by(variables: Mapping[str, Any]) -> set[str]:
    """All that the templates of variables mention."""
    texts = (text for text in _options.texts(variables) if not _variables.plain(text))
    return {word for text in texts for word in re.findall(r"\w+", text)}


def problems(
    given: Mapping[str, Any], own: Collection[str], general: Collection[str], known: Collection[str]
) -> list[str]:
    """What is wrong with what the command line gave.

    C(own) are the short words of the operation, C(general) those of every run, C(known) all else that is read.
    """
    read = {ALONE, *own, *general, *known}
    strange = [name for name in sorted(given) if name not in read and not name.startswith(ADDED)]
    return _loose(given) + [f"-e {name}: nothing reads it{_hint(name, own, general, known)}" for name in strange]


def _loose(given: Mapping[str, Any]) -> list[str]:
    """Ansible ends a value of -e at a space, and keeps the rest, which may be a part of a secret."""
    quoted = "a value with spaces needs both kinds of quotes, such as -e 'message=\"a b\"'"
    return [f"-e: what comes after a space stands alone; {quoted}"] if given.get(ALONE) else []


def _hint(name: str, own: Collection[str], general: Collection[str], known: Collection[str]) -> str:
    """What was probably meant, or else the words that there are."""
    prefixed = [each for each in known if each.partition("_")[0] == name.partition("_")[0]]
    close = meant(name, own) or meant(name, general) or meant(name, prefixed)
    return close or f"; the words are {', '.join(sorted(own or general))}"


def meant(name: str, known: Collection[str]) -> str:
    """A question after the name that was probably meant; empty if none is close."""
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""
