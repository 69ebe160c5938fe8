# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""ECR: images of a real registry on loopback, where one is named, and what the scans of images find."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from typing import Any

from moto.core.responses import ActionResult
from moto.ecr.exceptions import InvalidParameterException, ScanNotFoundException
from moto.ecr.models import ECRBackend, Image, Repository
from moto.ecr.responses import ECRResponse as Response

from embedded_aws import registries, scans

from ._operations import add
from ._patch import around, before

TOKEN_HOURS = 12
READS = ("batch_get_image", "describe_image_scan_findings", "describe_images", "list_images", "start_image_scan")


# A registry on loopback


def get_authorization_token(self: Response) -> ActionResult:
    """GetAuthorizationToken: a login of twelve hours, for the registry on loopback where there is one."""
    expires = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=TOKEN_HOURS)
    link = registries.LINK or {"password": f"{self.current_account}-auth-token"}
    host = f"{self.current_account}.dkr.ecr.{self.region}.amazonaws.com"
    granted = {
        "authorizationToken": registries.authorization_of(link["password"]),
        "expiresAt": expires,
        "proxyEndpoint": link.get("endpoint", f"https://{host}"),
    }
    return ActionResult({"authorizationData": [granted]})


def mirror(self: ECRBackend, *arguments: Any, **options: Any) -> None:
    """Before a look at images: take the tags that the registry has and ECR hasn't, a list's parts first."""
    if not registries.LINK:
        return
    names = [
        value for value in (*arguments, *options.values()) if isinstance(value, str) and value in self.repositories
    ]
    for name in names:
        repository = self.repositories[name]
        known = {tag for image in repository.images for tag in image.image_tags}
        for tag in registries.tags(name):
            for each in registries.images(name, tag) if tag not in known else ():
                take(self, repository, *each)


def take(backend: ECRBackend, repository: Repository, tag: str | None, text: str, kind: str) -> None:
    """Put a manifest into ECR, unless it is there under that tag."""
    same = [image for image in repository.images if image.image_manifest == text]
    if not any(tag is None or tag in image.image_tags for image in same):
        backend.put_image(repository.name, text, tag, kind)  # type: ignore[arg-type]


# Scans


def is_scanned_on_push(backend: ECRBackend, repository: Repository) -> bool:
    """Whether whoever pushes need not ask for a scan."""
    settings: Any = repository.image_scanning_configuration
    return is_enhanced(backend, repository) or bool(settings.get("scanOnPush"))


def is_enhanced(backend: ECRBackend, repository: Repository) -> bool:
    """Whether Inspector scans the repository: the registry's type is its, and a rule names the repository."""
    configuration = backend.registry_scanning_configuration
    filters = [each["filter"] for rule in configuration["rules"] for each in rule["repositoryFilters"]]
    named = any(backend._match_repository_filter(each, repository.name) for each in filters)
    return bool(configuration["scanType"] == "ENHANCED" and named)


def check_scan(self: ECRBackend, registry_id: Any, repository_name: str, image_id: dict[str, str]) -> None:
    """Before start_image_scan: it is for basic scanning, and for an image rather than a list of them."""
    repository = self._get_repository(repository_name)
    if is_enhanced(self, repository):
        raise InvalidParameterException("ValidationException", "This feature is disabled")
    image = repository._get_image(image_id.get("imageTag"), image_id.get("imageDigest"))
    if "manifests" in json.loads(image.image_manifest):
        raise InvalidParameterException("UnsupportedImageTypeException", "The image type is not supported")


def describe_image_scan_findings(
    original: Any, self: ECRBackend, registry_id: Any, repository_name: str, image_id: dict[str, Any]
) -> dict[str, Any]:
    """In place of moto's: what was set for the repository; of an image that nobody has scanned nothing."""
    repository = self._get_repository(repository_name)
    image = repository._get_image(image_id.get("imageTag"), image_id.get("imageDigest"))
    is_list = "manifests" in json.loads(image.image_manifest)
    if is_list or not (image.last_scan or is_scanned_on_push(self, repository)):
        shown = f"{{imageDigest:'{image.image_digest}', imageTag:'{image.image_tag or 'null'}'}}"
        raise ScanNotFoundException(image_id=shown, repository_name=repository_name, registry_id=repository.registry_id)
    return {
        "registryId": repository.registry_id,
        "repositoryName": repository_name,
        "imageId": {"imageDigest": image.image_digest, **({"imageTag": image.image_tag} if image.image_tag else {})},
        **outcome(image, scans.SETTINGS.get(repository_name, {}), is_enhanced(self, repository)),
    }


def outcome(image: Image, setting: dict[str, Any], enhanced: bool) -> dict[str, Any]:
    """How far a scan is at this look, and what it has found."""
    looks = vars(image)["scan_looks"] = vars(image).get("scan_looks", 0) + 1
    if looks <= setting.get("looks", 0):
        return {"imageScanStatus": {"status": "PENDING" if enhanced else "IN_PROGRESS"}}
    status = {"status": setting.get("status", "ACTIVE" if enhanced else "COMPLETE")}
    status["description"] = setting.get("description", "The scan was completed successfully.")
    if "status" in setting:
        return {"imageScanStatus": status}
    found = setting.get("findings", [])
    key, shown = ("enhancedFindings", enhanced_finding) if enhanced else ("findings", basic_finding)
    counts = Counter(each["severity"] for each in found)
    about = {key: [shown(each) for each in found], "findingSeverityCounts": dict(counts)}
    completed = datetime.datetime.now(datetime.UTC)
    return {"imageScanStatus": status, "imageScanFindings": {"imageScanCompletedAt": completed, **about}}


def basic_finding(finding: dict[str, str]) -> dict[str, Any]:
    """A finding as basic scanning shows it."""
    about = {"package_name": finding.get("package", ""), "package_version": finding.get("version", "")}
    attributes = [{"key": key, "value": value} for key, value in about.items()]
    return {"name": finding["name"], "severity": finding["severity"], "attributes": attributes}


def enhanced_finding(finding: dict[str, str]) -> dict[str, Any]:
    """A finding as Inspector shows it."""
    package = {"name": finding.get("package", ""), "version": finding.get("version", "")}
    package["fixedInVersion"] = finding.get("fixed_in", "NotAvailable")
    details = {"vulnerabilityId": finding["name"], "vulnerablePackages": [package]}
    title = f"{finding['name']} - {package['name']}"
    about = {"severity": finding["severity"], "status": "ACTIVE", "title": title}
    return {**about, "packageVulnerabilityDetails": details}


def install() -> None:
    """Put these rules in place of moto's; a second call changes nothing."""
    add(Response, get_authorization_token)
    before(ECRBackend, "start_image_scan", check_scan)
    around(ECRBackend, "describe_image_scan_findings", describe_image_scan_findings)
    for name in READS:
        before(ECRBackend, name, mirror)
