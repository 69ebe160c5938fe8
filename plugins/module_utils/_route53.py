# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""DNS records between options and AWS's spelling, and how hosted zones and tags are found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import _aws, _tags

Item = dict[str, Any]

TYPES = ("A", "AAAA", "CNAME")
IDS_A_CALL = 10  #: ids that ListTagsForResources takes


def plain(name: str) -> str:
    """A DNS name without the last dot and in small letters, as people write it; pure."""
    return name.rstrip(".").lower().replace("\\052", "*")


def alias(target: Mapping[str, Any]) -> Item:
    """An alias's target as options; pure."""
    return {
        "dns_name": plain(target["DNSName"]),
        "hosted_zone_id": target["HostedZoneId"],
        "evaluate_target_health": target["EvaluateTargetHealth"],
    }


def value(record_type: str, text: str) -> str:
    """A record's value in one spelling: names as C(plain) has them; pure."""
    return plain(text) if record_type == "CNAME" else text


def observed(record: Mapping[str, Any]) -> Item:
    """A record set that AWS shows, as options; pure."""
    texts = [entry["Value"] for entry in record.get("ResourceRecords") or ()]
    return {
        "record_name": plain(record["Name"]),
        "type": record["Type"],
        "ttl": record.get("TTL"),
        "resource_records": sorted(value(record["Type"], text) for text in texts),
        "alias_target": alias(record["AliasTarget"]) if record.get("AliasTarget") else {},
    }


def record_set(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Options as the record set that AWS takes; pure."""
    target = properties["alias_target"]
    base = {"Name": properties["record_name"], "Type": properties["type"]}
    if not target:
        values = [{"Value": text} for text in properties["resource_records"]]
        return {**base, "TTL": properties["ttl"], "ResourceRecords": values}
    spelled = {
        "DNSName": target["dns_name"],
        "HostedZoneId": target["hosted_zone_id"],
        "EvaluateTargetHealth": target["evaluate_target_health"],
    }
    return {**base, "AliasTarget": spelled}


def others(client: Any, zone: str) -> Iterable[str]:
    """The records of a zone (by id) that no module of ours makes, for a person; AWS's own NS and SOA are none."""
    origin = plain(client.get_hosted_zone(Id=zone)["HostedZone"]["Name"])
    for entry in _aws.pages(client, "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone):
        name, kind = plain(entry["Name"]), entry["Type"]
        native = name == origin and kind in ("NS", "SOA")
        if not native and (kind not in TYPES or "SetIdentifier" in entry):
            yield f"{name} {kind}"


def zone_id(client: Any, zone: str) -> str | None:
    """The id of the public hosted zone of that name, None where there is none. RuntimeError where there are several."""
    entries = client.list_hosted_zones_by_name(DNSName=zone)["HostedZones"]
    named = [entry for entry in entries if plain(entry["Name"]) == plain(zone)]
    ids = [entry["Id"].rpartition("/")[2] for entry in named if not entry["Config"]["PrivateZone"]]
    if len(ids) > 1:
        raise RuntimeError(f"there are several public zones {zone}: {', '.join(ids)}")
    return ids[0] if ids else None


def tags_by_id(client: Any, kind: str, ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """The tags of hosted zones or health checks, as C(kind) says."""
    calls = list(_aws.chunks(ids, IDS_A_CALL))
    found = _aws.concurrently(
        lambda some: client.list_tags_for_resources(ResourceType=kind, ResourceIds=some)["ResourceTagSets"], calls
    )
    return {entry["ResourceId"]: _tags.to_dict(entry["Tags"]) for some in found for entry in some}
