# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Sample images for the registry of the embedded AWS, so that services there have something to start."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

MEDIA_TYPE = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"


def client(port: int, region: str) -> Any:
    """An ECR client of the embedded AWS; its credentials are no secret."""
    import boto3

    return boto3.client(
        "ecr",
        region_name=region,
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


def manifest(repository: str, tag: str) -> str:
    """An image manifest without layers, the same each time for the same repository and tag."""
    config = json.dumps({"architecture": "amd64", "os": "linux", "config": {"Labels": {"image": f"{repository}:{tag}"}}})
    descriptor = {
        "mediaType": CONFIG,
        "size": len(config),
        "digest": f"sha256:{hashlib.sha256(config.encode()).hexdigest()}",
    }
    return json.dumps({"schemaVersion": 2, "mediaType": MEDIA_TYPE, "config": descriptor, "layers": []})


def seed(ecr: Any, images: Iterable[Mapping[str, str]]) -> list[str]:
    """Put an image under each C(repository_name) and C(image_tag) that has none; returns those that were put."""
    return [name for name in (_put(ecr, image["repository_name"], image["image_tag"]) for image in images) if name]


def _put(ecr: Any, repository: str, tag: str) -> str:
    try:
        ecr.put_image(
            repositoryName=repository, imageTag=tag, imageManifest=manifest(repository, tag), imageManifestMediaType=MEDIA_TYPE
        )
    except (ecr.exceptions.ImageAlreadyExistsException, ecr.exceptions.ImageTagAlreadyExistsException):
        return ""
    return f"{repository}:{tag}"
