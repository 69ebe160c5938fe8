# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a resource kind's test says about itself, so that the contract of all kinds can be checked the same way."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import boto3
import botocore.exceptions

from ansible_collections.uex.payments.plugins.module_utils._resource import Outcome, Resource, reconcile
from embedded_aws.recorder import is_mutating

REGION = "us-east-1"
TAGS = {"Project": "uex-payments", "Environment": "test", "Layer": "layer", "ManagedBy": "uex.payments"}

Connect = Callable[[str], Any]


@dataclass(frozen=True)
class Contract:
    """One kind's sample.

    C(options) makes what the set refers to on an empty account and returns the module's options but for the common
    ones, with at least two items; C(change) is laid over the first item and must be an update. C(unset) names the
    item options left out to see that AWS's own defaults are no drift. C(managed_policies)
    says that the sample attaches policies that AWS manages. C(first) is the verb of the first run: an update of what
    AWS makes by itself.
    """

    kind: type[Resource]
    options: Callable[[Connect], dict[str, Any]]
    change: dict[str, Any]
    unset: tuple[str, ...] = ()
    prunable: bool = True
    managed_policies: bool = False
    first: str = "create"


class Account:
    """Clients of the embedded AWS in-process that note each call, and can be told to refuse reads.

    The clients outlive their account, as making one takes longer than a test; the youngest account gets the calls.
    """

    clients: ClassVar[dict[tuple[str, str], Any]] = {}
    youngest: ClassVar[Account]

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.deny_reads = False
        Account.youngest = self

    def connect(self, service: str, region: str = REGION) -> Any:
        if (service, region) not in self.clients:
            client = boto3.client(service, region_name=region)
            client.meta.events.register("before-call", lambda model, **unused: Account.youngest.note(model))
            self.clients[service, region] = client
        return self.clients[service, region]

    def note(self, model: Any) -> None:
        service, operation = model.service_model.service_name, model.name
        if self.deny_reads and not is_mutating(service, operation):
            error = {"Error": {"Code": "AccessDenied", "Message": "not allowed"}}
            raise botocore.exceptions.ClientError(error, operation)
        self.calls.append((service, operation))

    def written(self) -> list[tuple[str, str]]:
        """The mutating calls since the last time this was asked."""
        calls = [call for call in self.calls if is_mutating(*call)]
        self.calls.clear()
        return calls


class Subject:
    """One kind with its sample on an account, ready to be reconciled."""

    def __init__(self, contract: Contract, account: Account) -> None:
        self.contract, self.account = contract, account
        self.options = {"tags": dict(TAGS), "prune": False, "adopt": False, **contract.options(account.connect)}
        account.written()

    @property
    def items(self) -> list[dict[str, Any]]:
        return self.options[self.contract.kind.plural]

    def names(self) -> list[str]:
        return [self.contract.kind.identify(item) for item in self.items]

    def resource(self, **changed: Any) -> Resource:
        return self.contract.kind(self.account.connect, copy.deepcopy({**self.options, **changed}))

    def run(self, check_mode: bool = False, **changed: Any) -> Outcome:
        return reconcile(self.resource(**changed), check_mode)

    def with_items(self, items: list[dict[str, Any]]) -> dict[str, Any]:
        return {self.contract.kind.plural: items}
