# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Service Quotas of the embedded AWS: defaults of what environments use."""

from __future__ import annotations

from typing import Any

import boto3
import botocore.exceptions
import pytest

from embedded_aws.extensions import servicequotas


@pytest.fixture
def quotas(aws: None) -> Any:
    return boto3.client("service-quotas")


@pytest.mark.parametrize(("service", "code", "value"), [each[:3] for each in servicequotas.QUOTAS])
def test_a_quota_has_aws_s_default(quotas: Any, service: str, code: str, value: float) -> None:
    applied = quotas.get_service_quota(ServiceCode=service, QuotaCode=code)["Quota"]
    assert (applied["Value"], applied["ServiceCode"], applied["QuotaCode"]) == (value, service, code)
    assert quotas.get_aws_default_service_quota(ServiceCode=service, QuotaCode=code)["Quota"] == applied


def test_moto_s_own_quotas_are_still_there(quotas: Any) -> None:
    vpcs = {"ServiceCode": "vpc", "QuotaCode": "L-F678F1CE"}
    assert quotas.get_service_quota(**vpcs)["Quota"]["Value"] == 5
    assert quotas.get_aws_default_service_quota(**vpcs)["Quota"]["QuotaName"] == "VPCs per Region"


def test_a_service_s_quotas_come_in_pages(quotas: Any) -> None:
    pages = quotas.get_paginator("list_service_quotas").paginate(
        ServiceCode="elasticloadbalancing", PaginationConfig={"PageSize": 3}
    )
    found = [[each["QuotaCode"] for each in page["Quotas"]] for page in pages]
    assert [len(page) for page in found] == [3, 1]
    only = quotas.list_service_quotas(ServiceCode="rds", QuotaCode="L-7B6409FD")["Quotas"]
    assert [each["QuotaName"] for each in only] == ["DB instances"]


@pytest.mark.parametrize(("service", "code"), [("rds", "L-00000000"), ("no-such-service", "L-7B6409FD")])
def test_what_is_not_there_is_refused(quotas: Any, service: str, code: str) -> None:
    with pytest.raises(botocore.exceptions.ClientError, match="NoSuchResourceException"):
        quotas.get_service_quota(ServiceCode=service, QuotaCode=code)
