# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules import ecr_repository
from ansible_collections.uex.payments.plugins.modules.ecr_repository import Repository, role_not_seen_yet
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json"
FIRST, SECOND = "uex-payments-test/presentation", "uex-payments-test/uex-backend"
OPTIONS = (
    *("image_tag_mutability", "image_tag_mutability_exclusions", "scan_on_push"),
    *("encryption", "lifecycle_policy", "policy", "tags"),
)


def item(name: str, **given: Any) -> dict[str, Any]:
    return {**dict.fromkeys(OPTIONS), "name": name, **given}


def keep(count: int) -> dict[str, Any]:
    selection = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": count}
    return {"rules": [{"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}]}


def pull(principal: str = "arn:aws:iam::123456789012:root") -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": ["ecr:BatchGetImage"]}
    return {"Version": "2012-10-17", "Statement": [statement]}


def sample(connect: Connect) -> dict[str, Any]:
    key = connect("kms").create_key()["KeyMetadata"]["Arn"]
    first = item(
        FIRST,
        image_tag_mutability="IMMUTABLE_WITH_EXCLUSION",
        image_tag_mutability_exclusions=["latest*", "dev"],
        scan_on_push=True,
        encryption={"encryption_type": "KMS", "kms_key": key},
        lifecycle_policy=keep(10),
        policy=pull(),
    )
    return {"repositories": [first, item(SECOND)], "force_delete": False}


CONTRACT = Contract(Repository, sample, change={"lifecycle_policy": keep(20)}, unset=OPTIONS)


@pytest.fixture
def made(aws: None) -> Subject:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    subject.account.written()
    return subject


@pytest.mark.parametrize(
    ("change", "call"),
    [
        ({"image_tag_mutability": "IMMUTABLE", "image_tag_mutability_exclusions": []}, "PutImageTagMutability"),
        ({"image_tag_mutability_exclusions": ["latest"]}, "PutImageTagMutability"),
        ({"scan_on_push": False}, "PutImageScanningConfiguration"),
        ({"lifecycle_policy": {}}, "DeleteLifecyclePolicy"),
        ({"policy": {}}, "DeleteRepositoryPolicy"),
        ({"policy": pull("arn:aws:iam::111122223333:root")}, "SetRepositoryPolicy"),
        ({"tags": {"Owner": "sre"}}, "TagResource"),
    ],
)
def test_an_update_makes_one_call(made: Subject, change: dict[str, Any], call: str) -> None:
    first, second = made.items
    items = made.with_items([{**first, **change}, second])
    assert made.run(**items).failed == []
    assert made.account.written() == [("ecr", call)]
    assert made.run(**items).done == []


def test_the_encryption_cannot_change(made: Subject) -> None:
    first, second = made.items
    plain = {**first, "encryption": {"encryption_type": "AES256", "kms_key": None}}
    outcome = made.run(**made.with_items([plain, second]))
    assert [(error.name, error.code) for error in outcome.failed] == [(FIRST, "Frozen")]


def test_images_go_only_when_asked(made: Subject) -> None:
    manifest = json.dumps({"schemaVersion": 2, "layers": []})
    image = {"imageManifest": manifest, "imageTag": "1.0", "imageManifestMediaType": MEDIA_TYPE}
    made.account.connect("ecr").put_image(repositoryName=SECOND, **image)
    items = made.with_items(made.items[:1])
    refused = made.run(prune=True, **items)
    assert [(error.name, error.code) for error in refused.failed] == [(SECOND, "RepositoryNotEmptyException")]
    assert made.run(prune=True, force_delete=True, **items).failed == []
    assert SECOND not in made.resource(**items).observe()


@pytest.mark.parametrize(
    ("message", "tries", "code"),
    [("Principal not found", 2, None), ("PolicyText is malformed", 1, "InvalidParameterException")],
)
def test_a_new_role_gets_time_in_a_policy(
    aws: None, monkeypatch: pytest.MonkeyPatch, message: str, tries: int, code: str | None
) -> None:
    import botocore.exceptions

    subject = Subject(CONTRACT, Account())
    client = subject.account.connect("ecr")
    original, calls = client.set_repository_policy, []

    def refuse_once(**arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 1:
            error = {"Error": {"Code": "InvalidParameterException", "Message": message}}
            raise botocore.exceptions.ClientError(error, "SetRepositoryPolicy")
        return original(**arguments)

    monkeypatch.setattr(client, "set_repository_policy", refuse_once)
    monkeypatch.setattr(ecr_repository, "patiently", _without_pause(ecr_repository.patiently))
    outcome = subject.run(**subject.with_items(subject.items[:1]))
    assert [error.code for error in outcome.failed] == ([code] if code else [])
    assert len(calls) == tries


def _without_pause(patiently: Any) -> Any:
    return lambda call, excuse, deadline: patiently(call, excuse, deadline, pause=0.0)


def test_only_an_unknown_principal_is_waited_for() -> None:
    assert role_not_seen_yet(Exception("Invalid parameter at 'PolicyText': Principal not found"))
    assert not role_not_seen_yet(Exception("AccessDeniedException"))
