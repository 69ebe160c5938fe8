# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Delivery streams of Amazon Data Firehose in our words and in AWS's; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import _aws
from ._errors import code_of

Item = dict[str, Any]

OWN, CUSTOMERS = "AWS_OWNED_CMK", "CUSTOMER_MANAGED_CMK"
#: What a stream says of its encryption while there is none.
OFF = "DISABLED"
#: Our words for the members of a destination in S3.
PLAIN = {
    "role_arn": "RoleARN",
    "bucket_arn": "BucketARN",
    "prefix": "Prefix",
    "error_output_prefix": "ErrorOutputPrefix",
    "compression_format": "CompressionFormat",
    "file_extension": "FileExtension",
}
BUFFERING = {"buffering_size": "SizeInMBs", "buffering_interval": "IntervalInSeconds"}
DESTINATION = (*PLAIN, *BUFFERING)
RANGES = {"buffering_size": (1, 128), "buffering_interval": (0, 900)}
#: What AWS takes where only one of the two is given, as a request has both.
USUAL = {"buffering_size": 5, "buffering_interval": 300}


def problems(item: Mapping[str, Any]) -> Iterable[str]:
    """What AWS would refuse, as sentences that begin with the option's name."""
    for option, (least, most) in RANGES.items():
        if item[option] is not None and not least <= item[option] <= most:
            yield f"{option}: {least} to {most}, not {item[option]}"
    if "!{" in (item["prefix"] or "") and "!{firehose:error-output-type}" not in (item["error_output_prefix"] or ""):
        yield "error_output_prefix: needs !{firehose:error-output-type}, as prefix has an expression"


def desired(item: Mapping[str, Any]) -> Item:
    """The declared properties in the words of C(observed)."""
    key = item["encryption_key"]
    return {
        **{option: item[option] for option in DESTINATION},
        "encryption": CUSTOMERS if key else OWN,
        "encryption_key": key or None,
    }


def observed(entry: Mapping[str, Any]) -> Item:
    """DescribeDeliveryStream's answer in our words."""
    where = entry["Destinations"][0]
    place = where.get("ExtendedS3DestinationDescription") or {}
    buffering = place.get("BufferingHints") or {}
    key = entry.get("DeliveryStreamEncryptionConfiguration") or {}
    return {
        "delivery_stream_arn": entry["DeliveryStreamARN"],
        "version_id": entry["VersionId"],
        "destination_id": where["DestinationId"],
        "state": entry["DeliveryStreamStatus"],
        "encryption": key.get("KeyType", OWN) if str(key.get("Status", OFF)).startswith("ENABL") else OFF,
        "encryption_key": key.get("KeyARN"),
        **{option: place.get(member) for option, member in PLAIN.items()},
        **{option: buffering.get(member) for option, member in BUFFERING.items()},
    }


def destination(item: Mapping[str, Any]) -> Item:
    """The configuration of a destination, or what it becomes; what is not declared stays, or is AWS's own."""
    hints = {member: item[option] for option, member in BUFFERING.items()}
    both = {BUFFERING[option]: usual for option, usual in USUAL.items()}
    buffering = {"BufferingHints": {**both, **_aws.declared(hints)}} if _aws.declared(hints) else {}
    return {**_aws.declared({member: item[option] for option, member in PLAIN.items()}), **buffering}


def encryption(item: Mapping[str, Any]) -> Item:
    """How what waits in the stream is encrypted."""
    return _aws.declared({"KeyType": item["encryption"], "KeyARN": item["encryption_key"]})


def is_active(entry: Mapping[str, Any]) -> bool:
    """Whether a stream takes records and encrypts them. ValueError, with AWS's reason, where it never will."""
    key = entry.get("DeliveryStreamEncryptionConfiguration") or {}
    states = (entry.get("DeliveryStreamStatus"), key.get("Status"))
    if any(str(state).endswith("_FAILED") for state in states):
        failure = entry.get("FailureDescription") or key.get("FailureDescription") or {}
        raise ValueError(f"{entry['DeliveryStreamName']}: {failure.get('Type', states)}: {failure.get('Details', '')}")
    return states == ("ACTIVE", "ENABLED")


def is_not_ready_yet(error: Exception) -> bool:
    """Whether AWS refuses what it will take in a moment: a new role, or the name of a stream that goes."""
    role = code_of(error) == "InvalidArgumentException" and "assume role" in str(error)
    return role or code_of(error) == "ResourceInUseException"
