# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _image_pushes
from ansible_collections.uex.payments.plugins.module_utils._image_builds import Built, Wish
from ansible_collections.uex.payments.plugins.module_utils._image_pushes import (
    KEEP,
    MOVE,
    PUSH,
    REFUSE,
    SAME,
    Place,
    Remote,
)
from ansible_collections.uex.payments.plugins.module_utils._image_source import Source

ITEM: dict[str, Any] = {"name": "api", "repository_name": "p-dev/api", "context": "/code"}
WISH = Wish(ITEM, Source("/code/Containerfile", "c0ffee", 1, False, ""), "c0ffee", "1234")
DIRTY = WISH._replace(source=WISH.source._replace(dirty=True))
IMAGES = {"X86_64": "api:1-amd64"}
BUILT = Built("c0ffee", IMAGES, {"X86_64": "id"}, False, 0.0)
FIXED, FREE = {"imageTagMutability": "IMMUTABLE"}, {"imageTagMutability": "MUTABLE"}
HALF = {"imageTagMutability": "IMMUTABLE_WITH_EXCLUSION", "imageTagMutabilityExclusionFilters": [{"filter": "c0*"}]}
COMMANDS = {"build": "build it", "registry": "make it"}


def remote(*identities: str, builds: tuple[str, str] = ("", "")) -> Remote:
    return Remote("sha256:1", ("sha256:1",), frozenset(identities), frozenset([builds]))


OURS = remote("other", builds=("c0ffee", "1234"))


@pytest.mark.parametrize(
    ("wish", "place", "verb"),
    [
        (WISH, Place(FIXED, None), PUSH),
        (WISH, Place(FIXED, remote("id", "manifest")), KEEP),
        (WISH, Place(FREE, remote("id")), KEEP),
        (WISH, Place(FIXED, remote("other")), REFUSE),
        (WISH, Place(FREE, remote("other")), MOVE),
        (WISH, Place(HALF, remote("other")), MOVE),
        (WISH, Place(FIXED, OURS), SAME),
        (WISH, Place(FREE, OURS), MOVE),
        (DIRTY, Place(FIXED, OURS), REFUSE),
        (WISH._replace(inputs="5"), Place(FIXED, OURS), REFUSE),
        (WISH._replace(source=WISH.source._replace(commit="")), Place(FIXED, remote("other")), REFUSE),
    ],
)
def test_what_becomes_of_a_tag(wish: Wish, place: Place, verb: str) -> None:
    assert _image_pushes.decide(wish, BUILT, place) == verb


def test_one_architecture_is_not_the_same_as_two() -> None:
    two = Built("c0ffee", {**IMAGES, "ARM64": "api:1-arm64"}, {"X86_64": "id", "ARM64": "id2"}, False, 0.0)
    assert _image_pushes.decide(WISH, two, Place(FIXED, OURS)) == REFUSE
    assert _image_pushes.decide(WISH, two, Place(FIXED, remote("id"))) == REFUSE
    assert _image_pushes.decide(WISH, BUILT, Place(FIXED, remote("id", "id2"))) == KEEP


@pytest.mark.parametrize(
    ("wish", "built", "place", "dirty", "said"),
    [
        (WISH, BUILT, Place(FIXED, None), False, ""),
        (DIRTY, BUILT, Place(FIXED, None), False, "-e dirty=true"),
        (DIRTY, BUILT, Place(FIXED, None), True, ""),
        (WISH, BUILT._replace(identities={}), Place(FIXED, None), False, "is not built for X86_64: build it"),
        (WISH, BUILT, Place(None, None), False, "there is no repository p-dev/api: make it"),
        (WISH, BUILT, Place(FIXED, remote("other")), False, "the tag is immutable"),
        (WISH, BUILT, Place(FIXED, OURS), False, ""),
    ],
)
def test_what_is_refused_says_what_to_do(wish: Wish, built: Built, place: Place, dirty: bool, said: str) -> None:
    found = _image_pushes.problem(wish, built, place, dirty, COMMANDS)
    assert bool(found) is bool(said)
    assert said in found


SERVICES = ["a", "b"]


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ({"a": "1", "b": "1", "migrations": "1"}, ["-e image_tag=1"]),
        ({"b": "1"}, ["-e image_tag=1 -e service=b"]),
        ({"a": "1", "b": "2"}, ["-e image_tag=1 -e service=a", "-e image_tag=2 -e service=b"]),
        ({"migrations": "1"}, []),
    ],
)
def test_the_command_that_deploys_names_what_was_pushed(tags: dict[str, str], words: list[str]) -> None:
    assert _image_pushes.deployment("deploy", tags, SERVICES) == [f"deploy {each}" for each in words]
