# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _preflight_estate as estate
from ansible_collections.uex.payments.plugins.module_utils import _release
from ansible_collections.uex.payments.plugins.module_utils._preflight import FAILED, OK, WARNING, Row
from ansible_collections.uex.payments.plugins.module_utils._state import Store
from ansible_collections.uex.payments.tests.support.contract import Account
from embedded_aws import images

NOW = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
WANTED: dict[str, Any] = {
    "arn": "",
    "domains": ["pay.example.com"],
    "self_signed": False,
    "zone_name": "",
    "zone_managed": False,
}
SERVICES = [
    {"name": name, "repository_name": f"uex-payments-test/{name}", "image_tag": "1.0", "image_tag_from": "stack"}
    for name in ("one", "two")
]
OPTIONS: dict[str, Any] = {
    "name": "uex-payments-test",
    "environment": "prod",
    "emulated": False,
    "certificate": WANTED,
    "missing_credentials": [],
    "credentials_stored_as": "uex-payments-test/uex-api",
    "subscriptions": {"critical": 1, "warning": 2},
    "estate": {"services": SERVICES},
    "state_bucket": "uex-payments-state-{account_id}-us-east-1",
    "state_prefix": "uex-payments/test",
}


def states(rows: Iterable[Row]) -> dict[str, str]:
    return {row.name: row.state for row in rows}


@pytest.fixture
def connect(aws: None) -> Any:
    fake = Account()
    return lambda service, region=None: fake.connect(service)


@pytest.mark.parametrize(
    ("wanted", "emulated", "state"),
    [
        ({}, False, WARNING),
        ({"zone_name": "example.com"}, False, OK),
        ({"domains": []}, False, FAILED),
        ({"self_signed": True}, True, WARNING),
        ({"self_signed": True}, False, WARNING),
    ],
)
def test_where_the_certificate_comes_from(wanted: dict[str, Any], emulated: bool, state: str) -> None:
    options = {**OPTIONS, "emulated": emulated, "certificate": {**WANTED, **wanted}}
    assert states(estate.judge_certificate(None, options)) == {"Certificate": state}


ISSUED = {"Status": "ISSUED", "DomainName": "pay.example.com", "Type": "AMAZON_ISSUED"}


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (None, FAILED),
        ({}, OK),
        ({"Status": "PENDING_VALIDATION"}, FAILED),
        ({"DomainName": "example.com"}, FAILED),
        ({"DomainName": "example.com", "SubjectAlternativeNames": ["*.example.com"]}, OK),
        ({"DomainName": "*.com"}, FAILED),
        ({"NotAfter": NOW + datetime.timedelta(days=200)}, OK),
        ({"NotAfter": NOW + datetime.timedelta(days=20)}, WARNING),
        ({"NotAfter": NOW - datetime.timedelta(days=2)}, FAILED),
    ],
)
def test_a_given_certificate_must_be_good_for_the_load_balancer(found: dict[str, Any] | None, state: str) -> None:
    detail = None if found is None else {**ISSUED, **found}
    row = estate.given_certificate(detail, {**WANTED, "arn": "arn:aws:acm:x"}, NOW)
    assert (row.state, bool(row.advice)) == (state, state != OK)


def test_the_given_certificate_is_looked_at(connect: Any) -> None:
    arn = connect("acm").request_certificate(DomainName="pay.example.com", ValidationMethod="DNS")["CertificateArn"]
    options = {**OPTIONS, "certificate": {**WANTED, "arn": arn}}
    found = estate.certificate(connect, options)
    assert found is not None
    assert found["DomainName"] == "pay.example.com"
    assert states(estate.judge_certificate(found, options)) == {"Certificate": FAILED}
    gone = {**OPTIONS, "certificate": {**WANTED, "arn": f"{arn[:-4]}0000"}}
    assert estate.certificate(connect, gone) is None
    assert estate.certificate(connect, OPTIONS) is None


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        ((None, ""), {}, {}),
        (("Z1", ""), {"zone_name": "example.com"}, {"DNS zone": OK}),
        ((None, ""), {"zone_name": "example.com"}, {"DNS zone": FAILED}),
        ((None, ""), {"zone_name": "example.com", "zone_managed": True}, {"DNS zone": WARNING}),
        ((None, "there are several"), {"zone_name": "example.com"}, {"DNS zone": FAILED}),
    ],
)
def test_the_zone(found: tuple[str | None, str], wanted: dict[str, Any], expected: dict[str, str]) -> None:
    assert states(estate.judge_zone(found, {**OPTIONS, "certificate": {**WANTED, **wanted}})) == expected


def test_a_zone_is_found_and_two_of_a_name_are_told(connect: Any) -> None:
    options = {**OPTIONS, "certificate": {**WANTED, "zone_name": "example.com"}}
    assert estate.zone(connect, OPTIONS) == (None, "")
    assert estate.zone(connect, options) == (None, "")
    connect("route53").create_hosted_zone(Name="example.com", CallerReference="1")
    assert estate.zone(connect, options)[0]
    connect("route53").create_hosted_zone(Name="example.com", CallerReference="2")
    assert "several" in estate.zone(connect, options)[1]


@pytest.mark.parametrize(
    ("stored", "changed", "expected"),
    [
        (False, {}, {"UEX credentials": OK}),
        (False, {"missing_credentials": ["a"]}, {"UEX credentials": FAILED}),
        (True, {"missing_credentials": ["a"]}, {"UEX credentials": OK}),
        (False, {"missing_credentials": ["a"], "environment": "dev"}, {"UEX credentials": WARNING}),
        (False, {"missing_credentials": ["a"], "emulated": True}, {"UEX credentials": WARNING}),
        (False, {"missing_credentials": ["a"], "credentials_stored_as": ""}, {}),
    ],
)
def test_the_credentials_are_given_or_stored(stored: bool, changed: dict[str, Any], expected: dict[str, str]) -> None:
    assert states(estate.judge_credentials(stored, {**OPTIONS, **changed})) == expected


def test_a_deleted_secret_stores_nothing(connect: Any) -> None:
    options = {**OPTIONS, "missing_credentials": ["data_uex_api_key"]}
    assert not estate.stored_credentials(connect, options)
    connect("secretsmanager").create_secret(Name="uex-payments-test/uex-api", SecretString="x")
    assert estate.stored_credentials(connect, options)
    assert not estate.stored_credentials(connect, OPTIONS), "not looked at where all are given"
    connect("secretsmanager").delete_secret(SecretId="uex-payments-test/uex-api")
    assert not estate.stored_credentials(connect, options)
    found = estate.deleted_secrets(connect, options)
    assert found == ["uex-payments-test/uex-api"]
    assert states(estate.judge_deleted_secrets(found, options)) == {"Deleted secrets": WARNING}
    assert states(estate.judge_deleted_secrets([], options)) == {"Deleted secrets": OK}


@pytest.mark.parametrize(
    ("numbers", "environment", "expected"),
    [
        ((1, 1), "prod", (OK, OK)),
        ((0, 1), "prod", (FAILED, OK)),
        ((0, 0), "staging", (FAILED, WARNING)),
        ((0, 0), "dev", (WARNING, WARNING)),
    ],
)
def test_somebody_must_be_told(numbers: tuple[int, int], environment: str, expected: tuple[str, str]) -> None:
    told = dict(zip(("critical", "warning"), numbers, strict=True))
    rows = states(estate.judge_alerts(None, {**OPTIONS, "environment": environment, "subscriptions": told}))
    assert (rows["Alerts: critical"], rows["Alerts: warning"]) == expected


def test_who_has_not_confirmed_is_named(connect: Any) -> None:
    for name in ("uex-payments-test-critical", "shop-critical"):
        topic = connect("sns").create_topic(Name=name)["TopicArn"]
        connect("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint=f"{name}@example.com")
    found = estate.pending(connect, OPTIONS)
    assert found == ["uex-payments-test-critical@example.com (critical)"]
    assert states(estate.judge_pending(found, OPTIONS)) == {"Alerts: confirmation": WARNING}
    assert states(estate.judge_pending([], OPTIONS)) == {"Alerts: confirmation": OK}


@pytest.mark.parametrize(("missing", "state"), [([], OK), (["uex-payments-test/two:1.0"], WARNING)])
def test_services_without_their_image_wait(missing: list[str], state: str) -> None:
    assert states(estate.judge_images(missing, OPTIONS)) == {"Images": state}


def test_images_are_looked_for_by_tag(connect: Any) -> None:
    connect("ecr").create_repository(repositoryName="uex-payments-test/one")
    assert estate.images(connect, OPTIONS) == ["uex-payments-test/one:1.0", "uex-payments-test/two:1.0"]
    connect("ecr").put_image(
        repositoryName="uex-payments-test/one",
        imageManifest=images.manifest("uex-payments-test/one", "1.0"),
        imageManifestMediaType=images.MEDIA_TYPE,
        imageTag="1.0",
    )
    assert estate.images(connect, OPTIONS) == ["uex-payments-test/two:1.0"]


def test_of_a_service_with_a_release_its_image_is_looked_for(connect: Any) -> None:
    bucket = "uex-payments-state-123456789012-us-east-1"
    connect("s3").create_bucket(Bucket=bucket)
    entry = {"kind": "deploy", "result": "succeeded", "image_tag": "1.1"}
    _release.keep(Store(connect, bucket, "uex-payments/test"), {"one": [entry]})
    assert estate.images(connect, OPTIONS) == ["uex-payments-test/one:1.1", "uex-payments-test/two:1.0"]


def test_keys_that_wait_for_their_deletion_are_named(connect: Any) -> None:
    assert states(estate.judge_keys(estate.keys(connect, OPTIONS), OPTIONS)) == {"Keys": OK}
    kms = connect("kms")
    for name in ("uex-payments-test-data", "uex-payments-test-logs", "shop-data"):
        kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    assert set(estate.keys(connect, OPTIONS).values()) == {"Enabled"}
    data = next(each for each in kms.list_aliases()["Aliases"] if each["AliasName"] == "alias/uex-payments-test-data")
    kms.schedule_key_deletion(KeyId=data["TargetKeyId"], PendingWindowInDays=7)
    found = estate.keys(connect, OPTIONS)
    assert found["alias/uex-payments-test-data"] == "PendingDeletion"
    assert len(found) == 2
    (row,) = estate.judge_keys(found, OPTIONS)
    assert (row.state, "alias/uex-payments-test-data" in row.found) == (WARNING, True)
