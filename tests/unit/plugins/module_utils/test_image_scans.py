# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from datetime import date
from typing import Any

import boto3
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _image_scans
from ansible_collections.uex.payments.plugins.module_utils._image_scans import Finding, Gate, Scan

TODAY = date(2026, 11, 27)
LOW = Finding("CVE-2026-1", "LOW", "zlib", "1.2", "")
HIGH = Finding("CVE-2026-2", "HIGH", "openssl", "3.0", "3.1")
WORST = Finding("CVE-2026-3", "CRITICAL", "glibc", "2.36", "")
UNRATED = Finding("CVE-2026-4", "UNDEFINED", "x", "1", "")


def rules(threshold: str = "HIGH", allowed: dict[str, str] | None = None, required: bool = True) -> Gate:
    options = {"threshold": threshold, "allowed": allowed or {}, "required": required}
    return _image_scans.gate(options, TODAY)


@pytest.mark.parametrize(
    ("threshold", "allowed", "stop"),
    [
        ("HIGH", {}, [WORST, HIGH]),
        ("CRITICAL", {}, [WORST]),
        ("LOW", {}, [WORST, HIGH, LOW]),
        ("none", {}, []),
        ("HIGH", {"CVE-2026-3": "2026-11-27"}, [HIGH]),
        ("HIGH", {"CVE-2026-3": "2026-11-26"}, [WORST, HIGH]),
    ],
)
def test_a_finding_stops_from_the_threshold_on_unless_it_is_allowed_today(
    threshold: str, allowed: dict[str, str], stop: list[Finding]
) -> None:
    scan = Scan("COMPLETE", "", (LOW, HIGH, UNRATED, WORST, HIGH))
    assert _image_scans.stopping(scan, rules(threshold, allowed)) == stop


def test_what_is_allowed_no_more_is_told() -> None:
    gate = rules(allowed={"CVE-2026-2": "2026-11-26", "CVE-2026-3": "2020-01-01"})
    assert _image_scans.expired([Scan("COMPLETE", "", (HIGH,))], gate) == ["CVE-2026-2 was allowed until 2026-11-26"]


@pytest.mark.parametrize("day", ["soon", "2026-13-01", True])
def test_a_last_day_is_a_day(day: Any) -> None:
    with pytest.raises(ValueError, match=r"scan\.allowed\.CVE-2026-1"):
        rules(allowed={"CVE-2026-1": day})


@pytest.mark.parametrize(
    ("scan", "gate", "said"),
    [
        (Scan("COMPLETE", "", (LOW,)), rules(), ""),
        (Scan("ACTIVE", "", (HIGH,)), rules(), "CVE-2026-2  HIGH  openssl 3.0, mended in 3.1"),
        (Scan("IN_PROGRESS", "", ()), rules(), "operations_push_images_scan_deadline"),
        (Scan("UNSUPPORTED_IMAGE", "no packages", ()), rules(), "UNSUPPORTED_IMAGE: no packages"),
        (Scan("UNSUPPORTED_IMAGE", "no packages", ()), rules(required=False), ""),
        (Scan("FAILED", "", (WORST,)), rules("none"), ""),
    ],
)
def test_what_stops_says_why(scan: Scan, gate: Gate, said: str) -> None:
    found = _image_scans.problem("api", scan, gate)
    assert bool(found) is bool(said)
    assert said in found


def test_many_findings_are_cut() -> None:
    many = tuple(Finding(f"CVE-2026-{number:04}", "HIGH", "p", "1", "") for number in range(25))
    found = _image_scans.problem("api", Scan("COMPLETE", "", many), rules())
    assert "25\n" in found
    assert "and 5 more" in found
    assert len(found.splitlines()) == 23


@pytest.mark.parametrize(
    ("scans", "status", "shown"),
    [
        ([Scan("COMPLETE", "", (LOW,)), Scan("IN_PROGRESS", "", ())], "IN_PROGRESS", "in_progress"),
        ([Scan("COMPLETE", "", (LOW,)), Scan("FAILED", "x", ())], "FAILED", "failed"),
        ([Scan("COMPLETE", "", (LOW, HIGH)), Scan("COMPLETE", "", (LOW,))], "COMPLETE", "1 HIGH, 1 LOW"),
        ([Scan("COMPLETE", "", ())], "COMPLETE", "no findings"),
    ],
)
def test_the_scans_of_several_architectures_are_one(scans: list[Scan], status: str, shown: str) -> None:
    found = _image_scans.together(scans)
    assert (found.status, _image_scans.counts(found)) == (status, shown)


def test_inspector_s_findings_are_read_by_package_and_what_it_leaves_out_is_left_out() -> None:
    packages = [{"name": "a", "version": "1", "fixedInVersion": "2"}, {"name": "b", "version": "1"}]
    details = {"vulnerabilityId": "CVE-1", "vulnerablePackages": packages}
    entry = {"severity": "HIGH", "status": "ACTIVE", "packageVulnerabilityDetails": details}
    found = list(_image_scans.findings({"enhancedFindings": [entry, {**entry, "status": "SUPPRESSED"}]}))
    assert found == [Finding("CVE-1", "HIGH", "a", "1", "2"), Finding("CVE-1", "HIGH", "b", "1", "")]


def test_a_scan_is_awaited_where_there_is_none_yet_and_another_error_is_one(aws: None) -> None:
    ecr = boto3.client("ecr")
    ecr.create_repository(repositoryName="r/a")
    manifest = '{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "layers": []}'
    digest = ecr.put_image(repositoryName="r/a", imageManifest=manifest, imageTag="1")["image"]["imageId"][
        "imageDigest"
    ]
    assert _image_scans.look(lambda service: ecr, "r/a", digest) == Scan("PENDING", "", ())
    _image_scans.start(lambda service: ecr, "r/a", digest)
    _image_scans.start(lambda service: ecr, "r/a", digest)
    assert _image_scans.look(lambda service: ecr, "r/a", digest).status == "COMPLETE"
    with pytest.raises(ecr.exceptions.RepositoryNotFoundException):
        _image_scans.look(lambda service: ecr, "r/b", digest)
