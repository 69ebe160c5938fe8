# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Service Quotas: AWS's defaults of what this product's environments use; moto knows those of VPC alone."""

from __future__ import annotations

import json
from typing import Any

from moto.servicequotas.exceptions import NoSuchResource
from moto.servicequotas.models import ServiceQuotasBackend
from moto.servicequotas.responses import ServiceQuotasResponse

from ._operations import add, page

NAMES = {
    "ec2": "Amazon Elastic Compute Cloud (Amazon EC2)",
    "ecs": "Amazon Elastic Container Service (Amazon ECS)",
    "elasticache": "Amazon ElastiCache",
    "elasticloadbalancing": "Elastic Load Balancing (ELB)",
    "fargate": "AWS Fargate",
    "iam": "AWS Identity and Access Management (IAM)",
    "kms": "AWS Key Management Service (AWS KMS)",
    "logs": "Amazon CloudWatch Logs",
    "rds": "Amazon Relational Database Service (Amazon RDS)",
    "s3": "Amazon Simple Storage Service (Amazon S3)",
    "secretsmanager": "AWS Secrets Manager",
}
GLOBAL = ("iam", "s3")
# service, code, default, name; all of them can be raised
QUOTAS = (
    ("ec2", "L-0263D0A3", 5, "EC2-VPC Elastic IPs"),
    ("ecs", "L-9EF96962", 5000, "Services per cluster"),
    ("elasticache", "L-DFE45DF3", 300, "Nodes per Region"),
    ("elasticloadbalancing", "L-53DA6B97", 50, "Application Load Balancers per Region"),
    ("elasticloadbalancing", "L-7EED9B64", 100, "Rules per Application Load Balancer"),
    ("elasticloadbalancing", "L-B22855CB", 3000, "Target Groups per Region"),
    ("elasticloadbalancing", "L-B6DF7632", 50, "Listeners per Application Load Balancer"),
    ("fargate", "L-3032A538", 6, "Fargate On-Demand vCPU resource count"),
    ("fargate", "L-36FBB829", 6, "Fargate Spot vCPU resource count"),
    ("iam", "L-FE177D64", 1000, "Roles per account"),
    ("kms", "L-C2F1777E", 100000, "Customer Master Keys (CMKs)"),
    ("logs", "L-C7B9AAAB", 1000000, "Log groups"),
    ("rds", "L-7ADDB58A", 100000, "Total storage for all DB instances"),
    ("rds", "L-7B6409FD", 40, "DB instances"),
    ("s3", "L-DC2B2D3D", 10000, "General purpose buckets"),
    ("secretsmanager", "L-2F66C23C", 500000, "Secrets per Region"),
)


def _quota(backend: ServiceQuotasBackend, service: str, code: str, value: float, name: str) -> dict[str, Any]:
    place = f":{backend.account_id}" if service in GLOBAL else f"{backend.region_name}:{backend.account_id}"
    return {
        "ServiceCode": service,
        "ServiceName": NAMES[service],
        "QuotaArn": f"arn:aws:servicequotas:{place}:{service}/{code}",
        "QuotaCode": code,
        "QuotaName": name,
        "Value": float(value),
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": service in GLOBAL,
    }


_moto_defaults = ServiceQuotasBackend.list_aws_default_service_quotas


def list_aws_default_service_quotas(self: ServiceQuotasBackend, service_code: str) -> list[dict[str, Any]]:
    """The quotas of one service. Raises NoSuchResource for a service without any."""
    found = [_quota(self, *each) for each in QUOTAS if each[0] == service_code]
    return found or _moto_defaults(self, service_code)


def get_service_quota(self: ServiceQuotasBackend, service_code: str, quota_code: str) -> dict[str, Any]:
    """The quota of that code; nothing here ever raises one, so it is the default. Raises NoSuchResource."""
    for quota in self.list_aws_default_service_quotas(service_code):
        if quota["QuotaCode"] == quota_code:
            return quota
    raise NoSuchResource


def get_aws_default_service_quota(self: ServiceQuotasResponse) -> str:
    """AWS's default, which is what applies here."""
    return self.get_service_quota()


def list_service_quotas(self: ServiceQuotasResponse) -> str:
    """A page of a service's quotas."""
    given = json.loads(self.body)
    quotas = self.backend.list_aws_default_service_quotas(given["ServiceCode"])
    wanted = [each for each in quotas if given.get("QuotaCode") in (None, each["QuotaCode"])]
    found, token = page(wanted, given.get("MaxResults"), given.get("NextToken"))
    return json.dumps({"Quotas": found, **({"NextToken": token} if token else {})})


def install() -> None:
    """Extend moto's Service Quotas; once is enough, twice is harmless."""
    add(ServiceQuotasBackend, list_aws_default_service_quotas, get_service_quota)
    add(ServiceQuotasResponse, get_aws_default_service_quota, list_service_quotas)
