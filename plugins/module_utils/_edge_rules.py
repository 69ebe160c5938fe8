# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules on where an environment is reached: certificate and domain; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Values = Mapping[str, Any]

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(\*\.)?({_LABEL}\.)+[a-z0-9-]*[a-z][a-z0-9-]*", re.IGNORECASE)
_CERTIFICATE = re.compile(r"arn:[\w-]+:acm:(?P<region>[\w-]+):\d{12}:certificate/\S+")


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


RULES: tuple[Callable[[Values], Iterable[str]], ...] = (certificate, domains)
