# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules on where an environment is: account, region, zones, certificate, domain; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Values = Mapping[str, Any]

_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(\*\.)?({_LABEL}\.)+[a-z0-9-]*[a-z][a-z0-9-]*", re.IGNORECASE)
_CERTIFICATE = re.compile(r"arn:[\w-]+:acm:(?P<region>[\w-]+):\d{12}:certificate/\S+")
_ROLE = re.compile(r"arn:[\w-]+:iam::\d{12}:role/\S+")


def account(values: Values) -> Iterable[str]:
    """The account that is meant, and the role in it."""
    if not re.fullmatch(r"(\d{12})?", str(values["stack_account_id"])):
        yield f"stack_account_id: {values['stack_account_id']!r} must be 12 digits, in quotes"
    role = values["stack_assume_role_arn"]
    if role and not _ROLE.fullmatch(role):
        yield f"stack_assume_role_arn: {role!r} is no role's ARN, arn:aws:iam::<account>:role/<name>"


def zones(values: Values) -> Iterable[str]:
    """Zones are the region's: its name and one letter."""
    region = values["stack_region"]
    if not _REGION.fullmatch(region):
        yield f"stack_region: {region!r} is no region's name, such as us-east-1"
    for zone in values["network_availability_zones"]:
        if not re.fullmatch(rf"{re.escape(region)}[a-z]", zone):
            yield f"network_availability_zones: {zone!r} is no zone of {region}"


def certificate(values: Values) -> Iterable[str]:
    """A load balancer takes only certificates of its own region."""
    arn, region = values["edge_certificate_arn"], values["stack_region"]
    found = _CERTIFICATE.fullmatch(arn)
    if arn and not found:
        yield f"edge_certificate_arn: {arn!r} is no certificate's ARN"
    if found and found["region"] != region:
        yield f"edge_certificate_arn: the certificate is in {found['region']}, the load balancer in {region}"


def domains(values: Values) -> Iterable[str]:
    """Names that DNS can hold; the first of them in the zone that is to hold it."""
    domain, zone = values["edge_domain_name"], values["edge_zone_name"]
    for name in (domain, *values["edge_subject_alternative_names"]):
        if name and not _DOMAIN.fullmatch(name):
            yield f"edge_domain_name: {name!r} is no DNS name, such as pay.example.com"
    if domain and zone and not f".{domain}".endswith(f".{zone}"):
        yield f"edge_zone_name: {domain} is not in the zone {zone}"


RULES: tuple[Callable[[Values], Iterable[str]], ...] = (account, zones, certificate, domains)
