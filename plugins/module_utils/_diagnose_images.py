# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Diagnosis of pulling images: they are there, repository, key and execution role let them be pulled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from . import _diagnose_rights as rights
from ._diagnose import About, Check, Subject, Values, aws, put_back, site
from ._findings import Finding, broken, note, ok, warning

PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
LOG_IN = "ecr:GetAuthorizationToken"
_ECR = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(?P<repository>[^:@]+)"
    r"(?::(?P<tag>[^@]+))?(?:@(?P<digest>sha256:[0-9a-f]+))?"
)


class Name(NamedTuple):
    """An image in an ECR: the registry's account and region, the repository, and a tag or a digest."""

    account: str
    region: str
    repository: str
    tag: str
    digest: str

    @property
    def identity(self) -> dict[str, str]:
        """As DescribeImages takes it."""
        return {"imageDigest": self.digest} if self.digest else {"imageTag": self.tag}

    @property
    def short(self) -> str:
        return f"{self.repository}@{self.digest[:19]}..." if self.digest else f"{self.repository}:{self.tag}"


def parse(image: str) -> Name | None:
    """An image's name in parts; None for another registry's."""
    match = _ECR.fullmatch(image)
    if not match:
        return None
    tag = match["tag"] or ("" if match["digest"] else "latest")
    return Name(match["account"], match["region"], match["repository"], tag, match["digest"] or "")


def of_definitions(definitions: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Which services use an image, by its name."""
    users: dict[str, list[str]] = {}
    for service, definition in definitions.items():
        for container in definition["containerDefinitions"]:
            users.setdefault(container["image"], []).append(service)
    return users


def repositories(values: Values, about: About) -> Iterable[Finding]:
    """Each service's repository is there."""
    for service in about["services"]:
        name = service["repository_name"]
        if name in values["repositories"]:
            yield ok("repository", f"repository {name} is there")
        else:
            remedy = "the registry layer makes it; then push the image"
            yield broken(
                "repository", f"there is no repository {name}", "DescribeRepositories", remedy, site(about, "registry")
            )


def images(values: Values, about: About) -> Iterable[Finding]:
    """What tasks are started with is there; and the tag that the next deployment takes."""
    for image, users in of_definitions(values["definitions"]).items():
        name, found = parse(image), values["images"].get(image)
        if found is None:
            yield note("image-elsewhere", f"{image} is in another registry, and not looked at", ", ".join(users))
        elif name and found:
            yield ok("image", f"{name.short} is there", ", ".join(users))
        elif name:
            seen = f"{name.short} is not in ECR: no new task of {', '.join(users)} can start"
            remedy = "push the image again, or deploy a tag that is there; tasks that run go on"
            command = aws(about, f"ecr describe-images --repository-name {name.repository}")
            yield broken("image", seen, f"{image}: ImageNotFoundException", remedy, command)
    for service in about["services"]:
        yield from _tag(service, values, about)


def _tag(service: Mapping[str, Any], values: Values, about: About) -> Iterator[Finding]:
    where = f"{service['repository_name']}:{service['image_tag']}"
    if values["tags"].get(where):
        yield ok("image-tag", f"{where} is there")
    elif service["repository_name"] in values["repositories"]:
        remedy = "push it: playbooks/push_images.yml; until then the service waits, or goes on with what it runs"
        command = aws(about, f"ecr describe-images --repository-name {service['repository_name']}")
        seen = f"the inventory wants {where}, which is not in ECR"
        yield warning("image-tag", seen, "ImageNotFoundException", remedy, command)


def pulls(values: Values, about: About) -> Iterable[Finding]:
    """The execution role may log in, and pull from each repository that it pulls from."""
    for arn, role in values["roles"]["execution"].items():
        if role is None:  # told by the subject of the role
            continue
        answer = rights.may(role, rights.request(role, LOG_IN, "*", about))
        yield _right("registry-login", answer, f"{_short(arn)} may log in to ECR", about)
        for name in _pulled_by(arn, values):
            yield _pull(role, name, values, about)


def _pulled_by(role: str, values: Values) -> list[str]:
    """The repositories that definitions with this execution role pull from."""
    own = {each: d for each, d in values["definitions"].items() if d.get("executionRoleArn") == role}
    parsed = [parse(image) for image in of_definitions(own)]
    return sorted({each.repository for each in parsed if each and each.repository in values["repositories"]})


def _pull(role: rights.Role, name: str, values: Values, about: About) -> Finding:
    entry, policy = values["repositories"][name], values["repository_policies"].get(name)
    arn = entry["repositoryArn"]
    answers = [rights.may(role, rights.request(role, action, arn, about), policy) for action in PULL]
    wrong = [each for each in answers if not each.allowed]
    answer = wrong[0] if wrong else answers[-1]
    return _right("pull", answer, f"{_short(role['arn'])} may pull from {name}", about)


def _right(check: str, answer: rights.Answer, title: str, about: About) -> Finding:
    if answer.allowed:
        return ok(check, title, answer.why)
    remedy = put_back("foundation and registry", "new tasks fail with CannotPullContainerError")
    return broken(check, title.replace(" may ", " may not ", 1), answer.why, remedy, site(about, "foundation,registry"))


def _short(arn: str) -> str:
    return arn.rpartition("/")[2]


def keys(values: Values, about: About) -> Iterable[Finding]:
    """ECR decrypts layers by a grant of its own, so the role needs no right on the key; the key must be usable."""
    users: dict[str, list[str]] = {}
    for name, entry in values["repositories"].items():
        key = (entry.get("encryptionConfiguration") or {}).get("kmsKey")
        if key:
            users.setdefault(key, []).append(name)
    for key, names in users.items():
        yield key_state(values["keys"].get(key), key, f"images of {', '.join(names)}", about)


def key_state(key: Mapping[str, Any] | None, identifier: str, used_for: str, about: About) -> Finding:
    """Whether a key can be used; for repositories and secrets."""
    state = key["state"] if key else "gone"
    if state == "Enabled":
        return ok("key", f"key {identifier} is enabled", used_for)
    seen = f"key {identifier} is {state}: nothing can decrypt the {used_for}"
    cancel = aws(about, f"kms cancel-key-deletion --key-id {identifier}")
    if state == "PendingDeletion":
        return broken(
            "key",
            seen,
            f"KeyState: {state}",
            "cancel the deletion, then enable the key; after its day all is lost",
            cancel,
        )
    remedy = put_back("foundation", "enable it")
    return broken("key", seen, f"KeyState: {state}", remedy, aws(about, f"kms enable-key --key-id {identifier}"))


SUBJECT = Subject(
    "images",
    "repositories, images by tag and digest, rights of the execution role, policies of repositories, keys",
    (
        Check(("repositories",), repositories),
        Check(("definitions", "images", "tags", "repositories"), images),
        Check(("roles", "definitions", "repositories", "repository_policies"), pulls),
        Check(("repositories", "keys"), keys),
    ),
)
