# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _commands, _image_pusher, _image_pushes
from ansible_collections.uex.payments.plugins.modules import container_image, ecr_image
from ansible_collections.uex.payments.tests.support import plugins
from ansible_collections.uex.payments.tests.support.engine import TAG, Engine
from embedded_aws import registries, scans
from embedded_aws.images import CONFIG, MEDIA_TYPE

REPOSITORY = "p-dev/api"
HIGH = {"name": "CVE-2026-2", "severity": "HIGH", "package": "openssl", "version": "3.0"}
CANARY = "canary-of-the-login"


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registries, "LINK", {})
    monkeypatch.setattr(scans, "SETTINGS", {})
    monkeypatch.setattr(_image_pusher, "SCAN_PAUSE", 0.0)
    monkeypatch.setattr(_image_pushes, "SHOWN_SECONDS", 0.0)


@pytest.fixture
def ecr(aws: None) -> Any:
    return boto3.client("ecr")


@pytest.fixture
def repository(ecr: Any) -> str:
    settings: Any = {"imageTagMutability": "IMMUTABLE", "imageScanningConfiguration": {"scanOnPush": True}}
    ecr.create_repository(repositoryName=REPOSITORY, **settings)
    return REPOSITORY


@pytest.fixture
def engine(ecr: Any, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Pushes to ECR, as a registry would."""

    def pushed(place: str, image: dict[str, Any]) -> None:
        name, _colon, tag = place.partition(":")
        config = {"digest": f"sha256:{image['FromImageID']}", "mediaType": CONFIG, "size": 1}
        annotations = image["OCIv1"]["config"]["Labels"]
        text = json.dumps({"schemaVersion": 2, "mediaType": MEDIA_TYPE, "config": config, "annotations": annotations})
        ecr.put_image(repositoryName=name, imageManifest=text, imageTag=tag, imageManifestMediaType=MEDIA_TYPE)

    engine = Engine(pushed)
    monkeypatch.setattr(_commands, "executor", lambda module: engine)
    for module in (container_image, ecr_image):
        monkeypatch.setattr(module.platform, "machine", lambda: "x86_64")
    return engine


@pytest.fixture
def build(tmp_path: Path, engine: Engine) -> Any:
    (tmp_path / "Containerfile").write_text("FROM scratch\n")
    item = {"name": "api", "image": "localhost/p/api", "context": str(tmp_path), "architectures": ["X86_64"]}

    def build(**options: Any) -> dict[str, Any]:
        return plugins.run_module(container_image, {"images": [item], **options})

    build.item = {**item, "repository_name": REPOSITORY}  # type: ignore[attr-defined]
    return build


@pytest.fixture
def push(build: Any) -> Any:
    def push(check_mode: bool = False, **options: Any) -> dict[str, Any]:
        given = {"images": [build.item], "deploy_command": "deploy", "services": ["api"], **options}
        return plugins.run_module(ecr_image, given, check_mode)

    return push


def pushes(engine: Engine) -> int:
    return sum(command[:2] == ["buildah", "push"] for command in engine.commands)


def test_an_image_is_pushed_once_and_the_deployment_comes_next(
    build: Any, push: Any, engine: Engine, repository: str, ecr: Any
) -> None:
    build()
    result = push()
    (known,) = ecr.describe_images(repositoryName=repository)["imageDetails"]
    assert result["changed"]
    assert result["images"]["api"] == {
        "repository_name": repository,
        "tag": TAG,
        "digest": known["imageDigest"],
        "pushed": True,
        "findings": {},
    }
    assert result["table"][-1] == f"  deploy: deploy -e image_tag={TAG}"
    again = push()
    assert (again["changed"], again["images"]["api"]["pushed"], pushes(engine)) == (False, False, 1)


def test_a_check_pushes_nothing_and_asks_for_no_login(build: Any, push: Any, engine: Engine, repository: str) -> None:
    build()
    result = push(check_mode=True)
    assert (result["changed"], pushes(engine)) == (True, 0)
    assert "would be pushed" in result["table"][2]
    push()
    assert push(check_mode=True)["changed"] is False


@pytest.mark.parametrize("check_mode", [True, False])
def test_what_is_not_built_or_has_no_place_is_refused(
    build: Any, push: Any, engine: Engine, ecr: Any, check_mode: bool
) -> None:
    commands = {"build_command": "build it", "registry_command": "make it"}
    assert "is not built for X86_64: build it" in push(check_mode, **commands)["msg"]
    build()
    assert f"there is no repository {REPOSITORY}: make it" in push(check_mode, **commands)["msg"]
    assert pushes(engine) == 0


def test_what_was_built_in_another_way_is_not_built(build: Any, push: Any, repository: str) -> None:
    build()
    assert "is not built" in push(build_options=["--squash"])["msg"]


def test_a_tree_that_is_not_committed_is_pushed_only_if_said(
    build: Any, push: Any, engine: Engine, repository: str
) -> None:
    engine.dirty = True
    build()
    assert "-e dirty=true" in push()["msg"]
    assert push(dirty=True)["images"]["api"]["tag"] == f"{TAG}-dirty"
    build()
    assert "the tag is immutable" in push(dirty=True)["msg"]


def test_another_build_of_the_same_commit_leaves_an_immutable_tag_and_moves_another(
    build: Any, push: Any, engine: Engine, repository: str, ecr: Any
) -> None:
    build()
    push()
    build(rebuild=True)
    result = push()
    assert (result["changed"], pushes(engine)) == (False, 1)
    assert "another build of this commit" in result["table"][2]
    ecr.put_image_tag_mutability(repositoryName=repository, imageTagMutability="MUTABLE")
    assert "the tag was moved" in push()["table"][2]
    assert pushes(engine) == 2


def test_a_push_that_fails_says_what_the_engine_said(build: Any, push: Any, engine: Engine, repository: str) -> None:
    build()
    engine.pushed = None
    result = push()
    assert (result["failed"], result["changed"]) == (True, False)
    assert "buildah could not push" in result["msg"]
    assert "403 Forbidden" in result["msg"]


def test_a_push_that_ecr_never_shows_is_an_error(build: Any, push: Any, engine: Engine, repository: str) -> None:
    build()
    engine.pushed = lambda place, image: None
    assert "in ECR as it was pushed was not reached" in push()["msg"]


def test_findings_stop_the_run_and_the_next_one_too(build: Any, push: Any, engine: Engine, repository: str) -> None:
    build()
    scans.remember({repository: {"looks": 2, "findings": [HIGH]}})
    for changed in (True, False):
        result = push()
        assert (result["failed"], result["changed"]) == (True, changed)
        assert "CVE-2026-2  HIGH  openssl 3.0" in result["msg"]
        assert "1 HIGH" in result["table"][2]
        assert not any("deploy:" in line for line in result["table"])
    allowed = {"CVE-2026-2": "2999-12-31"}
    assert push(scan={"allowed": allowed})["images"]["api"]["findings"] == {"HIGH": 1}
    assert push(scan={"threshold": "CRITICAL"})["images"]["api"]["findings"] == {"HIGH": 1}
    assert push(scan={"threshold": "none"})["images"]["api"]["findings"] == {}


def test_a_scan_that_is_not_over_in_time_or_not_to_be_had_stops_the_run(build: Any, push: Any, repository: str) -> None:
    build()
    scans.remember({repository: {"looks": 99}})
    assert "its scan is not over" in push(scan={"deadline": 0})["msg"]
    scans.remember({repository: {"status": "UNSUPPORTED_IMAGE"}})
    assert "could not scan it" in push()["msg"]
    assert "unsupported_image" in push(scan={"required": False})["table"][2]


def test_where_pushing_scans_nothing_a_scan_is_asked_for(build: Any, push: Any, repository: str, ecr: Any) -> None:
    ecr.put_image_scanning_configuration(repositoryName=repository, imageScanningConfiguration={"scanOnPush": False})
    build()
    assert "no findings" in push()["table"][2]


def test_the_login_is_in_nothing_that_the_module_says_or_runs(
    build: Any, push: Any, engine: Engine, repository: str
) -> None:
    registries.LINK.update(endpoint="http://127.0.0.1:1", password=CANARY)
    build()
    shown = str(push(check_mode=True)) + str(push()) + str(engine.commands)
    assert CANARY not in shown
    assert base64.b64encode(f"AWS:{CANARY}".encode()).decode() not in shown


def test_a_denied_read_is_an_error(build: Any, push: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    build()

    def denied(*arguments: Any) -> Any:
        raise PermissionError("not allowed")

    monkeypatch.setattr(_image_pushes, "place", denied)
    assert "images: push failed: PermissionError: not allowed" in push()["msg"]
