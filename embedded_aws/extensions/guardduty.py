# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""GuardDuty: one detector in a region, its features with AWS's defaults, and tags."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from moto.guardduty import urls
from moto.guardduty.exceptions import DetectorNotFoundException, GuardDutyException
from moto.guardduty.models import Detector, GuardDutyBackend
from moto.guardduty.responses import GuardDutyResponse

from ._operations import add
from ._patch import around, before

#: What a detector has on its first day, and what only somebody's asking switches on. The first three nobody switches.
FIXED = ("CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS")
ON = ("EBS_MALWARE_PROTECTION", "EKS_AUDIT_LOGS", "LAMBDA_NETWORK_LOGS", "RDS_LOGIN_EVENTS", "S3_DATA_EVENTS")
OFF = ("EKS_RUNTIME_MONITORING", "RUNTIME_MONITORING")
Tagged = tuple[str, dict[str, str]]


class Refused(GuardDutyException):
    """What GuardDuty finds wrong with a request; its code is in a header."""

    code = 400

    def __init__(self, message: str) -> None:
        super().__init__("InvalidInputException", f"The request is rejected because {message}")

    def get_headers(self, *_args: Any, **_kwargs: Any) -> list[tuple[str, str]]:
        return [("X-Amzn-ErrorType", "BadRequestException")]


def features(given: list[dict[str, Any]] | None, known: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
    """All features of a detector, laid over by what a request says of some."""
    defaults = [{"name": each, "status": "DISABLED" if each in OFF else "ENABLED"} for each in (*FIXED, *ON, *OFF)]
    found = {each["name"]: each for each in known or defaults}
    strange = [each["name"] for each in given or () if each["name"] not in (*ON, *OFF)]
    if strange:
        raise Refused(f"an invalid or out-of-range value is specified as an input parameter: {strange[0]}.")
    return list({**found, **{each["name"]: each for each in given or ()}}.values())


def _create(
    original: Any,
    backend: GuardDutyBackend,
    enable: bool,
    finding_publishing_frequency: str,
    data_sources: Any,
    tags: Any,
    given: Any,
) -> str:
    if backend.detectors:
        raise Refused("a detector already exists for the current account.")
    made: str = original(backend, enable, finding_publishing_frequency, data_sources, tags, features(given))
    return made


def _update(original: Any, detector: Detector, enable: Any, frequency: Any, data_sources: Any, given: Any) -> None:
    original(detector, enable, frequency, data_sources, features(given, detector.features))


def _demand(backend: GuardDutyBackend, detector_id: str) -> None:
    if detector_id not in backend.detectors:
        raise DetectorNotFoundException


# Tags


def arn(backend: GuardDutyBackend, detector_id: str) -> str:
    return f"arn:{backend.partition}:guardduty:{backend.region_name}:{backend.account_id}:detector/{detector_id}"


def _detector(response: GuardDutyResponse) -> Detector:
    identifier = unquote(response.path).rpartition("detector/")[2]
    return response.guardduty_backend.get_detector(identifier)


def list_tags_for_resource(self: GuardDutyResponse) -> str:
    return json.dumps({"tags": _detector(self).tags})


def tag_resource(self: GuardDutyResponse) -> str:
    _detector(self).tags.update(json.loads(self.body)["tags"])
    return "{}"


def untag_resource(self: GuardDutyResponse) -> str:
    for key in self.querystring.get("tagKeys", []):
        _detector(self).tags.pop(key, None)
    return "{}"


def tagged(backend: GuardDutyBackend) -> Iterator[Tagged]:
    """The region's detector with its tags."""
    return ((arn(backend, name), dict(detector.tags)) for name, detector in backend.detectors.items())


def install() -> None:
    """Install into moto's GuardDuty."""
    around(GuardDutyBackend, "create_detector", _create)
    around(Detector, "update", _update)
    before(GuardDutyBackend, "delete_detector", _demand)
    add(GuardDutyResponse, list_tags_for_resource, tag_resource, untag_resource)
    urls.url_paths.setdefault("{0}/tags/(?P<resource_arn>.+)$", GuardDutyResponse.dispatch)
