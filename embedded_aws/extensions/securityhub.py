# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Security Hub: standards, settings and tags of the hub, and what AWS says where there is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from moto.securityhub import urls
from moto.securityhub.exceptions import SecurityHubClientError
from moto.securityhub.models import SecurityHubBackend
from moto.securityhub.responses import SecurityHubResponse

from ._operations import add, page

DEFAULTS = ("aws-foundational-security-best-practices/v/1.0.0", "cis-aws-foundations-benchmark/v/1.2.0")
#: Standards of AWS's whose ARN is like no other's.
RULESETS = ("cis-aws-foundations-benchmark/v/1.2.0",)
STANDARDS = (
    *DEFAULTS,
    "cis-aws-foundations-benchmark/v/1.4.0",
    "cis-aws-foundations-benchmark/v/3.0.0",
    "nist-800-53/v/5.0.0",
    "pci-dss/v/3.2.1",
    "pci-dss/v/4.0.1",
)
Tagged = tuple[str, dict[str, str]]


def _standard(backend: SecurityHubBackend, name: str) -> str:
    if name in RULESETS:
        return f"arn:{backend.partition}:securityhub:::ruleset/{name}"
    return f"arn:{backend.partition}:securityhub:{backend.region_name}::standards/{name}"


def _arn(backend: SecurityHubBackend, resource: str) -> str:
    return f"arn:{backend.partition}:securityhub:{backend.region_name}:{backend.account_id}:{resource}"


def _hub(response: SecurityHubResponse) -> Any:
    """The backend of a region where the hub is on. Raises InvalidAccessException."""
    backend: Any = response.securityhub_backend
    if not backend.enabled:
        message = f"Account {backend.account_id} is not subscribed to AWS Security Hub"
        raise SecurityHubClientError("InvalidAccessException", message)
    return backend


def _said(response: SecurityHubResponse) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(response.body) if response.body else {}
    return found


def enable_security_hub(self: SecurityHubResponse) -> str:
    """Once in a region. Raises ResourceConflictException."""
    backend: Any = self.securityhub_backend
    if backend.enabled:
        raise SecurityHubClientError("ResourceConflictException", "Account is already subscribed to Security Hub")
    said = _said(self)
    backend.enable_security_hub(enable_default_standards=False, tags=said.get("Tags"))
    backend.settings = {
        "AutoEnableControls": True,
        "ControlFindingGenerator": said.get("ControlFindingGenerator") or "SECURITY_CONTROL",
    }
    names = DEFAULTS if said.get("EnableDefaultStandards", True) else ()
    backend.standards = [_standard(backend, name) for name in names]
    return "{}"


def disable_security_hub(self: SecurityHubResponse) -> str:
    _hub(self).disable_security_hub()
    return "{}"


def describe_hub(self: SecurityHubResponse) -> str:
    backend = _hub(self)
    return json.dumps({"HubArn": _arn(backend, "hub/default"), "SubscribedAt": backend.enabled_at, **backend.settings})


def update_security_hub_configuration(self: SecurityHubResponse) -> str:
    _hub(self).settings.update(_said(self))
    return "{}"


# Standards


def _subscription(backend: SecurityHubBackend, standard: str, status: str = "READY") -> dict[str, Any]:
    name = standard.partition("standards/")[2] or standard.partition("ruleset/")[2]
    return {
        "StandardsSubscriptionArn": _arn(backend, f"subscription/{name}"),
        "StandardsArn": standard,
        "StandardsInput": {},
        "StandardsStatus": status,
    }


def describe_standards(self: SecurityHubResponse) -> str:
    backend = _hub(self)
    return json.dumps({"Standards": [{"StandardsArn": _standard(backend, name)} for name in STANDARDS]})


def get_enabled_standards(self: SecurityHubResponse) -> str:
    backend, said = _hub(self), _said(self)
    listed = [_subscription(backend, each) for each in backend.standards]
    found, token = page(listed, said.get("MaxResults"), said.get("NextToken"))
    return json.dumps({"StandardsSubscriptions": found, **({"NextToken": token} if token else {})})


def batch_enable_standards(self: SecurityHubResponse) -> str:
    backend = _hub(self)
    asked = [each["StandardsArn"] for each in _said(self)["StandardsSubscriptionRequests"]]
    strange = [arn for arn in asked if arn not in [_standard(backend, name) for name in STANDARDS]]
    if strange:
        raise SecurityHubClientError("InvalidInputException", f"Invalid parameter 'StandardsArn': {strange[0]}")
    backend.standards += [arn for arn in asked if arn not in backend.standards]
    return json.dumps({"StandardsSubscriptions": [_subscription(backend, arn, "PENDING") for arn in asked]})


def batch_disable_standards(self: SecurityHubResponse) -> str:
    backend, gone = _hub(self), _said(self)["StandardsSubscriptionArns"]
    by_subscription = {_subscription(backend, arn)["StandardsSubscriptionArn"]: arn for arn in backend.standards}
    if not set(gone) <= by_subscription.keys():
        raise SecurityHubClientError("InvalidInputException", "Invalid parameter 'StandardsSubscriptionArns'")
    ended = [by_subscription[each] for each in gone]
    backend.standards = [arn for arn in backend.standards if arn not in ended]
    return json.dumps({"StandardsSubscriptions": [_subscription(backend, arn, "DELETING") for arn in ended]})


# Tags


def list_tags_for_resource(self: SecurityHubResponse) -> str:
    return json.dumps({"Tags": _hub(self).tags})


def tag_resource(self: SecurityHubResponse) -> str:
    _hub(self).tags.update(_said(self)["Tags"])
    return "{}"


def untag_resource(self: SecurityHubResponse) -> str:
    for key in self.querystring.get("tagKeys", []):
        _hub(self).tags.pop(key, None)
    return "{}"


def tagged(backend: Any) -> Iterator[Tagged]:
    """The region's hub with its tags."""
    if backend.enabled:
        yield _arn(backend, "hub/default"), dict(backend.tags)


PATHS = ("standards", "standards/get", "standards/register", "standards/deregister", "tags/(?P<resource_arn>.+)")


def install() -> None:
    """Install into moto's Security Hub."""
    add(SecurityHubResponse, enable_security_hub, disable_security_hub, describe_hub, update_security_hub_configuration)
    add(SecurityHubResponse, describe_standards, get_enabled_standards, batch_enable_standards, batch_disable_standards)
    add(SecurityHubResponse, list_tags_for_resource, tag_resource, untag_resource)
    for path in PATHS:
        urls.url_paths.setdefault(f"{{0}}/{path}$", SecurityHubResponse.dispatch)
