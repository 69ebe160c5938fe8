# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tags as AWS lists them and as Ansible writes them; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

#: Who owns a resource. Layer is left out: it says where a resource belongs, not whose it is.
OWNER_TAGS = ("Project", "Environment", "ManagedBy")


def to_dict(tags: Iterable[Mapping[str, str]] | None, key: str = "Key", value: str = "Value") -> dict[str, str]:
    """AWS's list of pairs as a mapping, without the tags AWS keeps for itself (C(aws:...))."""
    return {tag[key]: tag.get(value, "") for tag in tags or () if not tag[key].startswith("aws:")}


def to_list(tags: Mapping[str, Any] | None, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """A mapping as AWS's list of pairs, sorted by key."""
    return [{key: name, value: str(text)} for name, text in sorted((tags or {}).items())]


def owns(owner: Mapping[str, Any], tags: Mapping[str, Any], keys: Iterable[str] = OWNER_TAGS) -> bool:
    """Whether C(tags) say the same as C(owner) for each of C(keys); a key the owner lacks owns nothing."""
    return all(key in owner and str(owner[key]) == tags.get(key) for key in keys)


def claim(tags: Mapping[str, Any]) -> str:
    """Whose a resource is by its tags, for a person: C(tags Project=shop, ManagedBy=terraform)."""
    said = ", ".join(f"{key}={tags[key]}" for key in OWNER_TAGS if key in tags)
    return f"tags {said}" if said else "none of our tags"


def filters(owner: Mapping[str, Any], keys: Iterable[str] = OWNER_TAGS) -> list[dict[str, Any]]:
    """EC2 filters that find what C(owner) owns."""
    return [{"Name": f"tag:{key}", "Values": [str(owner[key])]} for key in keys if key in owner]


def beginning(owner: Mapping[str, Any]) -> str:
    """How all names of the owner's environment begin: C(Project-Environment)."""
    return f"{owner.get('Project')}-{owner.get('Environment')}"


def names(owner: Mapping[str, Any], name: str) -> bool:
    """Whether the name says that a resource is the owner's, for kinds that AWS cannot tag."""
    return name.startswith(f"{beginning(owner)}-")
