# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECR: digests of manifests, tags that stay what they are, pages, and what a whole registry has one of."""

from __future__ import annotations

import hashlib
import re
import time
from fnmatch import fnmatchcase
from typing import Any

from moto.core.responses import ActionResult
from moto.ecr.exceptions import ImageAlreadyExistsException, InvalidParameterException
from moto.ecr.models import ECRBackend, Image, Repository, RepoTagMutability
from moto.ecr.responses import ECRResponse as Response

from embedded_aws.images import MEDIA_TYPE, seed
from embedded_aws.images import manifest as sample

from ._operations import add, page
from ._patch import after, before

PREFIX = re.compile(r"(?=.{2,30}$)[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*/?")
#: Upstream registries, and whether they want to know who pulls.
UPSTREAMS = {
    "public.ecr.aws": False,
    "registry.k8s.io": False,
    "quay.io": False,
    "registry-1.docker.io": True,
    "ghcr.io": True,
    "registry.gitlab.com": True,
    "cgr.dev": True,
}
AZURE = re.compile(r"[a-z0-9]+\.azurecr\.(io|us)")
SECRET = "ecr-pullthroughcache/"
MOST_REPLICATION_RULES = 10
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


def put_registry_scanning_configuration(self: Response) -> ActionResult:
    """PutRegistryScanningConfiguration: one rule a frequency; continuous scanning is Inspector's."""
    kind, rules = self._get_param("scanType") or "BASIC", self._get_param("rules") or []
    frequencies = [rule["scanFrequency"] for rule in rules]
    allowed = {"ENHANCED": {"SCAN_ON_PUSH", "CONTINUOUS_SCAN"}, "BASIC": {"SCAN_ON_PUSH", "MANUAL"}}[kind]
    if len(set(frequencies)) < len(frequencies) or not set(frequencies) <= allowed:
        raise error("ValidationException", f"The scan frequencies {frequencies} are not allowed for {kind} scanning")
    self.ecr_backend.put_registry_scanning_configuration(kind, rules)
    return ActionResult({"registryScanningConfiguration": {"scanType": kind, "rules": rules}})


def put_replication_configuration(self: Response) -> ActionResult:
    """PutReplicationConfiguration: up to ten rules, of which none leads to the registry itself."""
    configuration = self._get_param("replicationConfiguration")
    own = {"region": self.region, "registryId": self.current_account}
    if len(configuration["rules"]) > MOST_REPLICATION_RULES:
        raise error("ValidationException", f"At most {MOST_REPLICATION_RULES} rules are allowed")
    if any(destination == own for rule in configuration["rules"] for destination in rule["destinations"]):
        raise error("InvalidParameterException", "Replication destination cannot be the same as the source registry")
    self.ecr_backend.replication_config = configuration
    return ActionResult({"replicationConfiguration": configuration})


def cache_rules(backend: ECRBackend) -> dict[str, dict[str, Any]]:
    """The pull-through cache rules by prefix, kept on moto's backend so that a reset clears them."""
    found: dict[str, dict[str, Any]] = vars(backend).setdefault("pull_through_cache_rules", {})
    return found


def cache_rule(self: Response) -> dict[str, Any]:
    """The rule that a request names. Raises PullThroughCacheRuleNotFoundException."""
    prefix = self._get_param("ecrRepositoryPrefix")
    rule = cache_rules(self.ecr_backend).get(prefix)
    if rule is None:
        message = f"The pull through cache rule with the prefix '{prefix}' does not exist"
        raise error("PullThroughCacheRuleNotFoundException", message)
    return rule


def check_credential(url: str, arn: str | None) -> None:
    """An upstream that wants to know who pulls needs a secret of the right name."""
    if (UPSTREAMS.get(url) or AZURE.fullmatch(url)) and not arn:
        raise error("InvalidParameterException", f"The upstream registry {url} needs a credentialArn")
    if arn and f":secret:{SECRET}" not in arn:
        raise error("InvalidParameterException", f"The name of the secret must begin with {SECRET}")


def create_pull_through_cache_rule(self: Response) -> ActionResult:
    """CreatePullThroughCacheRule."""
    prefix, url = self._get_param("ecrRepositoryPrefix"), self._get_param("upstreamRegistryUrl")
    rules, arn = cache_rules(self.ecr_backend), self._get_param("credentialArn")
    if not PREFIX.fullmatch(prefix):
        raise error("InvalidParameterException", f"Invalid parameter at 'ecrRepositoryPrefix': {prefix}")
    if url not in UPSTREAMS and not AZURE.fullmatch(url):
        raise error("UnsupportedUpstreamRegistryException", f"The upstream registry {url} is not supported")
    if prefix in rules:
        message = f"A pull through cache rule with the prefix '{prefix}' exists already"
        raise error("PullThroughCacheRuleAlreadyExistsException", message)
    check_credential(url, arn)
    rules[prefix] = {
        "ecrRepositoryPrefix": prefix,
        "upstreamRegistryUrl": url,
        "createdAt": time.time(),
        "registryId": self.current_account,
        **({"credentialArn": arn} if arn else {}),
    }
    return ActionResult(rules[prefix])


def update_pull_through_cache_rule(self: Response) -> ActionResult:
    """UpdatePullThroughCacheRule: another secret for the same upstream."""
    rule, arn = cache_rule(self), self._get_param("credentialArn")
    check_credential(rule["upstreamRegistryUrl"], arn)
    rule.update(updatedAt=time.time(), **({"credentialArn": arn} if arn else {}))
    return ActionResult(rule)


def describe_pull_through_cache_rules(self: Response) -> ActionResult:
    """DescribePullThroughCacheRules, by prefixes or all, in pages."""
    rules, wanted = cache_rules(self.ecr_backend), self._get_param("ecrRepositoryPrefixes")
    if wanted and not set(wanted) <= set(rules):
        raise error("PullThroughCacheRuleNotFoundException", f"There is no rule for {sorted(set(wanted) - set(rules))}")
    found = [rules[prefix] for prefix in sorted(wanted or rules)]
    items, token = page(found, self._get_param("maxResults"), self._get_param("nextToken"))
    return ActionResult({"pullThroughCacheRules": items, "nextToken": token})


def delete_pull_through_cache_rule(self: Response) -> ActionResult:
    """DeletePullThroughCacheRule, which leaves what was cached."""
    rule = cache_rule(self)
    del cache_rules(self.ecr_backend)[rule["ecrRepositoryPrefix"]]
    return ActionResult(rule)


def pull_through(backend: ECRBackend, repository: str, tag: str) -> str | None:
    """The digest of an image that a rule fetches from its upstream, which is taken to have any; None without a rule.

    The repository is made as ECR makes it: without tags.
    """
    if not any(repository.startswith(f"{prefix.rstrip('/')}/") for prefix in cache_rules(backend)):
        return None
    if repository not in backend.repositories:
        backend.create_repository(repository, None, None, None, None, [])  # type: ignore[arg-type]
    image = backend.put_image(repository, sample(repository, tag), tag, MEDIA_TYPE)
    return str(image.image_digest)


OPERATIONS = (
    put_registry_scanning_configuration,
    put_replication_configuration,
    create_pull_through_cache_rule,
    update_pull_through_cache_rule,
    describe_pull_through_cache_rules,
    delete_pull_through_cache_rule,
)


def install() -> None:
    """Put these rules in place of moto's; a second call changes nothing."""
    Image._create_digest = create_digest  # type: ignore[method-assign]
    ECRBackend._resolve_image_tag_mutability = tagged  # type: ignore[method-assign]
    add(Response, *OPERATIONS)
    before(ECRBackend, "put_image", check_push)
    after(ECRBackend, "create_repository", seed)
    after(ECRBackend, "batch_get_image", echoed)
    for name in MEMBERS:
        after(Response, name, paged)
