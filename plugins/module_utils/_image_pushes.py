# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Images in ECR: what a tag holds there, what has to be pushed, and what must not be."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from . import _aws, _commands, _ecr, _engines, _wait
from ._commands import Done
from ._image_builds import LAST_LINES, Built, Wish, made_of
from ._registry_login import Login

Connect = Callable[[str], Any]

KEEP, SAME, PUSH, MOVE, REFUSE = "keep", "same", "push", "move", "refuse"
INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
SHOWN_SECONDS = 60.0  #: until ECR shows what was pushed
PAUSE = 2.0


class Remote(NamedTuple):
    """What a tag stands for in ECR.

    C(parts) are the digests that are scanned, C(identities) tell what is in them, C(builds) of which commits they are
    and what their builds were told.
    """

    digest: str
    parts: tuple[str, ...]
    identities: frozenset[str]
    builds: frozenset[tuple[str, str]]


class Place(NamedTuple):
    """A repository, None where it isn't there, and what the tag holds in it."""

    repository: Mapping[str, Any] | None
    remote: Remote | None


# What there is


def place(connect: Connect, repository: str, tag: str) -> Place:
    """The repository and what the tag stands for there."""
    client = connect("ecr")
    found: list[Any] = _aws.absent_as(
        [],
        lambda: list(client.describe_repositories(repositoryNames=[repository])["repositories"]),
        "RepositoryNotFoundException",
    )
    return Place(found[0], remote(connect, repository, tag)) if found else Place(None, None)


def remote(connect: Connect, repository: str, tag: str) -> Remote | None:
    """What a tag stands for; None where there is no such tag."""
    found = _manifests(connect, repository, [{"imageTag": tag}])
    if not found:
        return None
    top = digest, manifest = found[0]
    if "manifests" not in manifest:
        return Remote(digest, (digest,), frozenset(_identities([top])), _builds([top]))
    parts = [entry["digest"] for entry in manifest["manifests"] if _is_image(entry)]
    children = _manifests(connect, repository, [{"imageDigest": part} for part in parts])
    return Remote(digest, tuple(parts), frozenset(_identities([top, *children])), _builds(children))


def _is_image(entry: Mapping[str, Any]) -> bool:
    """Whether an entry of a list is an image; some engines put a statement on its origin beside it."""
    return bool((entry.get("platform") or {}).get("architecture") != "unknown")


def _manifests(connect: Connect, repository: str, ids: Sequence[Mapping[str, str]]) -> list[tuple[str, Any]]:
    """Digests and manifests; several tags of an image are one."""
    answer = connect("ecr").batch_get_image(
        repositoryName=repository, imageIds=list(ids), acceptedMediaTypes=[*INDEXES, *MANIFESTS]
    )
    found = {each["imageId"]["imageDigest"]: json.loads(each["imageManifest"]) for each in answer["images"]}
    return list(found.items())


def _identities(manifests: Iterable[tuple[str, Any]]) -> Iterable[str]:
    """Engines know an image by the digest of its configuration, or by that of its manifest."""
    for digest, manifest in manifests:
        yield digest.removeprefix("sha256:")
        if "config" in manifest:
            yield manifest["config"]["digest"].removeprefix("sha256:")


def _builds(manifests: Iterable[tuple[str, Any]]) -> frozenset[tuple[str, str]]:
    return frozenset(made_of(manifest.get("annotations") or {}) for _digest, manifest in manifests)


# What is to be done; pure


def decide(wish: Wish, built: Built, found: Place) -> str:
    """What becomes of the tag. It stays where ECR has the images of all architectures under it.

    An immutable one stays also where ECR has what another machine built of the same commit in the same way, as a build
    server's second try does; it is seldom the same to the byte.
    """
    if found.remote is None:
        return PUSH
    if set(built.identities.values()) <= found.remote.identities:
        return KEEP
    if not _ecr.is_immutable(found.repository or {}, wish.tag):
        return MOVE
    same = found.remote.builds == {(wish.source.commit, wish.inputs)} and wish.source.commit and not wish.source.dirty
    return SAME if same and len(found.remote.parts) >= len(built.images) else REFUSE


def problem(wish: Wish, built: Built, found: Place, dirty: bool, commands: Mapping[str, str]) -> str:
    """Why an image can't be pushed; empty where it can."""
    name, missing = wish.item["name"], sorted(set(built.images) - set(built.identities))
    if wish.source.dirty and not dirty:
        return f"{name}: {wish.item['context']} is not what is committed; commit it and build again, or -e dirty=true"
    if missing:
        return f"{name}: {wish.tag} is not built for {' and '.join(missing)}: {commands['build']}"
    if found.repository is None:
        return f"{name}: there is no repository {wish.item['repository_name']}: {commands['registry']}"
    if decide(wish, built, found) == REFUSE and found.remote:
        return (
            f"{name}: {wish.item['repository_name']}:{wish.tag} is in ECR already, as {found.remote.digest}, and "
            "is not what was built here; the tag is immutable. If the commit is the same, deploy the one in ECR; "
            "else commit and build again, or give another tag, -e tag=..."
        )
    return ""


def deployment(command: str, tags: Mapping[str, str], services: Sequence[str]) -> list[str]:
    """The commands that deploy the services among the images: one where all services have the same tag."""
    pushed = {name: tag for name, tag in tags.items() if name in services}
    by_tag = {tag: sorted(name for name in pushed if pushed[name] == tag) for tag in sorted(set(pushed.values()))}
    everything = len(by_tag) == 1 and len(pushed) == len(services)
    named = {tag: "" if everything else f" -e service={','.join(names)}" for tag, names in by_tag.items()}
    return [f"{command} -e image_tag={tag}{words}" for tag, words in named.items()]


# Pushes


def push(engine: str, login: Login, wish: Wish, built: Built, options: Sequence[str]) -> None:
    """Push the images of all architectures under one tag. CommandFailed with the last lines."""
    reference = f"{login.host}/{wish.item['repository_name']}:{wish.tag}"
    target = _engines.Target(reference, login.authentication, login.insecure)
    cleanup = _engines.cleanup(engine, built.images, target)
    _all(login, cleanup)  # of a push that was killed
    try:
        failed = next(
            (done for done in _each(login, _engines.push(engine, built.images, target, options)) if done.code), None
        )
    finally:
        _all(login, cleanup)
    if failed:
        last = _commands.last_lines(failed.said, LAST_LINES)
        raise _commands.CommandFailed(f"{wish.item['name']}: {engine} could not push {reference}:\n{last}")


def _each(login: Login, commands: Iterable[list[str]]) -> Iterator[Done]:
    """Run one after the other, as long as somebody asks for the next."""
    return (login.run(command) for command in commands)


def _all(login: Login, commands: Iterable[list[str]]) -> None:
    """Run all, whatever becomes of them."""
    list(_each(login, commands))


def arrived(connect: Connect, wish: Wish, built: Built) -> Remote:
    """What ECR has now, once it is what was pushed. TimedOut if it never is."""
    name, wanted = wish.item["repository_name"], set(built.identities.values())
    found = _wait.until(
        lambda: remote(connect, name, wish.tag),
        lambda found: found is not None and wanted <= found.identities,
        f"{name}:{wish.tag} in ECR as it was pushed",
        SHOWN_SECONDS,
        PAUSE,
    )
    if found is None:
        raise LookupError(f"{name}:{wish.tag} is not in ECR")
    return found
