# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import io
import json
import urllib.error
from pathlib import Path
from typing import Any

import boto3
import pytest

from embedded_aws import registries, scans
from embedded_aws.extensions.ecr import digest_of
from embedded_aws.images import MEDIA_TYPE, manifest

INDEX = "application/vnd.oci.image.index.v1+json"
PART = manifest("part", "1")
LIST = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [{"digest": digest_of(PART)}]})
REPOSITORY = "uex-payments-test/alpha"
FINDING = {"name": "CVE-2026-1", "severity": "HIGH", "package": "a", "version": "1", "fixed_in": "2"}


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registries, "LINK", {})
    monkeypatch.setattr(scans, "SETTINGS", {})


@pytest.fixture
def ecr(aws: None) -> Any:
    client = boto3.client("ecr")
    client.create_repository(repositoryName=REPOSITORY, imageScanningConfiguration={"scanOnPush": True})
    return client


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, str]]:
    """What a registry on loopback answers, by path; it is named."""
    answers: dict[str, tuple[str, str]] = {}
    registries.LINK.update(endpoint="http://127.0.0.1:5000", password="word")
    monkeypatch.setattr(registries, "_read", answers.get)
    return answers


def asked(layer: Any, path: str, method: str, body: Any = None) -> Any:
    content = json.dumps(body).encode()
    environ = {"PATH_INFO": path, "REQUEST_METHOD": method, "CONTENT_LENGTH": str(len(content))}
    application = layer(lambda environ, start: [b'"passed"'], Path("."))
    answer = application({**environ, "wsgi.input": io.BytesIO(content)}, lambda status, headers: None)
    return json.loads(b"".join(answer))


def test_a_registry_is_named_and_forgotten_and_its_password_not_shown() -> None:
    link = {"endpoint": "http://127.0.0.1:5000", "password": "word"}
    assert asked(registries.Registry, registries.PATH, "POST", link) == {"endpoint": link["endpoint"]}
    assert link == registries.LINK
    assert asked(registries.Registry, registries.PATH, "GET") == {"endpoint": link["endpoint"]}
    assert asked(registries.Registry, registries.PATH, "DELETE") == {"endpoint": None}
    assert asked(registries.Registry, "/elsewhere", "GET") == "passed"


def test_the_login_is_the_registry_s_or_ecr_s_own(ecr: Any, registry: Any) -> None:
    (granted,) = ecr.get_authorization_token()["authorizationData"]
    assert granted["proxyEndpoint"] == "http://127.0.0.1:5000"
    assert granted["authorizationToken"] == registries.authorization_of("word")
    registries.LINK.clear()
    (granted,) = ecr.get_authorization_token()["authorizationData"]
    assert granted["proxyEndpoint"] == "https://123456789012.dkr.ecr.us-east-1.amazonaws.com"


def test_what_was_pushed_to_the_registry_is_in_ecr_with_its_parts(ecr: Any, registry: dict[str, Any]) -> None:
    registry[f"{REPOSITORY}/tags/list"] = (json.dumps({"tags": ["1", "2"]}), "application/json")
    registry[f"{REPOSITORY}/manifests/1"] = (LIST, INDEX)
    registry[f"{REPOSITORY}/manifests/{digest_of(PART)}"] = (PART, MEDIA_TYPE)
    registry[f"{REPOSITORY}/manifests/2"] = (PART, MEDIA_TYPE)
    for _look in range(2):
        found = {
            each["imageDigest"]: each.get("imageTags")
            for each in ecr.describe_images(repositoryName=REPOSITORY)["imageDetails"]
        }
        assert found == {digest_of(LIST): ["1"], digest_of(PART): ["2"]}
    (image,) = ecr.batch_get_image(repositoryName=REPOSITORY, imageIds=[{"imageTag": "1"}])["images"]
    assert (image["imageManifest"], image["imageManifestMediaType"]) == (LIST, INDEX)


def test_a_registry_that_refuses_is_an_error_and_what_it_has_not_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    registries.LINK.update(endpoint="http://127.0.0.1:5000", password="word")

    def answer(code: int) -> Any:
        def urlopen(request: Any, timeout: float) -> Any:
            raise urllib.error.HTTPError(request.full_url, code, "no", {}, None)  # type: ignore[arg-type]

        return urlopen

    monkeypatch.setattr(registries.urllib.request, "urlopen", answer(404))
    assert registries.tags("a") == []
    monkeypatch.setattr(registries.urllib.request, "urlopen", answer(401))
    with pytest.raises(urllib.error.HTTPError):
        registries.tags("a")


# Scans


def test_findings_are_set_taken_back_and_forgotten() -> None:
    assert asked(scans.Scans, scans.PATH, "POST", {"a": {"looks": 1}, "b": {}}) == {"a": {"looks": 1}, "b": {}}
    assert asked(scans.Scans, scans.PATH, "POST", {"a": None}) == {"b": {}}
    assert asked(scans.Scans, scans.PATH, "DELETE") == {}
    assert asked(scans.Scans, "/elsewhere", "GET") == "passed"


def scan(ecr: Any, **image: str) -> Any:
    return ecr.describe_image_scan_findings(repositoryName=REPOSITORY, imageId=image or {"imageTag": "1"})


def pushed(ecr: Any, text: str = PART, tag: str = "1") -> None:
    ecr.put_image(repositoryName=REPOSITORY, imageManifest=text, imageTag=tag)


def test_a_scan_is_over_after_so_many_looks_and_finds_what_was_set(ecr: Any) -> None:
    pushed(ecr)
    scans.remember({REPOSITORY: {"looks": 1, "findings": [FINDING]}})
    assert scan(ecr)["imageScanStatus"]["status"] == "IN_PROGRESS"
    done = scan(ecr)
    assert done["imageScanStatus"]["status"] == "COMPLETE"
    assert done["imageScanFindings"]["findingSeverityCounts"] == {"HIGH": 1}
    assert done["imageScanFindings"]["findings"][0]["name"] == "CVE-2026-1"


def test_a_scan_can_end_in_another_way(ecr: Any) -> None:
    pushed(ecr)
    scans.remember({REPOSITORY: {"status": "UNSUPPORTED_IMAGE", "description": "no"}})
    found = scan(ecr)
    assert found["imageScanStatus"] == {"status": "UNSUPPORTED_IMAGE", "description": "no"}
    assert "imageScanFindings" not in found


def test_inspector_scans_what_a_rule_names(ecr: Any) -> None:
    pushed(ecr)
    rule = {
        "scanFrequency": "SCAN_ON_PUSH",
        "repositoryFilters": [{"filter": "uex-payments-test/*", "filterType": "WILDCARD"}],
    }
    ecr.put_registry_scanning_configuration(scanType="ENHANCED", rules=[rule])
    scans.remember({REPOSITORY: {"findings": [FINDING]}})
    found = scan(ecr)
    assert found["imageScanStatus"]["status"] == "ACTIVE"
    package = found["imageScanFindings"]["enhancedFindings"][0]["packageVulnerabilityDetails"]["vulnerablePackages"][0]
    assert package == {"name": "a", "version": "1", "fixedInVersion": "2"}
    with pytest.raises(ecr.exceptions.ValidationException):
        ecr.start_image_scan(repositoryName=REPOSITORY, imageId={"imageTag": "1"})


def test_a_list_of_images_is_never_scanned(ecr: Any) -> None:
    pushed(ecr, LIST)
    with pytest.raises(ecr.exceptions.ScanNotFoundException):
        scan(ecr)
    with pytest.raises(ecr.exceptions.UnsupportedImageTypeException):
        ecr.start_image_scan(repositoryName=REPOSITORY, imageId={"imageTag": "1"})


def test_without_scanning_on_push_somebody_has_to_ask(ecr: Any) -> None:
    ecr.put_image_scanning_configuration(repositoryName=REPOSITORY, imageScanningConfiguration={"scanOnPush": False})
    pushed(ecr)
    with pytest.raises(ecr.exceptions.ScanNotFoundException):
        scan(ecr)
    ecr.start_image_scan(repositoryName=REPOSITORY, imageId={"imageTag": "1"})
    assert scan(ecr)["imageScanStatus"]["status"] == "COMPLETE"
