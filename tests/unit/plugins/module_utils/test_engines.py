# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _engines
from ansible_collections.uex.payments.plugins.module_utils._commands import NOT_FOUND, Done
from ansible_collections.uex.payments.plugins.module_utils._engines import Local, Step, Target

STEP = Step(
    context="/code/api",
    containerfile="/code/api/Containerfile",
    tags=["localhost/p/api:1-amd64", "localhost/p/api:1"],
    architecture="X86_64",
    labels={"a": "b"},
    arguments={"BASE": "x"},
    target="release",
    options=["--isolation=chroot"],
)
MISSING = Done(NOT_FOUND, "", "is not installed")
TARGET = Target("127.0.0.1:5000/p/api:1", "/dev/shm/x/config.json", True)
ONE = {"X86_64": "localhost/p/api:1-amd64"}
TWO = {**ONE, "ARM64": "localhost/p/api:1-arm64"}


@pytest.mark.parametrize(
    ("answering", "wanted", "found"),
    [
        (("docker", "podman", "buildah"), "auto", "docker"),
        (("podman", "buildah"), "auto", "podman"),
        (("buildah",), "auto", "buildah"),
        (("docker", "buildah"), "buildah", "buildah"),
    ],
)
def test_the_engine_is_the_one_that_is_wanted_or_the_first_that_answers(
    answering: tuple[str, ...], wanted: str, found: str
) -> None:
    assert _engines.chosen(wanted, lambda command: Done(0, "1", "") if command[0] in answering else MISSING) == found


@pytest.mark.parametrize(("wanted", "named"), [("auto", ["docker:", "podman:", "buildah:"]), ("podman", ["podman:"])])
def test_a_missing_engine_is_named_with_what_to_install(wanted: str, named: list[str]) -> None:
    with pytest.raises(_engines.EngineMissing) as raised:
        _engines.chosen(wanted, lambda command: MISSING)
    assert [word for word in str(raised.value).split() if word in ("docker:", "podman:", "buildah:")] == named
    assert "apt-get install podman" in str(raised.value)


def test_a_docker_without_its_server_is_passed_over() -> None:
    down = Done(1, "", "Cannot connect to the Docker daemon")
    assert _engines.chosen("auto", lambda command: down if command[0] == "docker" else Done(0, "", "")) == "podman"
    with pytest.raises(_engines.EngineMissing, match="Cannot connect to the Docker daemon"):
        _engines.chosen("docker", lambda command: down)


COMMON = ["--platform", "linux/amd64", "--file", "/code/api/Containerfile"]
REST = ["--build-arg", "BASE=x", "--tag", "localhost/p/api:1-amd64", "--tag", "localhost/p/api:1", "--isolation=chroot"]


@pytest.mark.parametrize(
    ("engine", "fresh", "own", "marks"),
    [
        ("docker", False, [], ["--label", "a=b"]),
        ("podman", True, ["--no-cache"], ["--label", "a=b", "--annotation", "a=b"]),
        ("buildah", False, ["--layers"], ["--label", "a=b", "--annotation", "a=b"]),
        ("buildah", True, ["--layers", "--no-cache"], ["--label", "a=b", "--annotation", "a=b"]),
    ],
)
def test_each_engine_is_told_in_its_own_words(engine: str, fresh: bool, own: list[str], marks: list[str]) -> None:
    assert _engines.build(engine, STEP, fresh) == [
        *(engine, "build", *COMMON, *own, "--target", "release", *marks, *REST, "/code/api")
    ]


DOCKER = [{"Id": "sha256:1a", "Architecture": "arm64", "Config": {"Labels": {"a": "b"}}}]
BUILDAH: dict[str, Any] = {"FromImageID": "1a", "OCIv1": {"architecture": "arm64", "config": {"Labels": {"a": "b"}}}}


@pytest.mark.parametrize(("engine", "shown"), [("docker", DOCKER), ("podman", DOCKER), ("buildah", BUILDAH)])
def test_an_image_is_read_alike_from_each_engine(engine: str, shown: Any) -> None:
    assert _engines.seen(engine, Done(0, json.dumps(shown), "")) == Local("1a", "ARM64", {"a": "b"})


@pytest.mark.parametrize("said", ["Error: No such image: x", "x: image not known"])
def test_an_image_that_is_not_there_is_none_and_another_error_is_one(said: str) -> None:
    assert _engines.seen("podman", Done(1, "", said)) is None
    with pytest.raises(_engines.EngineMissing, match="permission denied"):
        _engines.seen("podman", Done(1, "", "permission denied"))


@pytest.mark.parametrize(
    ("output", "step"),
    [
        ("STEP 1/3: FROM x\nSTEP 2/3: RUN a\nSTEP 3/3: RUN false\nsubprocess", "STEP 3/3: RUN false"),
        ("#5 [1/2] FROM x\n#6 [2/2] RUN false\n#6 0.1 no\n", "#6 [2/2] RUN false"),
        ("------\n > [2/2] RUN false:\n------", "[2/2] RUN false:"),
        ("no such file", ""),
    ],
)
def test_the_step_that_a_build_ended_in_is_found(output: str, step: str) -> None:
    assert _engines.failed_step(output) == step


def test_one_image_is_pushed_by_its_own_name_and_several_as_a_list() -> None:
    login = ["--authfile", "/dev/shm/x/config.json", "--tls-verify=false"]
    assert _engines.push("buildah", ONE, TARGET, ["-q"]) == [
        ["buildah", "push", *login, "-q", "localhost/p/api:1-amd64", "docker://127.0.0.1:5000/p/api:1"]
    ]
    create, push = _engines.push("podman", TWO, TARGET, [])
    assert create[:3] == ["podman", "manifest", "create"]
    assert create[4:] == [f"containers-storage:{name}" for name in TWO.values()]
    assert push[:4] == ["podman", "manifest", "push", "--all"]
    assert _engines.cleanup("podman", TWO, TARGET) == [["podman", "manifest", "rm", create[3]]]
    assert _engines.cleanup("podman", ONE, TARGET) == []


def test_a_registry_with_https_is_asked_for_its_certificate() -> None:
    (push,) = _engines.push("buildah", ONE, TARGET._replace(insecure=False), [])
    assert not any("tls" in word for word in push)


def test_docker_pushes_under_the_registry_s_name_and_names_the_parts_of_a_list() -> None:
    name = TARGET.reference
    assert _engines.push("docker", ONE, TARGET, []) == [
        ["docker", "tag", "localhost/p/api:1-amd64", name],
        ["docker", "push", name],
    ]
    commands = _engines.push("docker", TWO, TARGET, [])
    assert commands[-2:] == [
        ["docker", "manifest", "create", "--insecure", name, f"{name}-amd64", f"{name}-arm64"],
        ["docker", "manifest", "push", "--insecure", name],
    ]
    assert _engines.cleanup("docker", TWO, TARGET) == [["docker", "image", "rm", f"{name}-amd64", f"{name}-arm64"]]
    assert _engines.environment("docker")["BUILDX_NO_DEFAULT_ATTESTATIONS"] == "1"
    assert _engines.environment("podman") == {}
