# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""IAM policy documents in one canonical form, so that two spellings of one policy compare as equal; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

#: Elements in which AWS takes one value or a list and returns either.
_SETS = ("Action", "NotAction", "Resource", "NotResource", "AWS", "Service", "Federated", "CanonicalUser")


def canonical(document: str | Mapping[str, Any] | None) -> str:
    """The policy as compact JSON: keys and value sets sorted, single values as lists; an empty policy is C("")."""
    if not document:
        return ""
    policy = _parsed(document) if isinstance(document, str) else document
    return json.dumps(_normal("", policy), sort_keys=True, separators=(",", ":"))


def _parsed(document: str) -> Any:
    """IAM returns documents percent-encoded where botocore doesn't decode them."""
    return json.loads(unquote(document) if document.startswith("%7B") else document)


def _normal(key: str, value: Any) -> Any:
    if key == "Statement":
        return [_normal("", item) for item in _list(value)]
    if isinstance(value, Mapping):
        return {name: _condition(item) if name == "Condition" else _normal(name, item) for name, item in value.items()}
    if key in _SETS and value != "*":
        return sorted(_list(value))
    return value


def _condition(condition: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, list[str]]]:
    return {
        operator: {name: sorted(map(_text, _list(value))) for name, value in keys.items()}
        for operator, keys in condition.items()
    }


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
