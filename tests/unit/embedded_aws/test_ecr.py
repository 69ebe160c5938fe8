# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS's ECR: tags, digests, policies and pages."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from embedded_aws.extensions.ecs_tasks import image_digest

pytestmark = pytest.mark.usefixtures("aws")

KEY = "arn:aws:kms:us-east-1:123456789012:key/1"


def refused(code: str) -> Any:
    """A context that expects AWS to refuse with this error code."""
    return pytest.raises(ClientError, match=rf"\({code}\)")


def manifest(content: str) -> str:
    """An image manifest that differs with its content."""
    kind = "application/vnd.oci.image.manifest.v1+json"
    return json.dumps({"schemaVersion": 2, "mediaType": kind, "annotations": {"content": content}})


def push(ecr: Any, tag: str, content: str) -> Any:
    """Push an image."""
    return ecr.put_image(repositoryName="api", imageManifest=manifest(content), imageTag=tag)["image"]


def repository(**given: Any) -> Any:
    """A client with the repository `api` made as given."""
    ecr = boto3.client("ecr")
    ecr.create_repository(repositoryName="api", **given)
    return ecr


def test_an_immutable_tag_stays() -> None:
    """Another image under the tag is refused; the same one once more too, by its own error."""
    ecr = repository(imageTagMutability="IMMUTABLE")
    push(ecr, "1", "a")
    with refused("ImageTagAlreadyExistsException"):
        push(ecr, "1", "b")
    with refused("ImageAlreadyExistsException"):
        push(ecr, "1", "a")
    assert push(ecr, "2", "a")["imageId"]["imageTag"] == "2"


def test_a_mutable_tag_moves() -> None:
    """The tag names the later image."""
    ecr = repository()
    push(ecr, "1", "a")
    later = push(ecr, "1", "b")["imageId"]["imageDigest"]
    found = ecr.describe_images(repositoryName="api", imageIds=[{"imageTag": "1"}])["imageDetails"]
    assert [image["imageDigest"] for image in found] == [later]


def test_excluded_tags_move() -> None:
    """IMMUTABLE_WITH_EXCLUSION keeps its wildcard filters, and tags that match them can be moved."""
    filters = [{"filterType": "WILDCARD", "filter": "latest*"}]
    ecr = repository(imageTagMutability="IMMUTABLE_WITH_EXCLUSION", imageTagMutabilityExclusionFilters=filters)
    described = ecr.describe_repositories(repositoryNames=["api"])["repositories"][0]
    assert described["imageTagMutabilityExclusionFilters"] == filters
    push(ecr, "latest-a", "a")
    assert push(ecr, "latest-a", "b")["imageId"]["imageTag"] == "latest-a"
    push(ecr, "1", "c")
    with refused("ImageTagAlreadyExistsException"):
        push(ecr, "1", "d")


def test_the_digest_is_the_manifests() -> None:
    """Different manifests never share a digest, and a wrong digest is refused."""
    ecr = repository()
    digests = {push(ecr, str(n), str(n))["imageId"]["imageDigest"] for n in range(12)}
    assert len(digests) == 12
    with refused("ImageDigestDoesNotMatchException"):
        ecr.put_image(repositoryName="api", imageManifest=manifest("x"), imageDigest="sha256:" + "0" * 64)


def test_missing_images_and_repositories() -> None:
    """DescribeImages raises, BatchGetImage answers a failure, PutImage needs its repository."""
    ecr = repository()
    wanted = {"imageTag": "nothing"}
    with refused("ImageNotFoundException"):
        ecr.describe_images(repositoryName="api", imageIds=[wanted])
    failure = ecr.batch_get_image(repositoryName="api", imageIds=[wanted])["failures"][0]
    assert (failure["imageId"], failure["failureCode"]) == (wanted, "ImageNotFound")
    with refused("RepositoryNotFoundException"):
        ecr.put_image(repositoryName="nothing", imageManifest=manifest("a"), imageTag="1")


def test_repository_settings() -> None:
    """Encryption, scanning, tags, lifecycle and repository policies come back, and the policies go."""
    encryption = {"encryptionType": "KMS", "kmsKey": KEY}
    ecr = repository(
        encryptionConfiguration=encryption,
        imageScanningConfiguration={"scanOnPush": True},
        tags=[{"Key": "Layer", "Value": "registry"}],
    )
    described = ecr.describe_repositories(repositoryNames=["api"])["repositories"][0]
    assert (described["encryptionConfiguration"], described["imageScanningConfiguration"]["scanOnPush"]) == (
        encryption,
        True,
    )
    assert ecr.list_tags_for_resource(resourceArn=described["repositoryArn"])["tags"][0]["Value"] == "registry"
    selection = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 5}
    rules = {"rules": [{"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}]}
    ecr.put_lifecycle_policy(repositoryName="api", lifecyclePolicyText=json.dumps(rules))
    assert json.loads(ecr.get_lifecycle_policy(repositoryName="api")["lifecyclePolicyText"]) == rules
    ecr.delete_lifecycle_policy(repositoryName="api")
    with refused("LifecyclePolicyNotFoundException"):
        ecr.get_lifecycle_policy(repositoryName="api")


def test_repository_policy() -> None:
    """Set, read back, deleted."""
    ecr = repository()
    statement = {"Sid": "pull", "Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "ecr:BatchGetImage"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    ecr.set_repository_policy(repositoryName="api", policyText=json.dumps(policy))
    assert json.loads(ecr.get_repository_policy(repositoryName="api")["policyText"]) == policy
    ecr.delete_repository_policy(repositoryName="api")
    with refused("RepositoryPolicyNotFoundException"):
        ecr.get_repository_policy(repositoryName="api")


def test_pages() -> None:
    """Repositories and images come in pages."""
    ecr = repository()
    ecr.create_repository(repositoryName="web")
    push(ecr, "1", "a")
    push(ecr, "2", "b")
    pages = list(ecr.get_paginator("describe_repositories").paginate(PaginationConfig={"PageSize": 1}))
    assert [page["repositories"][0]["repositoryName"] for page in pages] == ["api", "web"]
    listed = ecr.get_paginator("list_images").paginate(repositoryName="api", PaginationConfig={"PageSize": 1})
    assert [page["imageIds"][0]["imageTag"] for page in listed] == ["1", "2"]


# What a registry has one of


def scanning(kind: str, *frequencies: str) -> dict[str, Any]:
    """A scanning configuration with a rule for each frequency."""
    names = [{"filter": "api/*", "filterType": "WILDCARD"}]
    return {"scanType": kind, "rules": [{"scanFrequency": each, "repositoryFilters": names} for each in frequencies]}


@pytest.mark.parametrize(
    ("configuration", "taken"),
    [
        (scanning("BASIC", "SCAN_ON_PUSH"), True),
        (scanning("ENHANCED", "SCAN_ON_PUSH", "CONTINUOUS_SCAN"), True),
        (scanning("ENHANCED"), True),
        (scanning("BASIC", "CONTINUOUS_SCAN"), False),
        (scanning("ENHANCED", "SCAN_ON_PUSH", "SCAN_ON_PUSH"), False),
    ],
)
def test_scanning_of_a_registry(configuration: dict[str, Any], taken: bool) -> None:
    """It comes back as it was put; continuous scanning is Inspector's, and a frequency has one rule."""
    ecr = boto3.client("ecr")
    if not taken:
        with refused("ValidationException"):
            ecr.put_registry_scanning_configuration(**configuration)
        return
    ecr.put_registry_scanning_configuration(**configuration)
    assert ecr.get_registry_scanning_configuration()["scanningConfiguration"] == configuration


def replication(*regions: str) -> dict[str, Any]:
    """A replication configuration with a rule for each region."""
    names = [{"filter": "api/", "filterType": "PREFIX_MATCH"}]
    places = [{"region": region, "registryId": "123456789012"} for region in regions]
    return {"rules": [{"destinations": [place], "repositoryFilters": names} for place in places]}


def test_replication_of_a_registry() -> None:
    """Up to ten rules come back as they were put; none leads to the registry itself."""
    ecr = boto3.client("ecr")
    assert ecr.describe_registry()["replicationConfiguration"] == {"rules": []}
    most = replication(*["eu-west-1"] * 10)
    ecr.put_replication_configuration(replicationConfiguration=most)
    assert ecr.describe_registry()["replicationConfiguration"] == most
    with refused("ValidationException"):
        ecr.put_replication_configuration(replicationConfiguration=replication(*["eu-west-1"] * 11))
    with refused("InvalidParameterException"):
        ecr.put_replication_configuration(replicationConfiguration=replication("us-east-1"))


HUB = {"ecrRepositoryPrefix": "pay/hub", "upstreamRegistryUrl": "registry-1.docker.io"}
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:ecr-pullthroughcache/hub-AbCdEf"


def test_pull_through_cache_rules() -> None:
    """Made, read, changed and deleted, each prefix once."""
    ecr = boto3.client("ecr")
    ecr.create_pull_through_cache_rule(**HUB, credentialArn=SECRET)
    ecr.create_pull_through_cache_rule(ecrRepositoryPrefix="pay/public", upstreamRegistryUrl="public.ecr.aws")
    with refused("PullThroughCacheRuleAlreadyExistsException"):
        ecr.create_pull_through_cache_rule(**HUB, credentialArn=SECRET)
    ecr.update_pull_through_cache_rule(ecrRepositoryPrefix="pay/hub", credentialArn=f"{SECRET}2")
    found = ecr.get_paginator("describe_pull_through_cache_rules").paginate(PaginationConfig={"PageSize": 1})
    rules = [rule for part in found for rule in part["pullThroughCacheRules"]]
    assert [(rule["ecrRepositoryPrefix"], rule.get("credentialArn")) for rule in rules] == [
        ("pay/hub", f"{SECRET}2"),
        ("pay/public", None),
    ]
    ecr.delete_pull_through_cache_rule(ecrRepositoryPrefix="pay/hub")
    for call in (ecr.delete_pull_through_cache_rule, ecr.update_pull_through_cache_rule):
        with refused("PullThroughCacheRuleNotFoundException"):
            call(ecrRepositoryPrefix="pay/hub", **({} if "delete" in call.__name__ else {"credentialArn": SECRET}))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, "InvalidParameterException"),
        ({"credentialArn": SECRET.replace("ecr-pullthroughcache/", "")}, "InvalidParameterException"),
        ({"upstreamRegistryUrl": "docker.io"}, "UnsupportedUpstreamRegistryException"),
    ],
)
def test_a_pull_through_cache_rule_that_is_refused(changed: dict[str, str], code: str) -> None:
    """A closed registry needs a secret of the right name, and not every registry can be cached."""
    with refused(code):
        boto3.client("ecr").create_pull_through_cache_rule(**{**HUB, **changed})


def test_what_is_pulled_first_is_kept() -> None:
    """A rule makes the repository and the image; without one there is none."""
    ecr = boto3.client("ecr")
    ecr.create_pull_through_cache_rule(ecrRepositoryPrefix="pay/public", upstreamRegistryUrl="public.ecr.aws")
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/pay/public/x/y:1"
    digest = image_digest(image, "123456789012")
    (kept,) = ecr.describe_images(repositoryName="pay/public/x/y")["imageDetails"]
    assert (kept["imageDigest"], kept["imageTags"]) == (digest, ["1"])
    assert image_digest(image, "123456789012") == digest
    assert image_digest(image.replace("public", "other"), "123456789012") is None
