# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What ECR's scan, or Amazon Inspector's, finds in an image, and whether that lets it pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from . import _aws
from ._errors import code_of
from ._status import columns

#: From the least; what nobody has rated comes before.
SEVERITIES = ("INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL")
NONE = "none"
WAITING = ("IN_PROGRESS", "PENDING")
DONE = ("COMPLETE", "ACTIVE")
ABSENT = "ScanNotFoundException"
#: Why a scan that is asked for doesn't begin: another kind of scanning, one a day, nothing that it knows.
_NOT_NOW = ("ValidationException", "LimitExceededException", "UnsupportedImageTypeException")
MOST_SHOWN = 20
ADVICE = (
    "It is in ECR, and nothing runs it. Mend it and push again; what is known and accepted, "
    "operations_push_images_scan_allowed says, with its last day"
)


class Finding(NamedTuple):
    """A weakness of a package in an image."""

    name: str
    severity: str
    package: str
    version: str
    fixed_in: str


class Scan(NamedTuple):
    """How far the scan of an image is, and what it found. C(status) is AWS's, PENDING where there is none yet."""

    status: str
    description: str
    findings: tuple[Finding, ...]

    @property
    def is_over(self) -> bool:
        return self.status not in WAITING


class Gate(NamedTuple):
    """What lets pass. C(allowed) has the last day for each finding that is accepted."""

    threshold: str
    allowed: Mapping[str, date]
    required: bool
    today: date


# The rules of the gate; pure


def gate(options: Mapping[str, Any], today: date) -> Gate:
    """The gate of a module's options. ValueError with what is wrong with them."""
    allowed = {}
    for name, day in options["allowed"].items():
        try:
            allowed[str(name)] = date.fromisoformat(str(day))
        except ValueError:
            raise ValueError(f"scan.allowed.{name}: {day!r} must be a day, such as 2026-12-31") from None
    return Gate(options["threshold"], allowed, options["required"], today)


def rank(severity: str) -> int:
    """A severity's place; what has none is below all."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else -1


def stopping(scan: Scan, rules: Gate) -> list[Finding]:
    """The findings that don't let the image pass, the worst first."""
    if rules.threshold == NONE:
        return []
    least = rank(rules.threshold)
    found = [each for each in scan.findings if rank(each.severity) >= least and not _is_allowed(each, rules)]
    return sorted(set(found), key=lambda each: (-rank(each.severity), each))


def _is_allowed(finding: Finding, rules: Gate) -> bool:
    last = rules.allowed.get(finding.name)
    return last is not None and rules.today <= last


def problem(name: str, scan: Scan, rules: Gate) -> str:
    """Why an image doesn't pass; empty where it does."""
    if rules.threshold == NONE:
        return ""
    if not scan.is_over:
        return f"{name}: its scan is not over ({scan.status}); run again, or raise operations_push_images_scan_deadline"
    if scan.status not in DONE:
        said = f"{scan.status}: {scan.description}" if scan.description else scan.status
        advice = "where that is known and accepted, operations_push_images_scan_required: false"
        return f"{name}: ECR could not scan it, {said} ({advice})" if rules.required else ""
    found = stopping(scan, rules)
    if not found:
        return ""
    shown = "\n".join(columns([(each.name, each.severity, _package(each)) for each in found[:MOST_SHOWN]]))
    more = f"\n  and {len(found) - MOST_SHOWN} more" if len(found) > MOST_SHOWN else ""
    return f"{name}: findings of {rules.threshold} or above: {len(found)}\n{shown}{more}\n  {ADVICE}"


def _package(finding: Finding) -> str:
    mended = f", mended in {finding.fixed_in}" if finding.fixed_in else ""
    return f"{finding.package} {finding.version}{mended}".strip()


def expired(scans: Iterable[Scan], rules: Gate) -> list[str]:
    """Which findings were allowed and are no more."""
    found = {each.name for scan in scans for each in scan.findings}
    past = {name: last for name, last in rules.allowed.items() if name in found and last < rules.today}
    return [f"{name} was allowed until {last.isoformat()}" for name, last in sorted(past.items())]


def counts(scan: Scan) -> str:
    """How many findings there are of each severity, the worst first, or how far the scan is."""
    if scan.status not in DONE:
        return scan.status.lower()
    number = Counter(each.severity for each in scan.findings)
    order = sorted(number, key=lambda severity: (-rank(severity), severity))
    return ", ".join(f"{number[severity]} {severity}" for severity in order) or "no findings"


def together(scans: Iterable[Scan]) -> Scan:
    """The scan of an image for several architectures: the findings of all, and of the states the one that matters."""
    all_of_them = list(scans)
    order = sorted(all_of_them, key=lambda scan: (scan.is_over, scan.status in DONE))
    findings = dict.fromkeys(finding for scan in all_of_them for finding in scan.findings)
    return Scan(order[0].status, order[0].description, tuple(findings))


# What AWS says


def look(connect: Callable[[str], Any], repository: str, digest: str) -> Scan:
    """The scan of one image as it is now."""
    image = {"repositoryName": repository, "imageId": {"imageDigest": digest}}
    client = connect("ecr")
    try:
        pages = list(client.get_paginator("describe_image_scan_findings").paginate(**image))
    except Exception as error:
        if code_of(error) != ABSENT:
            raise
        return Scan("PENDING", "", ())
    status = pages[0].get("imageScanStatus") or {}
    found = [page.get("imageScanFindings") or {} for page in pages]
    return Scan(
        status.get("status", "PENDING"),
        status.get("description", ""),
        tuple(finding for page in found for finding in findings(page)),
    )


def findings(page: Mapping[str, Any]) -> Iterable[Finding]:
    """The findings of a page, of either kind of scanning; what Inspector was told to leave out is left out. Pure."""
    for entry in page.get("findings") or []:
        about = {each["key"]: each.get("value", "") for each in entry.get("attributes") or []}
        package, version = about.get("package_name", ""), about.get("package_version", "")
        yield Finding(entry.get("name", ""), entry.get("severity", ""), package, version, "")
    for entry in page.get("enhancedFindings") or []:
        if entry.get("status", "ACTIVE") == "ACTIVE":
            yield from _enhanced(entry)


def _enhanced(entry: Mapping[str, Any]) -> Iterable[Finding]:
    """One finding for each package that has it."""
    about = entry.get("packageVulnerabilityDetails") or {}
    name, severity = about.get("vulnerabilityId") or entry.get("title", ""), entry.get("severity", "")
    for package in about.get("vulnerablePackages") or [{}]:
        fixed = package.get("fixedInVersion", "")
        fixed = "" if fixed == "NotAvailable" else fixed
        yield Finding(name, severity, package.get("name", ""), package.get("version", ""), fixed)


def start(connect: Callable[[str], Any], repository: str, digest: str) -> None:
    """Ask for a scan, where pushing doesn't. What can't be asked for is not an error: looking says how it is."""
    image = {"repositoryName": repository, "imageId": {"imageDigest": digest}}
    _aws.absent_as(None, lambda: connect("ecr").start_image_scan(**image), *_NOT_NOW)
