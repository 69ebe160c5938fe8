# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Sample images for the registry of the embedded AWS, so that services there have something to start.

Whoever starts the emulator names them, `POST /embedded-aws/images`; a repository gets its own as soon as it is made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .steering import Steering, ask

PATH = "/embedded-aws/images"
MEDIA_TYPE = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
#: Tags of the sample images by repository; they outlast a reset of the account.
SAMPLES: dict[str, set[str]] = {}


def request(port: int, images: Iterable[Mapping[str, str]]) -> None:
    """Ask the emulator on `port` for samples, each with `repository_name` and `image_tag`."""
    ask(port, PATH, "POST", list(images))


def manifest(repository: str, tag: str) -> str:
    """An image manifest without layers, the same each time for the same repository and tag."""
    labels = {"image": f"{repository}:{tag}"}
    config = json.dumps({"architecture": "amd64", "os": "linux", "config": {"Labels": labels}})
    digest = f"sha256:{hashlib.sha256(config.encode()).hexdigest()}"
    descriptor = {"mediaType": CONFIG, "size": len(config), "digest": digest}
    return json.dumps({"schemaVersion": 2, "mediaType": MEDIA_TYPE, "config": descriptor, "layers": []})


def remember(images: Iterable[Mapping[str, str]]) -> None:
    """Note the samples, and put them into the repositories that are there already."""
    from moto.ecr.models import ecr_backends

    for image in images:
        SAMPLES.setdefault(image["repository_name"], set()).add(image["image_tag"])
    for backend in [each for regions in list(ecr_backends.values()) for each in list(regions.values())]:
        for repository in list(backend.repositories.values()):
            seed(backend, repository)


def seed(backend: Any, repository: Any, *_arguments: Any, **_options: Any) -> Any:
    """Put the repository's samples, but for tags that it has; returns the repository, as a hook after its creation."""
    tags = {tag for image in repository.images for tag in image.image_tags}
    for tag in sorted(SAMPLES.get(repository.name, set()) - tags):
        backend.put_image(repository.name, manifest(repository.name, tag), tag, MEDIA_TYPE)
    return repository


class Samples(Steering):
    """The path at which the samples are named."""

    path = PATH

    def answer(self, method: str, given: Callable[[], Any]) -> tuple[str, Any]:
        remember(given())
        return "204 No Content", None
