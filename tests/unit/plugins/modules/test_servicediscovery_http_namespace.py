# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules import servicediscovery_http_namespace as module
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject


def sample(connect: Connect) -> dict[str, Any]:
    names = ("uex-payments-test", "uex-payments-test-other")
    return {"namespaces": [{"name": name, "description": "Services", "tags": None} for name in names]}


CONTRACT = Contract(module.Namespace, sample, change={"description": "All services"}, unset=("description",))


class Cloud:
    """A client whose operations end as they are told to."""

    def __init__(self, **operation: str) -> None:
        self.operation = operation

    def create_http_namespace(self, **unused: Any) -> dict[str, str]:
        return {"OperationId": "1"}

    def get_operation(self, **unused: Any) -> dict[str, Any]:
        return {"Operation": self.operation}


def test_an_operation_that_fails_says_why() -> None:
    cloud = Cloud(Status="FAIL", ErrorMessage="no such luck")
    resource = module.Namespace(lambda service: cloud, {"tags": {}})
    with pytest.raises(module.OperationFailed, match="no such luck"):
        resource.create("name", {"tags": {}})


def test_only_http_namespaces_are_looked_at(aws: None) -> None:
    subject = Subject(CONTRACT, Account())
    vpc = subject.account.connect("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subject.account.connect("servicediscovery").create_private_dns_namespace(Name="private.local", Vpc=vpc)
    subject.run()
    assert set(subject.resource().observe()) == set(subject.names())
