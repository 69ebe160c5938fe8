# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The embedded AWS's ACM: requested, validated and imported certificates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

pytestmark = pytest.mark.usefixtures("aws")

TAGS = [{"Key": "Layer", "Value": "edge"}]


def refused(code: str) -> Any:
    """A context that expects AWS to refuse with this error code."""
    return pytest.raises(ClientError, match=rf"\({code}\)")


def self_signed() -> dict[str, bytes]:
    """A self-signed certificate on an elliptic curve, as ImportCertificate takes it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string("CN=pay.test")
    now = datetime.now(tz=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    built = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {
        "Certificate": built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM),
        "PrivateKey": private,
    }


def requested(**more: Any) -> str:
    """Request a certificate validated by DNS; its ARN."""
    given = {"DomainName": "pay.test", "ValidationMethod": "DNS", **more}
    return str(boto3.client("acm").request_certificate(**given)["CertificateArn"])


def described(arn: str) -> Any:
    """A certificate as it is described."""
    return boto3.client("acm").describe_certificate(CertificateArn=arn)["Certificate"]


@pytest.mark.parametrize("algorithm", ["RSA_2048", "EC_prime256v1"])
def test_key_algorithm(algorithm: str) -> None:
    """The requested key algorithm is the certificate's."""
    assert described(requested(KeyAlgorithm=algorithm))["KeyAlgorithm"] == algorithm


def test_idempotency_token() -> None:
    """The same token for the same domains answers the same certificate, another token or domain another one."""
    first = requested(IdempotencyToken="a", Tags=TAGS)
    assert requested(IdempotencyToken="a") == first
    assert requested(IdempotencyToken="b") != first
    assert requested(IdempotencyToken="a", DomainName="other.test") != first


def test_validated_by_its_records() -> None:
    """Pending until a hosted zone holds every domain's record, the first being the certificate's own domain."""
    arn = requested(SubjectAlternativeNames=["api.pay.test"])
    options = described(arn)["DomainValidationOptions"]
    assert [option["DomainName"] for option in options] == ["pay.test", "api.pay.test"]
    assert (described(arn)["Status"], options[0]["ResourceRecord"]["Type"]) == ("PENDING_VALIDATION", "CNAME")
    route53 = boto3.client("route53")
    zone = route53.create_hosted_zone(Name="pay.test", CallerReference="1")["HostedZone"]["Id"]
    for option in options:
        assert described(arn)["Status"] == "PENDING_VALIDATION"
        record = option["ResourceRecord"]
        rrset = {"Name": record["Name"], "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": record["Value"]}]}
        changes = [{"Action": "UPSERT", "ResourceRecordSet": rrset}]
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    assert described(arn)["Status"] == "ISSUED"
    boto3.client("acm").get_waiter("certificate_validated").wait(
        CertificateArn=arn, WaiterConfig={"Delay": 0, "MaxAttempts": 1}
    )


def test_email_validation_has_no_record() -> None:
    """Only DNS validation names a record."""
    options = described(requested(ValidationMethod="EMAIL"))["DomainValidationOptions"]
    assert (options[0]["ValidationMethod"], "ResourceRecord" in options[0]) == ("EMAIL", False)


def test_imported() -> None:
    """Issued, with its curve and tags; an import over it keeps the tags and may not set any."""
    acm = boto3.client("acm")
    arn = acm.import_certificate(**self_signed(), Tags=TAGS)["CertificateArn"]
    certificate = described(arn)
    assert (certificate["Type"], certificate["Status"], certificate["KeyAlgorithm"], certificate["InUseBy"]) == (
        "IMPORTED",
        "ISSUED",
        "EC_prime256v1",
        [],
    )
    with refused("ValidationException"):
        acm.import_certificate(**self_signed(), CertificateArn=arn, Tags=TAGS)
    acm.import_certificate(**self_signed(), CertificateArn=arn)
    assert acm.list_tags_for_certificate(CertificateArn=arn)["Tags"] == TAGS


def test_listed() -> None:
    """Elliptic curves are listed only when asked for; pages and statuses work."""
    acm = boto3.client("acm")
    curve = acm.import_certificate(**self_signed())["CertificateArn"]
    pending = {requested(), requested(DomainName="other.test")}
    assert {c["CertificateArn"] for c in acm.list_certificates()["CertificateSummaryList"]} == pending
    both = {"keyTypes": ["RSA_2048", "EC_prime256v1"]}
    pages = acm.get_paginator("list_certificates").paginate(Includes=both, PaginationConfig={"PageSize": 2})
    assert [len(page["CertificateSummaryList"]) for page in pages] == [2, 1]
    issued = acm.list_certificates(Includes=both, CertificateStatuses=["ISSUED"])["CertificateSummaryList"]
    assert [(c["CertificateArn"], c["InUse"]) for c in issued] == [(curve, False)]


def test_in_use() -> None:
    """A certificate on a listener names its balancer and can't be deleted until the listener is gone."""
    acm, elb, ec2 = (boto3.client(name) for name in ("acm", "elbv2", "ec2"))
    arn, vpc = requested(), ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = {"us-east-1a": "10.0.1.0/24", "us-east-1b": "10.0.2.0/24"}
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for zone, cidr in zones.items()
    ]
    balancer = elb.create_load_balancer(Name="pay", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    listener = elb.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTPS",
        Port=443,
        Certificates=[{"CertificateArn": arn}],
        DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
    )["Listeners"][0]["ListenerArn"]
    assert described(arn)["InUseBy"] == [balancer]
    with refused("ResourceInUseException"):
        acm.delete_certificate(CertificateArn=arn)
    elb.delete_listener(ListenerArn=listener)
    acm.delete_certificate(CertificateArn=arn)
    with refused("ResourceNotFoundException"):
        acm.delete_certificate(CertificateArn=arn)
