# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Entries of network ACLs, as declared and as AWS lists them; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

Entry = dict[str, Any]

CLOSING_RULE = 32767  #: AWS's own: denies what no other entry allows
MOST_ENTRIES = 20  #: AWS's quota for each direction
PROTOCOLS = {"all": "-1", "tcp": "6", "udp": "17"}
_NAMES = {number: name for name, number in PROTOCOLS.items()}


class Steps(NamedTuple):
    """What brings one direction of an ACL to what is declared."""

    create: list[Entry]
    replace: list[Entry]
    delete: list[Entry]


def declared(entries: Iterable[Mapping[str, Any]] | None) -> list[Entry] | None:
    """The declared entries by number; None where nothing is declared."""
    if entries is None:
        return None
    return sorted((_entry(entry) for entry in entries), key=_number)


def _entry(entry: Mapping[str, Any]) -> Entry:
    words = ("rule_number", "protocol", "rule_action", "cidr_block")
    ports = () if entry["protocol"] == "all" else ("from_port", "to_port")
    return {word: entry[word] for word in (*words, *ports)}


def _number(entry: Entry) -> int:
    return int(entry["rule_number"])


def observed(entries: Iterable[Mapping[str, Any]], egress: bool) -> list[Entry]:
    """One direction of AWS's entries in the words of C(declared), without the closing rule."""
    own = [entry for entry in entries if entry["Egress"] is egress and entry["RuleNumber"] != CLOSING_RULE]
    return declared([_observed(entry) for entry in own]) or []


def _observed(entry: Mapping[str, Any]) -> Entry:
    ports = entry.get("PortRange") or {}
    return {
        "rule_number": entry["RuleNumber"],
        "protocol": _NAMES.get(str(entry["Protocol"]), str(entry["Protocol"])),
        "rule_action": entry["RuleAction"],
        "cidr_block": entry.get("CidrBlock") or entry.get("Ipv6CidrBlock"),
        "from_port": ports.get("From"),
        "to_port": ports.get("To"),
    }


def arguments(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry as the arguments of a Create or Replace call, but for the ACL and the direction."""
    ports = {"PortRange": {"From": entry["from_port"], "To": entry["to_port"]}} if "from_port" in entry else {}
    return {
        "RuleNumber": entry["rule_number"],
        "Protocol": PROTOCOLS[entry["protocol"]],
        "RuleAction": entry["rule_action"],
        "CidrBlock": entry["cidr_block"],
        **ports,
    }


def steps(wanted: Iterable[Entry], found: Iterable[Entry]) -> Steps:
    """What has to be made, changed and taken away; entries are told apart by their number."""
    after, before = ({_number(entry): entry for entry in entries} for entries in (wanted, found))
    return Steps(
        create=[entry for number, entry in after.items() if number not in before],
        replace=[entry for number, entry in after.items() if number in before and entry != before[number]],
        delete=[entry for number, entry in before.items() if number not in after],
    )
