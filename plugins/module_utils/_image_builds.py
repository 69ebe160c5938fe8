# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Images built from their contexts, one for each architecture, unless the engine has them already."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from . import _commands, _engines, _image_source
from ._commands import Execute
from ._engines import Local, Step
from ._image_source import Source
from ._status import columns

T = TypeVar("T")

INPUTS = "uex.payments.inputs"  #: the label with the hash of what a build was told
REVISION = "org.opencontainers.image.revision"
LAST_LINES = 15
SHOW_EVERY = 60.0
BINFMT = Path("/proc/sys/fs/binfmt_misc")
_EMULATION = "apt-get install qemu-user-static binfmt-support lets this machine run another one's programs"


class Wish(NamedTuple):
    """An image as it is wanted: what it is made of, under which tag."""

    item: Mapping[str, Any]
    source: Source
    tag: str
    inputs: str


class Built(NamedTuple):
    """What became of an image. C(images) are its references by architecture."""

    tag: str
    images: Mapping[str, str]
    identities: Mapping[str, str]
    changed: bool
    seconds: float
    problem: str = ""


# What is wanted; pure


def references(item: Mapping[str, Any], tag: str) -> dict[str, str]:
    """The name of the image of each architecture in the engine's store."""
    return {each: f"{item['image']}:{tag}-{_engines.PLATFORMS[each]}" for each in item["architectures"]}


def inputs(item: Mapping[str, Any], containerfile: str, options: Sequence[str]) -> str:
    """A hash of what a build is told beside its context."""
    told = [containerfile, item["target"], sorted(item["arguments"].items()), list(options)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def labels(wish: Wish) -> dict[str, str]:
    """The labels of an image, in the words of the OCI."""
    source = wish.source
    created = "" if source.created is None else datetime.fromtimestamp(source.created, UTC).isoformat()
    found = {"created": created, "revision": source.commit, "source": source.origin, "version": wish.tag}
    named = {f"org.opencontainers.image.{name}": text for name, text in found.items() if text}
    return {**named, "org.opencontainers.image.title": wish.item["name"], INPUTS: wish.inputs}


def is_current(wish: Wish, local: Local | None, architecture: str) -> bool:
    """Whether the engine has what a build would make; of a tree that isn't committed nobody knows."""
    return bool(
        local
        and not wish.source.dirty
        and local.architecture == architecture
        and made_of(local.labels) == (wish.source.commit, wish.inputs)
    )


def made_of(labels: Mapping[str, str]) -> tuple[str, str]:
    """What an image's labels say of it: the commit, and what the build was told."""
    return labels.get(REVISION, ""), labels.get(INPUTS, "")


def step(wish: Wish, architecture: str, options: Sequence[str], machine: str) -> Step:
    """The build for one architecture; the image that runs on this machine bears the bare tag too."""
    item, named = wish.item, references(wish.item, wish.tag)
    plain = machine if machine in named else next(iter(named))
    return Step(
        context=str(Path(item["context"]).expanduser().absolute()),
        containerfile=str(Path(wish.source.containerfile).absolute()),
        tags=[named[architecture], *([f"{item['image']}:{wish.tag}"] if architecture == plain else [])],
        architecture=architecture,
        labels=labels(wish),
        arguments={name: str(value) for name, value in item["arguments"].items()},
        target=item["target"],
        options=options,
    )


def emulation(wish: Wish, text: str, machine: str, emulated: Iterable[str]) -> str:
    """Why this machine cannot build the image; empty where it can."""
    foreign = [each for each in wish.item["architectures"] if each not in (machine, *emulated)]
    steps = _image_source.runs(text) if foreign else []
    if not steps:
        return ""
    return (
        f"{wish.item['name']}: {steps[0]!r} in {wish.source.containerfile} needs a machine or an emulation of "
        f"{' and '.join(foreign)}, and this is {machine} without one; {_EMULATION}; "
        "operations_build_images_architectures says what is built"
    )


def emulated(engine: str, directory: Path = BINFMT) -> list[str]:
    """The architectures that this machine emulates. docker's server, or a machine of the engine's own, may do more."""
    if engine == _engines.DOCKER or not directory.parent.is_dir():
        return list(_engines.EMULATORS)
    return [each for each, name in _engines.EMULATORS.items() if (directory / name).exists()]


# Builds


class Builder:
    """Builds with one engine. C(execute) runs programs, C(say) tells how it goes."""

    def __init__(self, execute: Execute, engine: str, options: Sequence[str], machine: str) -> None:
        self.execute, self.engine, self.options, self.machine = execute, engine, options, machine

    def wish(self, item: Mapping[str, Any], tag: str) -> Wish:
        """What is wanted of an image. ValueError or CommandFailed where git doesn't say under which tag."""
        source = _image_source.read(self.execute, item)
        told = inputs(item, Path(source.containerfile).name, self.options)
        return Wish(item, source, _image_source.tag_of(item, source, tag), told)

    def wishes(self, items: Iterable[Mapping[str, Any]], tag: str) -> dict[str, Wish]:
        """What is wanted of each image, by name. ValueError with all that stands in the way."""
        listed, found = list(items), {}
        wrong = [problem for item in listed for problem in _image_source.problems(item)]
        for item in [] if wrong else listed:
            try:
                found[item["name"]] = self.wish(item, tag)
            except (ValueError, _commands.CommandFailed) as error:
                wrong.append(str(error))
        if wrong:
            raise ValueError("\n".join(wrong))
        return found

    def local(self, reference: str) -> Local | None:
        """An image of the engine's store."""
        return _engines.seen(self.engine, self.execute(_engines.inspect(self.engine, reference), {}))

    def missing(self, wish: Wish, rebuild: bool) -> list[str]:
        """The architectures that have to be built."""
        named = references(wish.item, wish.tag)
        return [each for each, name in named.items() if rebuild or not is_current(wish, self.local(name), each)]

    def built(self, wish: Wish) -> Built:
        """What there is of an image to push: of each architecture, if it is what a build would make."""
        named = references(wish.item, wish.tag)
        there = {each: local for each, name in named.items() if (local := self.local(name))}
        current = {each for each, local in there.items() if wish.source.dirty or is_current(wish, local, each)}
        return Built(wish.tag, named, {each: there[each].identity for each in current}, False, 0.0)

    def build(self, wish: Wish, missing: Sequence[str]) -> Built:
        """Build what is missing; a failure is told in the outcome, with the step and the last lines."""
        named, begun = references(wish.item, wish.tag), time.monotonic()
        before = {each: self.local(name) for each, name in named.items()}
        try:
            for architecture in missing:
                self._build(wish, architecture)
        except _commands.CommandFailed as error:
            return Built(wish.tag, named, {}, False, time.monotonic() - begun, str(error))
        after = {each: self.local(name) for each, name in named.items()}
        identities = {each: local.identity for each, local in after.items() if local}
        changed = identities != {each: local.identity for each, local in before.items() if local}
        return Built(wish.tag, named, identities, changed, time.monotonic() - begun)

    def _build(self, wish: Wish, architecture: str) -> None:
        """Some engines take another architecture's steps from their cache: then again without it."""
        for fresh in (False, True):
            self._run(wish, step(wish, architecture, self.options, self.machine), fresh)
            local = self.local(references(wish.item, wish.tag)[architecture])
            if local and local.architecture == architecture:
                return
        found = local.architecture if local else "nothing"
        raise _commands.CommandFailed(
            f"{wish.item['name']}: {self.engine} made {found} where {architecture} was wanted: "
            "the base image is not there for it"
        )

    def _run(self, wish: Wish, told: Step, fresh: bool) -> None:
        done = self.execute(_engines.build(self.engine, told, fresh), _engines.environment(self.engine))
        if done.code:
            raise _commands.CommandFailed(failure(wish, told.architecture, done))


def failure(wish: Wish, architecture: str, done: _commands.Done) -> str:
    """Which step a build ended in, and what it said last; pure."""
    text = f"{done.output}\n{done.errors}"
    where = _engines.failed_step(done.output) or _engines.failed_step(done.errors)
    last = _commands.last_lines(text, LAST_LINES)
    place = f" at {where}" if where else ""
    advice = f"\n{_EMULATION}" if "exec format error" in text.lower() else ""
    return f"{wish.item['name']} ({architecture}): the build ended{place} with exit code {done.code}:\n{last}{advice}"


def each_in_turn(
    names: Sequence[str], work: Callable[[str], T], workers: int, say: Callable[[str], None], what: str
) -> dict[str, T]:
    """The work on each, several at a time; C(say) gets once a minute what still goes on. Raises the first error."""
    with ThreadPoolExecutor(max(workers, 1)) as pool:
        going: dict[Future[T], str] = {pool.submit(work, name): name for name in names}
        begun, left = time.monotonic(), set(going)
        while left:
            done, left = wait(left, SHOW_EVERY, FIRST_COMPLETED)
            if left and not done:
                say(f"{what} for {time.monotonic() - begun:.0f} s: {', '.join(sorted(going[each] for each in left))}")
    return {name: future.result() for future, name in going.items()}


# What a person sees; pure


def table(engine: str, wishes: Mapping[str, Wish], rows: Mapping[str, tuple[str, str]], next_step: str) -> list[str]:
    """Each image with its tag, its architectures and what became of it, as C(rows) has it with a remark."""
    lines = [
        (name, wish.tag, " ".join(_engines.PLATFORMS[each] for each in wish.item["architectures"]), *rows[name])
        for name, wish in wishes.items()
    ]
    shown = columns([("image", "tag", "for", f"with {engine}", ""), *lines])
    dirty = sorted(name for name, wish in wishes.items() if wish.source.dirty)
    marks = [f"  Not what is committed, and so never pushed unless said: {', '.join(dirty)}"] if dirty else []
    return ["Images", *shown, *marks, *([f"  next: {next_step}"] if next_step else [])]
