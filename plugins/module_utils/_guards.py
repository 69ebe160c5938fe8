# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an account needs one of in a region, whoever runs it: trails, detectors, recorders, hubs; pure.

Ours, by our tags, is as it is declared. Anybody else's, of another environment too, is used as it is: it is neither
changed nor deleted, and none is made beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar

from . import _tags
from ._resource import Item, Resource

Tags = Mapping[str, Any]


def placed(declared: Collection[str], found: Iterable[Item], owner: Tags) -> dict[str, Item]:
    """What is there by name: ours under their own names, and what serves instead of a declared one under that one's.

    Each has a C(name) and C(tags). Of several others the one that bears the declared name comes first.
    """
    listed = list(found)
    ours = {str(each["name"]): each for each in listed if _tags.owns(owner, each["tags"])}
    others = [each for each in listed if not _tags.owns(owner, each["tags"])]
    namesakes = {str(each["name"]): each for each in others}
    served = {name: namesakes.get(name) or others[0] for name in declared if name not in ours and others}
    return {**served, **ours}


def only(declared: Collection[str], found: Iterable[Item]) -> dict[str, Item]:
    """The one that a region has, under the declared name whatever it is called itself."""
    return {next(iter(declared), str(each["name"])): each for each in found}


def note(noun: str, name: str, tags: Tags, state: str = "") -> str:
    """What a person is told of somebody else's."""
    which = f"{name} ({_tags.claim(tags)})"
    return f"{noun} {which} is somebody else's and used as it is{f'; {state}' if state else ''}"


class Guard(Resource):
    """A kind of them. What is observed has C(called), its name or id in AWS's words, and C(state), what is wrong."""

    noun: ClassVar[str]

    @property
    def declared(self) -> list[str]:
        return [self.identify(item) for item in self.options[self.plural]]

    def let_be(self, name: str, observed: Item) -> str:
        if _tags.owns(self.options["tags"], observed.get("tags") or {}):
            return ""
        return note(self.noun, str(observed["called"]), observed.get("tags") or {}, str(observed.get("state") or ""))
