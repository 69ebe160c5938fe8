# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The outputs as variables of a shell: C(outputs.env); pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

Pairs = Iterable[tuple[str, Any]]

_FACTS = ("environment", "account_id", "region", "base_url", "dashboard_url", "cluster")
_NO_WORD = re.compile(r"[^A-Za-z0-9]+")


def text(outputs: Mapping[str, Any]) -> str:
    """A line a variable, quoted for a shell where need be; what is not there (yet) has no line."""
    lines = [f"UEX_{_word(name)}={shlex.quote(_value(value))}\n" for name, value in _pairs(outputs) if value]
    return "".join(lines)


def _word(name: str) -> str:
    return _NO_WORD.sub("_", name).upper()


def _value(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


def _pairs(outputs: Mapping[str, Any]) -> Pairs:
    yield from ((fact, outputs[fact]) for fact in _FACTS)
    yield from _fields("service", outputs["services"])
    for store, named, first in (("database", "databases", "db"), ("redis", "caches", "redis")):
        yield from _fields(store, {name.removeprefix(first): entry for name, entry in outputs[named].items()})
    yield from _each("secret", outputs["secrets"], "arn")
    yield from _each("topic", outputs["topics"], "arn")
    yield from _each("bucket", outputs["buckets"])
    yield from _each("security_group", outputs["network"]["security_group_ids"], "id")
    yield "vpc_id", outputs["network"]["vpc_id"]
    yield "app_subnet_ids", outputs["network"]["app_subnet_ids"]
    yield "log_groups", outputs["log_groups"]


def _fields(noun: str, entries: Mapping[str, Mapping[str, Any]]) -> Pairs:
    """Such as C(service_uex-backend_url); without a name C(database_host)."""
    for name, entry in entries.items():
        yield from ((f"{noun}_{name}_{field}" if name else f"{noun}_{field}", entry[field]) for field in entry)


def _each(noun: str, entries: Mapping[str, str], what: str = "") -> Pairs:
    """Such as C(secret_database_arn)."""
    yield from ((f"{noun}_{name}_{what}" if what else f"{noun}_{name}", value) for name, value in entries.items())
