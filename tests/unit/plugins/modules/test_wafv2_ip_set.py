# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.modules.wafv2_ip_set import IpSet
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject


def item(name: str, *addresses: str, version: str = "IPV4") -> dict[str, Any]:
    return {
        "name": f"uex-payments-test-{name}",
        "ip_address_version": version,
        "addresses": list(addresses),
        "tags": None,
    }


def sample(connect: Connect) -> dict[str, Any]:
    sets = [item("denied", "203.0.113.0/24", "198.51.100.7/32"), item("six", "2001:db8::/32", version="IPV6")]
    return {"ip_sets": sets}


CONTRACT = Contract(IpSet, sample, change={"addresses": ["192.0.2.0/24"]})


@pytest.mark.parametrize(
    ("address", "version", "sound"),
    [
        ("203.0.113.0/24", "IPV4", True),
        ("203.0.113.7/32", "IPV4", True),
        ("203.0.113.7", "IPV4", False),
        ("203.0.113.7/24", "IPV4", False),
        ("0.0.0.0/0", "IPV4", False),
        ("2001:db8::/32", "IPV4", False),
        ("2001:db8::/32", "IPV6", True),
        ("office", "IPV4", False),
    ],
)
def test_only_ranges_that_a_set_can_hold_are_taken(address: str, version: str, sound: bool) -> None:
    problems = list(IpSet(lambda service: None, {}).validate(item("x", address, version=version)))
    assert [each.partition(":")[0] for each in problems] == ([] if sound else ["addresses"])


def test_a_set_for_other_addresses_is_made_anew(aws: None) -> None:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    first, *others = subject.items
    changed = {**first, "ip_address_version": "IPV6", "addresses": ["2001:db8::/48"]}
    outcome = subject.run(**subject.with_items([changed, *others]))
    assert [(plan.name, plan.verb) for plan in outcome.done] == [(first["name"], "replace")]


def test_somebody_quicker_is_read_again(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    subject = Subject(CONTRACT, Account())
    assert subject.run().failed == []
    client, first = subject.account.connect("wafv2"), subject.items[0]
    read, raced = client.get_ip_set, []

    def racing(**place: Any) -> Any:
        answer = read(**place)
        if "update" in place.pop("Name", "") or not raced:
            raced.append(1)
            client.update_ip_set(
                Name=first["name"],
                Scope="REGIONAL",
                Id=place["Id"],
                Addresses=["192.0.2.1/32"],
                LockToken=answer["LockToken"],
            )
        return answer

    plan = subject.run(check_mode=True, **subject.with_items([{**first, "addresses": ["192.0.2.0/24"]}])).plans[0]
    monkeypatch.setattr(client, "get_ip_set", racing)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    subject.resource().update(first["name"], plan)
    assert subject.resource().observe()[first["name"]]["addresses"] == ["192.0.2.0/24"]
    assert len(raced) == 1
