# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which image a tag in ECR stands for, and a task definition's containers with their images named by digest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from . import _aws

Connect = Callable[[str], Any]
Digests = Mapping["Image", str]

TAG = "ImageTag/"  #: a revision's tags begin so that say which tag a container's digest was found under
_TAGGED = re.compile(
    r"(?P<registry>\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?)/(?P<repository>[^:@]+):(?P<tag>[^:@/]+)"
)
_ABSENT = ("ImageNotFoundException", "RepositoryNotFoundException")


class Image(NamedTuple):
    """A tag in a repository of the account's ECR."""

    repository: str
    tag: str


def digests(connect: Connect, images: Iterable[Image]) -> dict[Image, str]:
    """The digest that each tag stands for, empty where ECR has none; DescribeImages doesn't count as a pull."""
    wanted = sorted(set(images))
    return dict(zip(wanted, _aws.concurrently(lambda image: _digest(connect, image), wanted), strict=True))


def newest_tags(connect: Connect, repository: str, count: int) -> list[str]:
    """The tags that were pushed last, the newest first; none where there is no repository."""
    query = {"repositoryName": repository, "filter": {"tagStatus": "TAGGED"}}
    listed: list[Any] = _aws.absent_as(
        [], lambda: _aws.pages(connect("ecr"), "describe_images", "imageDetails", **query), *_ABSENT
    )
    newest = sorted(listed, key=lambda each: each["imagePushedAt"], reverse=True)
    return [str(tag) for each in newest for tag in each.get("imageTags") or []][:count]


def absent(connect: Connect, images: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those of the repositories and digests that ECR doesn't have, or no more."""
    wanted, describe = sorted(set(images)), connect("ecr").describe_images

    def there(image: tuple[str, str]) -> bool:
        query = {"repositoryName": image[0], "imageIds": [{"imageDigest": image[1]}]}
        return bool(_aws.absent_as([], lambda: list(describe(**query)["imageDetails"]), *_ABSENT))

    return [image for image, found in zip(wanted, _aws.concurrently(there, wanted), strict=True) if not found]


def _digest(connect: Connect, image: Image) -> str:
    query = {"repositoryName": image.repository, "imageIds": [{"imageTag": image.tag}]}
    describe = connect("ecr").describe_images
    found: list[Any] = _aws.absent_as([], lambda: list(describe(**query)["imageDetails"]), *_ABSENT)
    return str(found[0]["imageDigest"]) if found else ""


def of_service(service: Mapping[str, Any]) -> Image:
    """The image of a service, by the names of an inventory; pure."""
    return Image(service["repository_name"], str(service["image_tag"]))


def of(text: str) -> Image | None:
    """The tag that the name of an image in an ECR gives; None for another registry's, or where it gives a digest."""
    match = _TAGGED.fullmatch(text)
    return Image(match["repository"], match["tag"]) if match else None


def to_pin(containers: Iterable[Mapping[str, Any]]) -> dict[str, Image]:
    """The images of containers that ask for their digest, by container; pure."""
    found = {each["name"]: of(each["image"]) for each in containers if each.get("pinned")}
    return {name: image for name, image in found.items() if image}


def pinned(container: Mapping[str, Any], known: Digests) -> dict[str, Any]:
    """A container whose image is named by the digest, if it asks for that and ECR has one; pure."""
    image = to_pin([container]).get(container["name"])
    digest = known.get(image) if image else None
    name = container["image"].rpartition(":")[0]
    return {**container, "image": f"{name}@{digest}"} if digest else dict(container)


def tags(containers: Iterable[Mapping[str, Any]], known: Digests) -> dict[str, str]:
    """What says on a revision which tag each digest was found under, for people; pure."""
    return {f"{TAG}{name}": image.tag for name, image in to_pin(containers).items() if known.get(image)}
