# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import botocore.exceptions
import pytest

from ansible_collections.uex.payments.plugins.modules.route53_record_set import RecordSet
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account, Connect, Contract, Subject

ALIAS = {
    "dns_name": "Alb-1.us-east-1.elb.amazonaws.com.",
    "hosted_zone_id": "Z35SXDOTRQ7X7K",
    "evaluate_target_health": True,
}


def item(name: str, kind: str, **declared: Any) -> dict[str, Any]:
    base = {"name": name, "record_name": name, "type": kind, "ttl": 300}
    return {**base, "resource_records": None, "alias_target": None, **declared}


def zone(connect: Connect) -> str:
    client = connect("route53")
    made = client.create_hosted_zone(Name="example.com", CallerReference="test")["HostedZone"]["Id"].rpartition("/")[2]
    pairs = [{"Key": key, "Value": value} for key, value in TAGS.items()]
    client.change_tags_for_resource(ResourceType="hostedzone", ResourceId=made, AddTags=pairs)
    return str(made)


def sample(connect: Connect) -> dict[str, Any]:
    zone(connect)
    return {
        "zone": "example.com",
        "records": [
            item("validation of *.example.com", "CNAME", record_name="*.x.example.com", resource_records=["_b.aws"]),
            item("pay.example.com A", "A", record_name="pay.example.com", alias_target=ALIAS),
            item("w.example.com CNAME", "CNAME", record_name="w.example.com", resource_records=["Pay.example.com."]),
        ],
    }


CONTRACT = Contract(RecordSet, sample, change={"ttl": 60, "resource_records": ["_c.aws"]})


@pytest.fixture
def subject(aws: None) -> Subject:
    made = Subject(CONTRACT, Account())
    assert made.run().failed == []
    made.account.written()
    return made


@pytest.mark.parametrize(
    ("declared", "options"),
    [
        (item("www.example.com", "CNAME", resource_records=["x"]), []),
        (item("example.com", "A", alias_target=ALIAS), []),
        (item("www.example.org", "A", resource_records=["192.0.2.1"]), ["record_name"]),
        (item("wwwexample.com", "A", resource_records=["192.0.2.1"]), ["record_name"]),
        (item("www.example.com", "A"), ["resource_records"]),
        (item("www.example.com", "A", alias_target=ALIAS, resource_records=["192.0.2.1"]), ["resource_records"]),
        (item("x", "A", record_name="(known after apply)", resource_records=["192.0.2.1"]), []),
    ],
)
def test_what_does_not_fit_is_refused_by_name(declared: dict[str, Any], options: list[str]) -> None:
    problems = RecordSet(lambda service: None, {"zone": "example.com"}).validate(declared)
    assert [problem.partition(":")[0] for problem in problems] == options


def test_a_zone_that_is_to_come_has_no_records_yet(aws: None) -> None:
    resource = RecordSet(Account().connect, {"zone": "example.com", "records": [], "tags": TAGS})
    assert resource.observe() == {}
    with pytest.raises(RuntimeError, match=r"no public hosted zone example\.com"):
        resource.create("x", item("x.example.com", "A"))


def test_two_zones_of_one_name_are_an_error(aws: None) -> None:
    account = Account()
    zone(account.connect)
    account.connect("route53").create_hosted_zone(Name="example.com", CallerReference="second")
    with pytest.raises(RuntimeError, match="several public zones"):
        RecordSet(account.connect, {"zone": "example.com", "records": [], "tags": TAGS}).observe()


def foreign_records(subject: Subject) -> None:
    client = subject.account.connect("route53")
    zone_id = client.list_hosted_zones()["HostedZones"][0]["Id"]
    mail = {"Name": "example.com", "Type": "MX", "TTL": 60, "ResourceRecords": [{"Value": "10 mail.example.com"}]}
    weighted = {
        "Name": "weighted.example.com",
        "Type": "A",
        "TTL": 60,
        "ResourceRecords": [{"Value": "192.0.2.1"}],
        "SetIdentifier": "one",
        "Weight": 1,
    }
    changes = [{"Action": "CREATE", "ResourceRecordSet": each} for each in (mail, weighted)]
    client.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": changes})


def test_pruning_spares_other_types_and_sets(subject: Subject) -> None:
    foreign_records(subject)
    assert subject.run(prune=True).done == []
    outcome = subject.run(prune=True, **subject.with_items([]))
    assert outcome.failed == []
    assert len(outcome.done) == len(subject.items)


@pytest.mark.parametrize("key", ["Project", "Environment", "Layer"])
def test_pruning_spares_zones_of_others(subject: Subject, key: str) -> None:
    assert subject.run(prune=True, tags={**TAGS, key: "other"}, **subject.with_items([])).done == []


@pytest.mark.parametrize("message", ["but the values provided do not match", "is malformed"])
def test_only_a_record_that_is_gone_is_success(message: str) -> None:
    error = {"Error": {"Code": "InvalidChangeBatch", "Message": f"[Tried to delete x, {message}]"}}

    class Client:
        def change_resource_record_sets(self, **arguments: Any) -> None:
            raise botocore.exceptions.ClientError(error, "ChangeResourceRecordSets")

    resource = RecordSet(lambda service: Client(), {})
    observed = item("x.example.com", "A", resource_records=["192.0.2.1"]) | {"hosted_zone_id": "Z"}
    with pytest.raises(botocore.exceptions.ClientError):
        resource.delete("x", observed)
    error["Error"]["Message"] = "[Tried to delete resource record set x but it was not found]"
    resource.delete("x", observed)


def test_declared_records_go_from_a_zone_of_others_if_they_are_as_declared(subject: Subject) -> None:
    client = subject.account.connect("route53")
    (zone_id,) = [each["Id"].rpartition("/")[2] for each in client.list_hosted_zones()["HostedZones"]]
    client.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone_id, RemoveTagKeys=list(TAGS))
    first, alias, last = subject.items
    moved = {**last, "resource_records": ["elsewhere.example.com"]}
    outcome = subject.run(prune=True, absent=True, **subject.with_items([first, alias, moved]))
    assert outcome.failed == []
    assert {plan.name for plan in outcome.done} == {first["name"], alias["name"]}
    left = client.list_resource_record_sets(HostedZoneId=zone_id)["ResourceRecordSets"]
    assert [each["Name"] for each in left if each["Type"] == "CNAME"] == ["w.example.com."]
    assert subject.run(prune=True, absent=True, **subject.with_items([first, alias, moved])).done == []
