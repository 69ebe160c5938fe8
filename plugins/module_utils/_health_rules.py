# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is wrong with the options of a health check, said before the first call; pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

PREFIX = "operations_health_check_"
_STATUS = re.compile(r"[1-5]\d\d(-[1-5]\d\d)?")
_ADDRESS = re.compile(r"(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}")
#: Parts of the secret of the UEX API.
PARTS = ("key", "secret", "referral_code")


def problems(options: Mapping[str, Any]) -> Iterable[str]:
    """Each as a sentence that begins with the variable's name."""
    yield from _request_problems(options)
    for name in ("timeout", "deadline", "task_deadline", "slow_ms"):
        if options[name] <= 0:
            yield f"{PREFIX}{name}: must be above 0, not {options[name]:g}"
    if options["timeout"] >= options["deadline"]:
        yield f"{PREFIX}deadline: must be above the timeout of {options['timeout']:g} s, not {options['deadline']:g}"
    yield from _api_problems(options)


def _request_problems(options: Mapping[str, Any]) -> Iterable[str]:
    names = [service["name"] for service in options["services"]]
    for status in options["statuses"]:
        if not _STATUS.fullmatch(status):
            yield f"{PREFIX}statuses: {status!r} is no status such as 200, and no range such as 200-399"
    for name in ("address", "http_address"):
        if options[name] and not _ADDRESS.fullmatch(options[name]):
            yield f"{PREFIX}{name}: host:port, not {options[name]!r}"
    for service, path in options["paths"].items():
        if service not in names or not str(path).startswith("/"):
            yield f"{PREFIX}paths.{service}: a path that begins with / for one of {', '.join(names)}, not {path!r}"


def _api_problems(options: Mapping[str, Any]) -> Iterable[str]:
    """Credentials go over TLS alone, but for a server on loopback."""
    url = urlsplit(options["uex_url"])
    local = url.scheme == "http" and _is_loopback(url.hostname or "")
    if options["uex_url"] and not local and (url.scheme != "https" or not url.hostname):
        yield f"{PREFIX}uex_url: must begin with https://, as credentials go there; not {options['uex_url']!r}"
    for header, part in options["uex_headers"].items():
        if part not in PARTS:
            yield f"{PREFIX}uex_headers.{header}: one of {', '.join(PARTS)}, not {part!r}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
