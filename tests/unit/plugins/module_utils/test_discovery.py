# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _before, _discovery, _plan, _tags
from ansible_collections.uex.payments.tests.support.contract import TAGS, Account

OWNER = {key: TAGS[key] for key in _tags.OWNER_TAGS}
ZONE = "pay.example.com"
MANAGED = {
    "AWS::EC2::VPC": ["uex-payments-test-vpc"],
    "AWS::EC2::InternetGateway": ["uex-payments-test-igw"],
    "AWS::KMS::Key": ["alias/uex-payments-test-data"],
    "AWS::RDS::DBSubnetGroup": ["uex-payments-test-db"],
    "AWS::Route53::HostedZone": [ZONE],
}
SCOPE = _discovery.Scope("uex-payments-test", OWNER, MANAGED)
EXPECTED = {
    "subnets": ["uex-payments-test-app-a"],
    "kms_keys": ["data"],
    "log_groups": ["uex-payments-test-uex-backend"],
}


def ec2_tags(kind: str, name: str, **changed: str) -> list[dict[str, object]]:
    return [{"ResourceType": kind, "Tags": _tags.to_list({**TAGS, **changed, "Name": name})}]


def test_an_empty_account_gives_placeholders_for_what_is_expected(aws: None) -> None:
    account = Account()
    found = _discovery.completed(_discovery.find(account.connect, SCOPE), EXPECTED, planning=True)
    assert found["subnets"]["uex-payments-test-app-a"]["subnet_id"] == _plan.UNKNOWN
    assert found["kms_keys"]["data"] == {"key_arn": _plan.UNKNOWN}
    assert found["security_groups"] == {}
    assert account.written() == []


def test_outside_a_plan_placeholders_say_what_is_missing_and_who_makes_it(aws: None) -> None:
    found = _discovery.completed(_discovery.find(Account().connect, SCOPE), EXPECTED, planning=False)
    subnet = found["subnets"]["uex-payments-test-app-a"]["subnet_id"]
    assert subnet == "(missing: subnet uex-payments-test-app-a, made by --tags network)"


def test_finds_what_is_ours_and_not_the_neighbours(aws: None) -> None:
    account = Account()
    ec2 = account.connect("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=ec2_tags("vpc", "uex-payments-test-vpc"))["Vpc"]
    for number, environment in enumerate(("test", "other")):
        ec2.create_subnet(
            VpcId=vpc["VpcId"],
            CidrBlock=f"10.0.{number}.0/24",
            TagSpecifications=ec2_tags("subnet", f"uex-payments-{environment}-app-a", Environment=environment),
        )
    found = _discovery.find(account.connect, SCOPE)
    assert found["vpcs"] == {"uex-payments-test-vpc": {"vpc_id": vpc["VpcId"]}}
    assert set(found["subnets"]) == {"uex-payments-test-app-a"}
    assert found["subnets"]["uex-payments-test-app-a"]["cidr_block"] == "10.0.0.0/24"


def test_certificates_and_health_checks_are_ours_by_their_tags(aws: None) -> None:
    account = Account()
    acm, route53 = account.connect("acm"), account.connect("route53")
    for environment in ("test", "other"):
        tags = _tags.to_list({**TAGS, "Environment": environment, "Name": f"uex-payments-{environment}"})
        arn = acm.request_certificate(DomainName=ZONE, ValidationMethod="DNS", Tags=tags)["CertificateArn"]
        checked = {"Type": "TCP", "FullyQualifiedDomainName": ZONE, "Port": 443}
        made = route53.create_health_check(CallerReference=environment, HealthCheckConfig=checked)["HealthCheck"]
        route53.change_tags_for_resource(ResourceType="healthcheck", ResourceId=made["Id"], AddTags=tags)
    found = _discovery.find(account.connect, SCOPE, ("certificates", "health_checks"))
    assert [list(each) for each in found.values()] == [["uex-payments-test"], ["uex-payments-test"]]
    assert arn not in str(found)


def test_the_view_of_before_speaks_the_tasks_words(aws: None) -> None:
    account = Account()
    ec2, kms = account.connect("ec2"), account.connect("kms")
    ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=ec2_tags("vpc", "uex-payments-test-vpc"))
    key = kms.create_key(Description="data")["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/uex-payments-test-data", TargetKeyId=key)
    account.written()
    found = _before.before(account.connect, SCOPE)
    assert found["AWS::EC2::VPC"]["uex-payments-test-vpc"]["cidr_block"] == ["10.0.0.0/16"]
    assert found["AWS::KMS::Key"]["alias/uex-payments-test-data"]["description"] == "data"
    assert found["AWS::KMS::Key"]["alias/uex-payments-test-data"]["enable_key_rotation"] is False
    assert account.written() == []


def make_strangers(account: Account, tags: list[dict[str, str]]) -> dict[str, str]:
    """One of each kind that amazon.aws manages, with our name and these tags; their ids by kind."""
    ec2, kms, rds, route53 = (account.connect(name) for name in ("ec2", "kms", "rds", "route53"))
    named = [{"Key": "Name", "Value": "uex-payments-test-vpc"}, *tags]
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": named}])["Vpc"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(VpcId=vpc["VpcId"], InternetGatewayId=gateway)
    key = kms.create_key(Tags=[{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in tags])["KeyMetadata"]
    kms.create_alias(AliasName="alias/uex-payments-test-data", TargetKeyId=key["KeyId"])
    subnets = [
        ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")
        for n, zone in enumerate("ab")
    ]
    ids = [each["Subnet"]["SubnetId"] for each in subnets]
    group = rds.create_db_subnet_group(
        DBSubnetGroupName="uex-payments-test-db", DBSubnetGroupDescription="x", SubnetIds=ids, Tags=tags
    )["DBSubnetGroup"]
    zone = route53.create_hosted_zone(Name=ZONE, CallerReference="1")["HostedZone"]["Id"].rpartition("/")[2]
    found = (vpc["VpcId"], gateway, key["KeyId"], group["DBSubnetGroupArn"], zone)
    return dict(zip(MANAGED, found, strict=True))


def test_what_bears_our_names_is_found_whoever_it_belongs_to(aws: None) -> None:
    account = Account()
    ids = make_strangers(account, [{"Key": "ManagedBy", "Value": "terraform"}])
    account.written()
    found = _before.before(account.connect, SCOPE)
    assert {kind: [view["id"] for view in views.values()] for kind, views in found.items()} == {
        kind: [each] for kind, each in ids.items()
    }
    assert {kind: list(views) for kind, views in found.items()} == MANAGED
    assert found["AWS::Route53::HostedZone"][ZONE]["dnssec"] is False
    assert _before.strangers(found, OWNER) == MANAGED
    for kind, name, whose in (
        ("AWS::EC2::VPC", "uex-payments-test-vpc", "tags ManagedBy=terraform"),
        ("AWS::EC2::InternetGateway", "uex-payments-test-igw", "none of our tags"),
    ):
        assert _before.claim(kind, name, found[kind][name]) == f"{kind} {name} ({ids[kind]}, {whose})"
    assert account.written() == []


def test_what_is_ours_is_no_stranger(aws: None) -> None:
    account = Account()
    make_strangers(account, _tags.to_list(OWNER))
    said = _before.strangers(_before.before(account.connect, SCOPE), OWNER)
    assert list(said) == ["AWS::EC2::InternetGateway", "AWS::Route53::HostedZone"]


@pytest.mark.parametrize(("tags", "found"), [(OWNER, True), ({**OWNER, "ManagedBy": "terraform"}, False)])
def test_a_gateway_that_an_interrupted_run_left_free_is_taken_up(aws: None, tags: dict[str, str], found: bool) -> None:
    account = Account()
    ec2 = account.connect("ec2")
    named = [{"Key": "Name", "Value": "uex-payments-test-igw"}, *_tags.to_list(tags)]
    made = ec2.create_internet_gateway(TagSpecifications=[{"ResourceType": "internet-gateway", "Tags": named}])
    views = _before.internet_gateways(account.connect, SCOPE)
    assert [(view["id"], view["vpc_id"]) for view in views.values()] == (
        [(made["InternetGateway"]["InternetGatewayId"], None)] if found else []
    )


@pytest.mark.parametrize("deleted", [False, True])
def test_a_key_without_its_alias_is_found_by_its_name_unless_it_is_going(aws: None, deleted: bool) -> None:
    account = Account()
    kms = account.connect("kms")
    named = {**OWNER, "Name": "uex-payments-test-data"}
    key = kms.create_key(Tags=[{"TagKey": key, "TagValue": value} for key, value in named.items()])["KeyMetadata"]
    if deleted:
        kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)
    views = _before.kms_keys(account.connect, SCOPE)
    found = _discovery.kms_keys(account.connect, SCOPE)
    assert [(view["id"], view["alias"]) for view in views.values()] == ([] if deleted else [(key["KeyId"], None)])
    assert found == ({} if deleted else {"data": {"key_arn": key["Arn"]}})
    if not deleted:
        arguments = {"alias": "alias/uex-payments-test-data", "tags": named}
        action = _before.action("AWS::KMS::Key", "alias/uex-payments-test-data", arguments, next(iter(views.values())))
        assert (action["verb"], [change["field"] for change in action["changes"]]) == ("update", ["alias"])


def test_a_neighbour_whose_name_begins_as_ours_is_left_alone(aws: None) -> None:
    account = Account()
    kms = account.connect("kms")
    kms.create_alias(AliasName="alias/uex-payments-test-x-data", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    ec2 = account.connect("ec2")
    ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=ec2_tags("vpc", "uex-payments-test-x-vpc"))
    assert not any(_before.before(account.connect, SCOPE).values())
    assert _discovery.find(account.connect, SCOPE)["kms_keys"] == {}


def test_of_two_vpcs_of_one_name_ours_counts(aws: None) -> None:
    ec2 = Account().connect("ec2")
    own = ec2_tags("vpc", "uex-payments-test-vpc")
    ours = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=own)["Vpc"]["VpcId"]
    for number in (1, 2):
        foreign = ec2_tags("vpc", "uex-payments-test-vpc", Project=f"p{number}")
        ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16", TagSpecifications=foreign)
    assert _discovery.vpcs(Account().connect, SCOPE) == {"uex-payments-test-vpc": {"vpc_id": ours}}


@pytest.mark.parametrize(
    ("existing", "verb", "fields"),
    [
        (None, "create", {"cidr_block", "tags"}),
        (
            {"cidr_block": ["10.0.0.0/16"], "dns_support": False, "tags": {"Layer": "network"}},
            "update",
            {"dns_support"},
        ),
        ({"cidr_block": ["10.0.0.0/16"], "dns_support": True, "tags": {"Layer": "data"}}, "update", {"tags.Layer"}),
    ],
)
def test_an_amazon_aws_task_is_accounted_for(existing: dict[str, object] | None, verb: str, fields: set[str]) -> None:
    arguments = {"cidr_block": ["10.0.0.0/16"], "dns_support": True, "tags": {"Layer": "network"}, "state": "present"}
    action = _before.action("AWS::EC2::VPC", "uex-payments-test-vpc", arguments, existing)
    assert (action["kind"], action["name"], action["verb"]) == ("AWS::EC2::VPC", "uex-payments-test-vpc", verb)
    assert {change["field"] for change in action["changes"]} == fields


NOTHING = {plural: {} for plural in _discovery.KINDS}


@pytest.mark.parametrize(
    ("layers", "makers"),
    [
        (["network"], ["foundation"]),
        (["compute"], ["foundation", "network"]),
        (["foundation", "network"], []),
        (["monitoring"], ["foundation", "network", "compute"]),
        (list(_discovery.BUILDS_ON), []),
        ([], []),
    ],
)
def test_a_layer_without_what_it_builds_on_is_refused_with_who_makes_it(layers: list[str], makers: list[str]) -> None:
    problems = _discovery.unmet(layers, NOTHING, EXPECTED)
    assert [problem.rpartition(" ")[2] for problem in problems] == makers


def test_what_exists_is_not_asked_for() -> None:
    found = {**NOTHING, "subnets": {"uex-payments-test-app-a": {}}, "kms_keys": {"data": {}}}
    assert _discovery.unmet(["compute"], found, EXPECTED) == []


def test_metric_filters_are_refused_before_the_log_groups_that_they_need(aws: None) -> None:
    logs = Account().connect("logs")
    for name in ("uex-payments-test-presentation", "uex-payments-testing-presentation"):
        logs.create_log_group(logGroupName=name)
    found = {**NOTHING, **_discovery.find(Account().connect, SCOPE, ("log_groups",))}
    assert list(found["log_groups"]) == ["uex-payments-test-presentation"]
    expected = {"log_groups": ["uex-payments-test-presentation", "uex-payments-test-uex-backend"]}
    missing = "log group uex-payments-test-uex-backend; make it with --tags compute"
    (problem,) = _discovery.unmet(["monitoring"], found, expected)
    assert problem == f"monitoring builds on what does not exist yet: {missing}"
