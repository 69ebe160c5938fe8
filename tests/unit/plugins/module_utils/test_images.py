# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import botocore.exceptions
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _images
from ansible_collections.uex.payments.plugins.module_utils._images import Image
from ansible_collections.uex.payments.tests.support.contract import Account
from embedded_aws import images

REGISTRY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
DIGEST = f"sha256:{'0' * 64}"
API = Image("pay/api", "1.0")


@pytest.mark.parametrize(
    ("text", "image"),
    [
        (f"{REGISTRY}/pay/api:1.0", API),
        (f"{REGISTRY}.cn/api:latest", Image("api", "latest")),
        (f"{REGISTRY}/pay/api@{DIGEST}", None),
        (f"{REGISTRY}/pay/api:1.0@{DIGEST}", None),
        (f"{REGISTRY}/pay/api", None),
        ("public.ecr.aws/x/y:1", None),
        ("localhost:5000/api:1", None),
        ("nginx:1", None),
    ],
)
def test_a_tag_in_ecr(text: str, image: Image | None) -> None:
    assert _images.of(text) == image


@pytest.mark.parametrize(
    ("container", "known", "image", "tags"),
    [
        ({"pinned": True}, {API: DIGEST}, f"{REGISTRY}/pay/api@{DIGEST}", {"ImageTag/api": "1.0"}),
        ({"pinned": True}, {API: ""}, f"{REGISTRY}/pay/api:1.0", {}),
        ({"pinned": False}, {API: DIGEST}, f"{REGISTRY}/pay/api:1.0", {}),
        ({}, {}, f"{REGISTRY}/pay/api:1.0", {}),
        ({"pinned": True, "image": "nginx:1"}, {}, "nginx:1", {}),
    ],
)
def test_an_image_by_its_digest(container: dict[str, Any], known: Any, image: str, tags: dict[str, str]) -> None:
    given = {"name": "api", "image": f"{REGISTRY}/pay/api:1.0", **container}
    assert _images.pinned(given, known)["image"] == image
    assert _images.tags([given], known) == tags


def test_digests_are_those_of_the_tags(aws: None) -> None:
    account = Account()
    ecr = account.connect("ecr")
    ecr.create_repository(repositoryName="pay/api")
    put = {"imageManifest": images.manifest("pay/api", "1.0"), "imageManifestMediaType": images.MEDIA_TYPE}
    digest = ecr.put_image(repositoryName="pay/api", imageTag="1.0", **put)["image"]["imageId"]["imageDigest"]
    account.calls.clear()
    wanted = [API, API, Image("pay/api", "2.0"), Image("pay/none", "1.0")]
    assert _images.digests(account.connect, wanted) == dict(zip(wanted[1:], (digest, "", ""), strict=True))
    assert account.calls == [("ecr", "DescribeImages")] * 3


def test_a_denied_look_is_an_error(aws: None) -> None:
    account = Account()
    account.deny_reads = True
    with pytest.raises(botocore.exceptions.ClientError, match="AccessDenied"):
        _images.digests(account.connect, [API])
