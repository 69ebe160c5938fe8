# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _diagnose_images as images
from ansible_collections.uex.payments.tests.support.diagnosis import ACCOUNT, NAME, REGION, judged, wrong

REPOSITORY = f"{NAME}/api"
REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
DIGEST = "sha256:" + "0" * 64
ROLE = f"arn:aws:iam::{ACCOUNT}:role/{NAME}-execution"
ALLOW = {"Statement": {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}}
LOGIN_ONLY = {"Statement": {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}}
DENY = {"Statement": {"Effect": "Deny", "Action": "ecr:BatchGetImage", "Principal": "*"}}


def facts(**changed: Any) -> dict[str, Any]:
    image = f"{REGISTRY}/{REPOSITORY}@{DIGEST}"
    arn = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{REPOSITORY}"
    found: dict[str, Any] = {
        "repositories": {REPOSITORY: {"repositoryArn": arn, "encryptionConfiguration": {"kmsKey": "key"}}},
        "definitions": {f"{NAME}-api": {"containerDefinitions": [{"image": image}], "executionRoleArn": ROLE}},
        "images": {image: True},
        "tags": {f"{REPOSITORY}:1.0": DIGEST},
        "roles": {"execution": {ROLE: {"arn": ROLE, "policies": {"p": ALLOW}, "boundary": None}}, "task": {}},
        "repository_policies": {REPOSITORY: None},
        "keys": {"key": {"state": "Enabled"}},
    }
    return {**found, **changed}


def role(policy: Any) -> dict[str, Any]:
    return {"execution": {ROLE: {"arn": ROLE, "policies": {"p": policy}, "boundary": None}}, "task": {}}


GONE = {next(iter(facts()["images"])): False}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, {}),
        ({"repositories": {}}, {"repository": "broken"}),
        ({"images": GONE}, {"image": "broken"}),
        ({"images": dict.fromkeys(GONE)}, {"image-elsewhere": "note"}),
        ({"tags": {}}, {"image-tag": "warning"}),
        ({"roles": role({})}, {"registry-login": "broken", "pull": "broken"}),
        ({"roles": role(LOGIN_ONLY)}, {"pull": "broken"}),
        ({"roles": {"execution": {ROLE: None}, "task": {}}}, {}),
        ({"repository_policies": {REPOSITORY: DENY}}, {"pull": "broken"}),
        ({"keys": {"key": {"state": "Disabled"}}}, {"key": "broken"}),
        ({"keys": {"key": {"state": "PendingDeletion"}}}, {"key": "broken"}),
        ({"keys": {}}, {"key": "broken"}),
    ],
)
def test_what_keeps_an_image_from_being_pulled(changed: dict[str, Any], expected: dict[str, str]) -> None:
    assert wrong(images.SUBJECT, facts(**changed)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{REGISTRY}/a/b:1.0", (ACCOUNT, REGION, "a/b", "1.0", "")),
        (f"{REGISTRY}/a/b", (ACCOUNT, REGION, "a/b", "latest", "")),
        (f"{REGISTRY}/a/b@{DIGEST}", (ACCOUNT, REGION, "a/b", "", DIGEST)),
        (f"{REGISTRY}/a/b:1.0@{DIGEST}", (ACCOUNT, REGION, "a/b", "1.0", DIGEST)),
        ("public.ecr.aws/x/y:1", None),
        ("nginx", None),
    ],
)
def test_names_of_images(text: str, expected: Any) -> None:
    name = images.parse(text)
    assert (tuple(name) if name else None) == expected


def test_a_digest_goes_before_a_tag() -> None:
    name = images.parse(f"{REGISTRY}/a:1@{DIGEST}")
    assert name
    assert (name.identity, name.short) == ({"imageDigest": DIGEST}, "a@sha256:000000000000...")
    tagged = images.parse(f"{REGISTRY}/a:1")
    assert tagged
    assert (tagged.identity, tagged.short) == ({"imageTag": "1"}, "a:1")


def test_the_deletion_of_a_key_can_be_cancelled() -> None:
    (finding,) = [
        e for e in judged(images.SUBJECT, facts(keys={"key": {"state": "PendingDeletion"}})) if e.check == "key"
    ]
    assert "kms cancel-key-deletion --key-id key" in finding.command
