# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules on where an environment is and who makes it: account, role, region and zones; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Values = Mapping[str, Any]

_ACCOUNT = re.compile(r"\d{12}")
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::(?P<account>\d{12}):role/[\w+=,.@/-]+", re.ASCII)
_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+")
#: Seconds that AWS takes.
SHORTEST, LONGEST = 900, 43200


def region(values: Values) -> Iterable[str]:
    name = values["stack_region"]
    if not REGION.fullmatch(name):
        yield f"stack_region: {name!r} is no region's name, such as eu-west-1"


def zones(values: Values) -> Iterable[str]:
    """A zone's name is its region's and a letter; local zones have neither NAT gateways nor databases."""
    name = values["stack_region"]
    strange = [
        zone for zone in values["network_availability_zones"] if not re.fullmatch(f"{re.escape(name)}[a-z]", zone)
    ]
    if strange:
        own = f"stack_region {name}, whose zones are {name}a and so on"
        yield f"network_availability_zones: {', '.join(strange)} not of {own}"


def account(values: Values) -> Iterable[str]:
    number = str(values["stack_account_id"])
    if number and not _ACCOUNT.fullmatch(number):
        yield f"stack_account_id: {number!r} must be 12 digits, in quotes"


def role(values: Values) -> Iterable[str]:
    """A role of the account that is meant."""
    arn, meant = values["stack_assume_role_arn"], values["stack_account_id"]
    match = _ROLE.fullmatch(arn)
    if arn and not match:
        yield f"stack_assume_role_arn: {arn!r} must be a role's ARN, arn:aws:iam::<account>:role/<name>"
    elif match and meant and match["account"] != meant:
        yield f"stack_assume_role_arn: the role is of account {match['account']}, stack_account_id means {meant}"


def session(values: Values) -> Iterable[str]:
    """What AssumeRole takes beside the role."""
    seconds, secret = int(values["stack_assume_role_duration"]), values["stack_assume_role_external_id"]
    if not SHORTEST <= seconds <= LONGEST:
        yield f"stack_assume_role_duration: {seconds} is not between {SHORTEST} and {LONGEST}"
    if secret and not _EXTERNAL_ID.fullmatch(secret):
        yield "stack_assume_role_external_id: must be 2 to 1224 letters, digits and + = , . @ : / -"


RULES: tuple[Callable[[Values], Iterable[str]], ...] = (region, zones, account, role, session)
