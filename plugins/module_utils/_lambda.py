# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lambda functions in the words of the module and of AWS; pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ._errors import code_of

Item = dict[str, Any]

#: Options that UpdateFunctionConfiguration takes, with AWS's names.
SETTINGS = {
    "description": "Description",
    "handler": "Handler",
    "runtime": "Runtime",
    "role": "Role",
    "memory_size": "MemorySize",
    "timeout": "Timeout",
    "environment": "Environment",
    "subnet_ids": "SubnetIds",
    "security_group_ids": "SecurityGroupIds",
}
_PLAIN = ("description", "handler", "runtime", "role", "memory_size", "timeout")


class FunctionFailed(Exception):
    """AWS could not make or change the function."""


def problems(item: Mapping[str, Any]) -> Iterable[str]:
    """What is wrong with an item, as sentences that begin with the option's name."""
    if not 1 <= item["timeout"] <= 900:
        yield "timeout: must be 1 to 900 seconds"
    if not 128 <= item["memory_size"] <= 10240:
        yield "memory_size: must be 128 to 10240 MB"
    if bool(item["subnet_ids"]) != bool(item["security_group_ids"]):
        yield "subnet_ids: go with security_group_ids; give both or neither"


def desired(item: Mapping[str, Any]) -> Item:
    """The declared properties but for the code."""
    environment = item["environment"]
    return {
        **{option: item[option] for option in _PLAIN},
        "architecture": item["architecture"],
        "environment": None if environment is None else {name: str(value) for name, value in environment.items()},
        "subnet_ids": _in_order(item["subnet_ids"]),
        "security_group_ids": _in_order(item["security_group_ids"]),
        "callers": None if item["callers"] is None else sorted(item["callers"], key=statement_id),
    }


def _in_order(ids: Iterable[str] | None) -> list[str] | None:
    return None if ids is None else sorted(ids)


def observed(entry: Mapping[str, Any]) -> Item:
    """The same properties, of AWS's configuration of a function."""
    network = entry.get("VpcConfig") or {}
    return {
        "arn": entry["FunctionArn"],
        "state": entry.get("State"),
        **{option: entry.get(SETTINGS[option]) for option in _PLAIN},
        "architecture": (entry.get("Architectures") or ["x86_64"])[0],
        "environment": dict((entry.get("Environment") or {}).get("Variables") or {}),
        "subnet_ids": sorted(network.get("SubnetIds") or []),
        "security_group_ids": sorted(network.get("SecurityGroupIds") or []),
        "code_sha256": entry["CodeSha256"],
    }


def settings(item: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration as arguments; what is not declared stays."""
    arguments = {SETTINGS[option]: item[option] for option in _PLAIN if item[option] is not None}
    if item["environment"] is not None:
        arguments["Environment"] = {"Variables": item["environment"]}
    if item["subnet_ids"] is not None:
        groups = {"SecurityGroupIds": item["security_group_ids"] or []}
        arguments["VpcConfig"] = {"SubnetIds": item["subnet_ids"], **groups}
    return arguments


def code(item: Mapping[str, Any], package: bytes, nested: bool) -> dict[str, Any]:
    """The code as arguments of CreateFunction (C(nested)) or UpdateFunctionCode."""
    archive = {"ZipFile": package}
    return {"Architectures": [item["architecture"]], **({"Code": archive} if nested else archive)}


def callers(policy: str | None) -> list[dict[str, str]]:
    """The services that a function's policy lets call it on behalf of an account."""
    statements = json.loads(policy)["Statement"] if policy else []
    found = [_caller(each) for each in statements if isinstance(each["Principal"], Mapping)]
    return sorted((caller for caller in found if caller["principal"]), key=statement_id)


def _caller(statement: Mapping[str, Any]) -> dict[str, str]:
    equal = statement.get("Condition", {}).get("StringEquals", {})
    account = next((value for name, value in equal.items() if name.lower() == "aws:sourceaccount"), "")
    return {"principal": str(statement["Principal"].get("Service", "")), "source_account": str(account)}


def statement_id(caller: Mapping[str, str]) -> str:
    """What a caller's statement is called in the policy."""
    return f"{caller['principal'].partition('.')[0]}-{caller['source_account']}"


def permission(caller: Mapping[str, str]) -> dict[str, str]:
    """The arguments that let a caller in."""
    return {
        "StatementId": statement_id(caller),
        "Action": "lambda:InvokeFunction",
        "Principal": caller["principal"],
        "SourceAccount": caller["source_account"],
    }


def is_ready(entry: Mapping[str, Any]) -> bool:
    """Whether a function can be called and changed. Raises FunctionFailed if it never will."""
    if "Failed" in (entry.get("State"), entry.get("LastUpdateStatus")):
        reason = entry.get("StateReason") or entry.get("LastUpdateStatusReason")
        raise FunctionFailed(f"{entry['FunctionName']}: {reason}")
    return entry.get("State") in ("Active", "Inactive") and entry.get("LastUpdateStatus") != "InProgress"


def role_not_seen_yet(error: Exception) -> bool:
    """Whether Lambda does not see a new role or its rights yet, as happens in its first seconds."""
    text = str(error)
    unseen = "cannot be assumed by Lambda" in text or "does not have permissions to call" in text
    return code_of(error) == "InvalidParameterValueException" and unseen
