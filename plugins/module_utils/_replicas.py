# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The other regions that hold a copy of a secret, in the words of the module and of AWS; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

WAITING, FAILED = "InProgress", "Failed"
#: AWS's own key of a region, which is meant where none is given.
_OWN_KEY = "alias/aws/secretsmanager"

Replica = Mapping[str, Any]


def declared(replicas: Iterable[Replica] | None) -> list[dict[str, str]] | None:
    """The declared replicas by region, with an empty key where AWS's own is meant; None where nobody says."""
    if replicas is None:
        return None
    return sorted(
        ({"region": each["region"], "kms_key_id": each.get("kms_key_id") or ""} for each in replicas), key=_at
    )


def observed(entry: Mapping[str, Any]) -> list[dict[str, str]]:
    """The replicas of a described secret; one that failed holds nothing."""
    shown = [each for each in entry.get("ReplicationStatus") or () if each.get("Status") != FAILED]
    return sorted(({"region": each["Region"], "kms_key_id": _key(each)} for each in shown), key=_at)


def _key(shown: Mapping[str, Any]) -> str:
    key = str(shown.get("KmsKeyId") or "")
    return "" if key == _OWN_KEY else key


def _at(replica: Replica) -> str:
    return str(replica["region"])


def requests(replicas: Iterable[Replica]) -> list[dict[str, str]]:
    """Replicas as AddReplicaRegions takes them."""
    return [
        {"Region": each["region"], **({"KmsKeyId": each["kms_key_id"]} if each["kms_key_id"] else {})}
        for each in replicas
    ]


def difference(wanted: Collection[Replica], entry: Mapping[str, Any]) -> tuple[list[str], list[dict[str, str]]]:
    """The regions that go, and the replicas to be made; a failed one and one with another key are made anew."""
    current = observed(entry)
    kept = {each["region"] for each in wanted if each in current}
    return sorted(regions(entry) - kept), requests(each for each in wanted if each not in current)


def regions(entry: Mapping[str, Any]) -> set[str]:
    """All regions of a described secret's replicas, whatever their state."""
    return {each["Region"] for each in entry.get("ReplicationStatus") or ()}


def unfinished(entry: Mapping[str, Any]) -> list[str]:
    """The regions to which a secret is being copied."""
    return [each["Region"] for each in entry.get("ReplicationStatus") or () if each.get("Status") == WAITING]


def failures(entry: Mapping[str, Any]) -> list[str]:
    """Why copies were not made, by region."""
    failed = [each for each in entry.get("ReplicationStatus") or () if each.get("Status") == FAILED]
    return [f"{each['Region']}: {each.get('StatusMessage') or 'AWS gives no reason'}" for each in failed]


def problems(replicas: Iterable[Replica] | None) -> Iterable[str]:
    """What is wrong with declared replicas."""
    given = [each["region"] for each in replicas or ()]
    for region in sorted({region for region in given if given.count(region) > 1}):
        yield f"replica_regions: {region} is declared twice"
    for each in replicas or ():
        key = each.get("kms_key_id") or ""
        if key.startswith("arn:") and key.split(":")[3] != each["region"]:
            yield f"replica_regions: {each['region']}: its key must be of that region, not {key.split(':')[3]}"
