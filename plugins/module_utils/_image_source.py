# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an image is made of: a context, its Containerfile and the git commit that both are at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from . import _commands
from ._commands import Execute

CONTAINERFILES = ("Containerfile", "Dockerfile")
DIRTY = "-dirty"
COMMIT_LENGTH = 12  #: of the commit in a tag
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_SECRET = re.compile(r"(PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIALS?|PRIVATE_KEY|API_KEY|ACCESS_KEY)$", re.IGNORECASE)
_NATIVE = re.compile(r"--platform=\$\{?BUILDPLATFORM\}?")


class Source(NamedTuple):
    """Where an image comes from. C(commit) is empty and C(created), in seconds since 1970, None outside of git."""

    containerfile: str
    commit: str
    created: int | None
    dirty: bool
    origin: str


def containerfile(item: Mapping[str, Any]) -> Path:
    """The file that an image is built by, whether it is there or not."""
    context = Path(str(item["context"])).expanduser()
    if item["containerfile"]:
        return context / str(item["containerfile"])
    return next((context / name for name in CONTAINERFILES if (context / name).is_file()), context / CONTAINERFILES[0])


def problems(item: Mapping[str, Any]) -> Iterable[str]:
    """What is wrong with an image's context, each with the field; nothing has been run yet."""
    context, name = Path(item["context"]).expanduser(), item["name"]
    if not context.is_dir():
        yield (
            f"{name}: build.context: there is no folder {item['context']}; give stack_services.{name}.build.context, "
            "or operations_build_images_contexts_directory where there is one folder for each service"
        )
    elif not containerfile(item).is_file():
        wanted = item["containerfile"] or " and no ".join(CONTAINERFILES)
        yield f"{name}: build.containerfile: there is no {wanted} in {item['context']}"
    for argument in item["arguments"]:
        if _SECRET.search(str(argument)):
            yield (
                f"{name}: build.arguments.{argument}: arguments can be read in the image; give what is secret with "
                "--secret in operations_build_images_options"
            )


def read(execute: Execute, item: Mapping[str, Any]) -> Source:
    """What git says of the context. CommandFailed if it says nothing."""
    context = str(Path(item["context"]).expanduser().absolute())
    found = execute(["git", "-C", context, "log", "-1", "--format=%H %ct"], {})
    if found.code:
        if "not a git repository" in found.errors:
            return Source(str(containerfile(item)), "", None, False, "")
        raise _commands.CommandFailed(f"{item['name']}: git log failed: {_commands.last_lines(found.said, 2)}")
    commit, _space, seconds = found.output.strip().partition(" ")
    changed = _commands.demanded(execute, ["git", "-C", context, "status", "--porcelain", "--", "."])
    origin = execute(["git", "-C", context, "config", "--get", "remote.origin.url"], {}).output.strip()
    return Source(str(containerfile(item)), commit, int(seconds), bool(changed), without_login(origin))


def without_login(url: str) -> str:
    """A URL without the name and password in it, which would end up in every image; pure."""
    parts = urlsplit(url)
    if not (parts.scheme and parts.hostname):
        return url
    host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def tag_of(item: Mapping[str, Any], source: Source, given: str) -> str:
    """The tag: the one that is given or the commit, marked where the tree isn't what the commit says. ValueError."""
    if not (given or source.commit):
        raise ValueError(f"{item['name']}: {item['context']} is in no git repository; give the tag, -e tag=...")
    tag = f"{given or source.commit[:COMMIT_LENGTH]}{DIRTY if source.dirty else ''}"
    if not _TAG.fullmatch(tag):
        raise ValueError(f"tag: {tag!r} must be 1 to 128 letters, digits and . _ -, and begin with none of . -")
    return tag


def runs(text: str) -> list[str]:
    """The RUN steps of a Containerfile that need programs of the image's own architecture; pure."""
    found, native = [], False
    for line in re.sub(r"\\\s*\n", " ", text).splitlines():
        word, _space, rest = line.strip().partition(" ")
        if word.upper() == "FROM":
            native = bool(_NATIVE.search(rest))
        elif word.upper() == "RUN" and not native:
            found.append(f"RUN {' '.join(rest.split())}")
    return found
