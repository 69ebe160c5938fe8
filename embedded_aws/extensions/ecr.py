# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECR: digests of manifests, tags that stay what they are, and pages."""

from __future__ import annotations

import hashlib
from fnmatch import fnmatchcase
from typing import Any

from moto.core.responses import ActionResult
from moto.ecr.exceptions import ImageAlreadyExistsException, InvalidParameterException
from moto.ecr.models import ECRBackend, Image, Repository, RepoTagMutability
from moto.ecr.responses import ECRResponse as Response

from embedded_aws.images import seed

from ._operations import page
from ._patch import after, before

MEMBERS = {"describe_repositories": "repositories", "describe_images": "imageDetails", "list_images": "imageIds"}


def digest_of(manifest: str) -> str:
    """An image's digest: the SHA-256 of its manifest's bytes."""
    return f"sha256:{hashlib.sha256(manifest.encode()).hexdigest()}"


def is_immutable(mutability: str, filters: list[Any] | None, tag: str) -> bool:
    """Whether a tag may not be moved to another image; wildcard filters turn the repository's rule around."""
    excluded = any(fnmatchcase(tag, item["filter"]) for item in filters or [])
    strict = mutability in (RepoTagMutability.IMMUTABLE, RepoTagMutability.IMMUTABLE_WITH_EXCLUSION)
    return strict != excluded


def error(code: str, message: str) -> InvalidParameterException:
    """An error of ECR's with this code."""
    return InvalidParameterException(code, message)


def create_digest(self: Image) -> None:
    """In place of moto's: two manifests never share a digest by chance."""
    self._image_digest = digest_of(self.image_manifest)


def check_push(
    self: ECRBackend, repository_name: str, manifest: str, tag: str | None, media_type: Any = None, digest: Any = None
) -> None:
    """Before put_image: the repository exists, the digest is the manifest's, an immutable tag isn't moved."""
    repository = self._get_repository(repository_name)
    if digest and digest != digest_of(manifest):
        raise error("ImageDigestDoesNotMatchException", f"The digest {digest} does not match that of the manifest.")
    for image in repository.images:
        if tag is not None and tag in image.image_tags:
            check_tag(repository, image, manifest, tag)
        elif tag is None and image.image_digest == digest_of(manifest):
            raise ImageAlreadyExistsException(repository_name, repository.registry_id, image.image_digest, "null")


def check_tag(repository: Repository, image: Image, manifest: str, tag: str) -> None:
    """Raise ImageTagAlreadyExistsException when this would move an immutable tag from `image` to another one."""
    filters = repository.image_tag_mutability_exclusion_filters
    if is_immutable(repository.image_tag_mutability, filters, tag) and image.image_digest != digest_of(manifest):
        raise error(
            "ImageTagAlreadyExistsException",
            f"The image tag '{tag}' already exists in the '{repository.name}' repository and cannot be overwritten "
            "because the tag is immutable.",
        )


def tagged(self: ECRBackend, repository: Repository, proposed_image_tag: str) -> list[Image]:
    """In place of moto's: the images with the tag, whose mutability `check_push` has judged."""
    return [image for image in repository.images if proposed_image_tag in image.image_tags]


def echoed(
    self: ECRBackend, result: dict[str, Any], repository_name: str, registry_id: Any = None, image_ids: Any = None
) -> dict[str, Any]:
    """After batch_get_image: a failure repeats the id that was asked for."""
    found = {part for image in result["images"] for part in (image.image_digest, *image.image_tags)}
    missing = [wanted for wanted in image_ids or [] if found.isdisjoint(wanted.values())]
    for failure, wanted in zip(result["failures"], missing, strict=True):
        failure["imageId"] = wanted
    return result


def paged(self: Response, result: ActionResult) -> ActionResult:
    """After a listing: one page of at most maxResults, 100 if the caller doesn't say."""
    body: Any = result.result
    member = next(name for name in MEMBERS.values() if name in body)
    items, token = page(body[member], self._get_param("maxResults"), self._get_param("nextToken"))
    return ActionResult({**body, member: items, "nextToken": token})


def install() -> None:
    """Put these rules in place of moto's; a second call changes nothing."""
    Image._create_digest = create_digest  # type: ignore[method-assign]
    ECRBackend._resolve_image_tag_mutability = tagged  # type: ignore[method-assign]
    before(ECRBackend, "put_image", check_push)
    after(ECRBackend, "create_repository", seed)
    after(ECRBackend, "batch_get_image", echoed)
    for name in MEMBERS:
        after(Response, name, paged)
