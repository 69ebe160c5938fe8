# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Network ACLs: the closing deny rules, ICMP types, protocol numbers, and AWS's refusals."""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import EC2ClientError, InvalidNetworkAclIdError
from moto.ec2.models.network_acls import NetworkAcl, NetworkAclBackend
from moto.ec2.responses.network_acls import NetworkACLs

from ._patch import after, before

LAST_RULE = 32767
"""The number of the rule that denies the rest; AWS makes it and nobody changes it."""

PROTOCOLS = {"all": "-1", "icmp": "1", "tcp": "6", "udp": "17", "icmpv6": "58"}
ANYWHERE = "0.0.0.0/0"


def _deny_the_rest(backend: NetworkAclBackend, acl: NetworkAcl, *_args: Any, **_kwargs: Any) -> NetworkAcl:
    for egress in [] if acl.default else [True, False]:
        backend.create_network_acl_entry(
            acl.id, LAST_RULE, "-1", "deny", egress, ANYWHERE, None, None, None, None, None
        )
    return acl


def _normalise_entry(response: NetworkACLs) -> None:
    """Check the rule's number, and put protocol and ICMP type where moto looks for them."""
    _check_number(response)
    parameters: dict[str, Any] = response.params
    protocol = str(parameters.get("Protocol", "-1")).lower()
    parameters["Protocol"] = PROTOCOLS.get(protocol, protocol)
    parameters["Icmp"] = parameters.get("IcmpTypeCode")


def _check_number(response: NetworkACLs) -> None:
    number = int(response.params["RuleNumber"])
    if not 1 <= number < LAST_RULE:
        raise EC2ClientError("InvalidParameterValue", f"Value ({number}) for parameter ruleNumber is invalid.")


def _demand_entry(backend: NetworkAclBackend, network_acl_id: str, rule_number: int, egress: bool) -> None:
    entries = backend.get_network_acl(network_acl_id).network_acl_entries
    if not any((entry.rule_number, entry.egress) == (rule_number, egress) for entry in entries):
        message = f"The network acl entry identified by {rule_number} does not exist."
        raise EC2ClientError("InvalidNetworkAclEntry.NotFound", message)


def _keep_default(response: NetworkACLs) -> None:
    acl = response.ec2_backend.get_network_acl(response._get_param("NetworkAclId"))
    if acl.default:
        raise EC2ClientError("InvalidParameterValue", f"cannot delete default network ACL {acl.id}")


def _demand_acls(backend: NetworkAclBackend, network_acl_ids: list[str] | None = None, filters: Any = None) -> None:
    for unknown in set(network_acl_ids or []) - backend.network_acls.keys():
        raise InvalidNetworkAclIdError(unknown)


def install() -> None:
    """Extend moto's network ACLs; once is enough, twice is harmless."""
    after(NetworkAclBackend, "create_network_acl", _deny_the_rest)
    before(NetworkAclBackend, "delete_network_acl_entry", _demand_entry)
    before(NetworkAclBackend, "describe_network_acls", _demand_acls)
    before(NetworkACLs, "create_network_acl_entry", _normalise_entry)
    before(NetworkACLs, "replace_network_acl_entry", _normalise_entry)
    before(NetworkACLs, "delete_network_acl_entry", _check_number)
    before(NetworkACLs, "delete_network_acl", _keep_default)
