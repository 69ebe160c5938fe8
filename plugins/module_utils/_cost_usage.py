# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is paid for by use, not by being there: data, requests, logs, storage that fills; pure.

No plan changes it, so it is in an estimate alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from ._cost_prices import Part, Rates


class Row(NamedTuple):
    """Something used: on whose bill, through which kind, how much of what by the assumption's name, at which price.

    An empty C(kind) is used by everything.
    """

    layer: str
    kind: str
    service: str
    what: str
    usage: str
    unit: str
    price: str


_STREAM = "AWS::KinesisFirehose::DeliveryStream"
_ALB = "AWS::ElasticLoadBalancingV2::LoadBalancer"
ROWS = (
    Row("foundation", "AWS::S3::Bucket", "S3", "stored", "s3_gb", "GB", "s3.gb_month"),
    Row("network", "AWS::EC2::NatGateway", "NAT gateways", "data through NAT", "nat_gb", "GB", "nat.gb"),
    Row("network", "AWS::EC2::VPCEndpoint", "VPC endpoints", "data", "endpoint_gb", "GB", "endpoint.gb"),
    Row("network", "", "Data transfer", "to the Internet and between zones", "transfer_gb", "GB", "transfer.gb"),
    Row(
        "data", "AWS::RDS::DBInstance", "RDS", "backups beyond the free size", "backup_gb", "GB", "rds.backup_gb_month"
    ),
    Row("registry", "AWS::ECR::Repository", "ECR", "images", "ecr_gb", "GB", "ecr.gb_month"),
    Row("edge", _ALB, "Load balancing", "capacity units", "lcus", "LCU", "alb.lcu_hour"),
    Row("edge", "AWS::WAFv2::WebACL", "WAF", "requests", "waf_million_requests", "million", "waf.million_requests"),
    Row("monitoring", "AWS::Logs::LogGroup", "CloudWatch", "logs taken in", "logs_gb", "GB", "logs.gb"),
    Row("monitoring", "AWS::Logs::LogGroup", "CloudWatch", "logs kept", "logs_stored_gb", "GB", "logs.gb_month"),
    Row("monitoring", _STREAM, "Firehose", "logs archived", "logs_gb", "GB", "firehose.gb"),
    Row(
        "monitoring",
        "",
        "Requests",
        "calls of S3, KMS, SNS, Lambda and others",
        "requests",
        "million",
        "requests.million",
    ),
)
#: Kinds of which every environment has some, and nobody counts them.
ALWAYS = ("", "AWS::Logs::LogGroup", "AWS::S3::Bucket", "AWS::ECR::Repository")


def rows(kinds: Collection[str]) -> Iterable[Row]:
    """The rows of an environment that has resources of these kinds."""
    return [row for row in ROWS if row.kind in kinds or row.kind in ALWAYS]


def part(row: Row, rates: Rates) -> Part:
    """What the use costs; capacity units by the hour."""
    quantity = rates.usage[row.usage]
    if quantity is not None:
        quantity = float(quantity) * (rates.hours if row.usage == "lcus" else 1)
    return Part(row.what, quantity, "LCU-h" if row.usage == "lcus" else row.unit, rates.price(row.price))
