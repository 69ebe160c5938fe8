# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The programs that build images, and what each wants to be told; pure but for C(chosen)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ._commands import Done

AUTO, DOCKER, PODMAN, BUILDAH = "auto", "docker", "podman", "buildah"
#: In the order in which C(auto) looks for them.
ENGINES = (DOCKER, PODMAN, BUILDAH)
#: How images name the architectures of a service.
PLATFORMS = {"X86_64": "amd64", "ARM64": "arm64"}
#: How this machine may name its own.
MACHINES = {"x86_64": "X86_64", "amd64": "X86_64", "aarch64": "ARM64", "arm64": "ARM64"}
#: How the kernel names what runs programs of another architecture.
EMULATORS = {"X86_64": "qemu-x86_64", "ARM64": "qemu-aarch64"}
#: Whether an engine answers; docker is a client whose server may be down.
_PROBES = {
    DOCKER: ("docker", "version", "--format", "{{.Server.Version}}"),
    PODMAN: ("podman", "--version"),
    BUILDAH: ("buildah", "--version"),
}
_INSTALL = {
    DOCKER: "install Docker Engine, start it and let this user use it",
    PODMAN: "apt-get install podman, or dnf install podman",
    BUILDAH: "apt-get install buildah, or dnf install buildah",
}
_ABSENT = ("not known", "no such image", "not found")


class EngineMissing(Exception):
    """No engine can be used; the message says what to install."""


class Local(NamedTuple):
    """An image in the engine's own store. C(identity) is the digest of its configuration."""

    identity: str
    architecture: str
    labels: Mapping[str, str]


class Step(NamedTuple):
    """One build: of one context, for one architecture."""

    context: str
    containerfile: str
    tags: Sequence[str]
    architecture: str
    labels: Mapping[str, str]
    arguments: Mapping[str, str]
    target: str
    options: Sequence[str]


def chosen(wanted: str, probe: Callable[[Sequence[str]], Done]) -> str:
    """The engine that is wanted, or with C(auto) the first that answers. EngineMissing if none does."""
    reasons = []
    for engine in ENGINES if wanted == AUTO else (wanted,):
        done = probe(_PROBES[engine])
        if done.code == 0:
            return engine
        reasons.append(f"{engine}: {(done.said.splitlines() or ['does not answer'])[-1]} ({_INSTALL[engine]})")
    raise EngineMissing(f"engine: there is none to build with; {'; '.join(reasons)}")


def build(engine: str, step: Step, fresh: bool = False) -> list[str]:
    """The command that builds; C(fresh) takes nothing from the cache.

    Labels are in the image's configuration. But for docker, which can't, they are on its manifest too, where a registry
    shows them.
    """
    return [
        *(engine, "build", "--platform", f"linux/{PLATFORMS[step.architecture]}", "--file", step.containerfile),
        *(["--layers"] if engine == BUILDAH else []),
        *(["--no-cache"] if fresh else []),
        *(["--target", step.target] if step.target else []),
        *_pairs("--label", step.labels),
        *([] if engine == DOCKER else _pairs("--annotation", step.labels)),
        *_pairs("--build-arg", step.arguments),
        *(word for tag in step.tags for word in ("--tag", tag)),
        *step.options,
        step.context,
    ]


def _pairs(option: str, values: Mapping[str, str]) -> Iterable[str]:
    return [word for name, value in sorted(values.items()) for word in (option, f"{name}={value}")]


def environment(engine: str) -> dict[str, str]:
    """What the engine finds in its environment while it builds: docker makes plain images, and says each step."""
    return {"BUILDX_NO_DEFAULT_ATTESTATIONS": "1", "BUILDKIT_PROGRESS": "plain"} if engine == DOCKER else {}


def inspect(engine: str, reference: str) -> list[str]:
    """The command that shows an image of the engine's store."""
    own = ["inspect", "--type", "image"] if engine == BUILDAH else ["image", "inspect"]
    return [engine, *own, reference]


def seen(engine: str, done: Done) -> Local | None:
    """What C(inspect) found; None where there is no such image. EngineMissing for any other error."""
    if done.code:
        if any(word in done.errors.lower() for word in _ABSENT):
            return None
        raise EngineMissing(f"{engine} does not show its images: {done.said}")
    found = json.loads(done.output)
    entry = found if isinstance(found, dict) else found[0]
    return _from_buildah(entry) if engine == BUILDAH else _from_docker(entry)


def _from_buildah(entry: Mapping[str, Any]) -> Local:
    image = entry["OCIv1"]
    return _local(entry["FromImageID"], image["architecture"], (image.get("config") or {}).get("Labels"))


def _from_docker(entry: Mapping[str, Any]) -> Local:
    """podman shows images as docker does."""
    return _local(entry["Id"], entry["Architecture"], (entry.get("Config") or {}).get("Labels"))


def _local(identity: str, architecture: str, labels: Mapping[str, str] | None) -> Local:
    return Local(identity.removeprefix("sha256:"), MACHINES.get(architecture, architecture), labels or {})


def failed_step(output: str) -> str:
    """The step of the Containerfile that a build ended in, as the engine names it; empty if it names none."""
    marks = ("STEP ", "Step ", " > [")
    lines = [line.strip() for line in output.splitlines() if line.startswith(marks) or _is_step(line)]
    return lines[-1].removeprefix("> ") if lines else ""


def _is_step(line: str) -> bool:
    """BuildKit's plain words, such as C(#7 [3/5] RUN make)."""
    number, _space, rest = line.partition(" ")
    return number[:1] == "#" and number[1:].isdigit() and rest.startswith("[") and "/" in rest.partition("]")[0]


# Pushing. The registry's endpoint is plain HTTP only on loopback.


class Target(NamedTuple):
    """Where an image goes, and the file that the engine finds the login in."""

    reference: str
    authentication: str
    insecure: bool


def push(engine: str, images: Mapping[str, str], target: Target, options: Sequence[str]) -> list[list[str]]:
    """The commands that push the images of each architecture as one; a list of images where there are several."""
    return _docker_push(images, target, options) if engine == DOCKER else _push(engine, images, target, options)


def _push(engine: str, images: Mapping[str, str], target: Target, options: Sequence[str]) -> list[list[str]]:
    login = ["--authfile", target.authentication, *(["--tls-verify=false"] if target.insecure else []), *options]
    place = f"docker://{target.reference}"
    if len(images) == 1:
        return [[engine, "push", *login, *images.values(), place]]
    name = together(images)
    parts = [f"containers-storage:{reference}" for reference in images.values()]
    return [
        [engine, "manifest", "create", name, *parts],
        [engine, "manifest", "push", "--all", "--format", "oci", *login, name, place],
    ]


def together(images: Mapping[str, str]) -> str:
    """The name of the list of images while it is pushed."""
    return f"{next(iter(images.values()))}-all"


def cleanup(engine: str, images: Mapping[str, str], target: Target) -> list[list[str]]:
    """The commands that take away what C(push) made locally."""
    if engine == DOCKER:
        return [["docker", "image", "rm", *_docker_tags(images, target)]]
    return [] if len(images) == 1 else [[engine, "manifest", "rm", together(images)]]


def _docker_tags(images: Mapping[str, str], target: Target) -> list[str]:
    """docker pushes only what bears the registry's name; the parts of a list have tags of their own."""
    if len(images) == 1:
        return [target.reference]
    return [f"{target.reference}-{PLATFORMS[architecture]}" for architecture in images]


def _docker_push(images: Mapping[str, str], target: Target, options: Sequence[str]) -> list[list[str]]:
    tags = _docker_tags(images, target)
    named = [["docker", "tag", source, tag] for source, tag in zip(images.values(), tags, strict=True)]
    pushed = [["docker", "push", *options, tag] for tag in tags]
    if len(images) == 1:
        return [*named, *pushed]
    insecure = ["--insecure"] if target.insecure else []
    listed = [
        ["docker", "manifest", "create", *insecure, target.reference, *tags],
        ["docker", "manifest", "push", *insecure, target.reference],
    ]
    return [*named, *pushed, *listed]
