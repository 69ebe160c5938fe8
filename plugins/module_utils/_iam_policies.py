# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The policies that a role or a group holds: IAM has the same operations for both, each under the holder's noun."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from . import _aws, _iam


def unless_gone(client: Any, operation: str, **arguments: Any) -> None:
    """An operation of IAM that takes something away; already gone is success."""
    _aws.absent_as(None, lambda: getattr(client, operation)(**arguments), "NoSuchEntity")


class Holder(NamedTuple):
    """A role or a group; C(noun) as it stands in the names of IAM's operations."""

    client: Any
    noun: str
    name: str

    @property
    def whose(self) -> dict[str, str]:
        return {f"{self.noun.capitalize()}Name": self.name}

    def inline(self) -> dict[str, Any]:
        """The inline documents by name."""
        names = _aws.pages(self.client, f"list_{self.noun}_policies", "PolicyNames", **self.whose)
        get = getattr(self.client, f"get_{self.noun}_policy")
        return {name: get(**self.whose, PolicyName=name)["PolicyDocument"] for name in names}

    def attached(self) -> list[str]:
        """The ARNs of the managed policies."""
        operation = f"list_attached_{self.noun}_policies"
        return [each["PolicyArn"] for each in _aws.pages(self.client, operation, "AttachedPolicies", **self.whose)]

    def write(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """What is added comes first: who is in use never has less than before and after have in common."""
        put, drop = _iam.policy_changes(before.get("policies"), after["policies"])
        attach, detach = _iam.attachment_changes(before.get("managed_policies"), after["managed_policies"])
        for policy, document in put.items():
            self._call("put_{}_policy", PolicyName=policy, PolicyDocument=document)
        for arn in attach:
            self._call("attach_{}_policy", PolicyArn=arn)
        self.remove(drop, detach)

    def remove(self, inline: Iterable[str], attached: Iterable[str]) -> None:
        for policy in inline:
            self._unless_gone("delete_{}_policy", PolicyName=policy)
        for arn in attached:
            self._unless_gone("detach_{}_policy", PolicyArn=arn)

    def _call(self, operation: str, **arguments: Any) -> None:
        getattr(self.client, operation.format(self.noun))(**self.whose, **arguments)

    def _unless_gone(self, operation: str, **arguments: Any) -> None:
        unless_gone(self.client, operation.format(self.noun), **self.whose, **arguments)
