# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from embedded_aws import images

ALPHA = {"repository_name": "uex-payments-test/alpha", "image_tag": "1"}


@pytest.fixture(autouse=True)
def no_samples(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(images, "SAMPLES", {})
    yield


def tags(ecr: Any, repository: str) -> list[str]:
    return [image["imageTag"] for image in ecr.list_images(repositoryName=repository)["imageIds"]]


def test_a_repository_gets_its_sample_when_it_is_made(aws: None) -> None:
    images.remember([ALPHA])
    ecr = boto3.client("ecr")
    for name in ("alpha", "beta"):
        ecr.create_repository(repositoryName=f"uex-payments-test/{name}")
    assert tags(ecr, "uex-payments-test/alpha") == ["1"]
    assert tags(ecr, "uex-payments-test/beta") == []


def test_a_repository_that_is_there_gets_it_at_once_and_only_once(aws: None) -> None:
    ecr = boto3.client("ecr")
    ecr.create_repository(repositoryName="uex-payments-test/alpha")
    images.remember([ALPHA])
    images.remember([ALPHA])
    assert tags(ecr, "uex-payments-test/alpha") == ["1"]


def test_the_same_tag_is_always_the_same_image() -> None:
    assert images.manifest("one", "1") == images.manifest("one", "1") != images.manifest("one", "2")


def test_samples_are_named_by_a_request_and_everything_else_passes(aws: None) -> None:
    answers: list[str] = []
    layer = images.Samples(lambda environ, start: [b"passed"], Path("."))
    body = json.dumps([ALPHA]).encode()
    named = {"PATH_INFO": images.PATH, "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
    assert layer(named, lambda status, headers: answers.append(status)) == []
    assert answers == ["204 No Content"]
    assert dict(images.SAMPLES) == {"uex-payments-test/alpha": {"1"}}
    assert layer({"PATH_INFO": "/"}, None) == [b"passed"]
