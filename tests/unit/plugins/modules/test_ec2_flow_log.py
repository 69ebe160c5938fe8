# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import botocore.exceptions
import pytest

from ansible_collections.uex.payments.plugins.module_utils import _plan
from ansible_collections.uex.payments.plugins.modules import ec2_flow_log
from ansible_collections.uex.payments.plugins.modules.ec2_flow_log import FlowLog
from ansible_collections.uex.payments.tests.support.contract import Account, Connect, Contract, Subject

ROLE = "arn:aws:iam::123456789012:role/uex-payments-test-flow-logs"


def sample(connect: Connect) -> dict[str, Any]:
    vpc = connect("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return {
        "flow_logs": [
            {
                "name": f"uex-payments-test-{number}",
                "resource_id": vpc,
                "resource_type": "VPC",
                "traffic_type": "ALL",
                "log_group_name": f"uex-payments-test-{number}",
                "deliver_logs_permission_arn": ROLE,
                "max_aggregation_interval": 60,
                "log_format": "${srcaddr} ${dstaddr}",
                "tags": None,
            }
            for number in range(2)
        ]
    }


CONTRACT = Contract(
    FlowLog, sample, change={"tags": {"Purpose": "other"}}, unset=("max_aggregation_interval", "log_format")
)


def test_any_other_change_replaces_the_flow_log(aws: None) -> None:
    subject = Subject(CONTRACT, Account())
    before = subject.run().resources
    first, second = subject.items
    outcome = subject.run(**subject.with_items([{**first, "traffic_type": "REJECT"}, second]))
    assert outcome.failed == []
    assert [(plan.name, plan.verb) for plan in outcome.done] == [(first["name"], _plan.REPLACE)]
    assert outcome.resources[first["name"]]["flow_log_id"] != before[first["name"]]["flow_log_id"]
    assert outcome.resources[first["name"]]["traffic_type"] == "REJECT"


def refusal(code: str, message: str) -> Exception:
    return botocore.exceptions.ClientError({"Error": {"Code": code, "Message": message}}, "CreateFlowLogs")


@pytest.mark.parametrize(
    ("error", "patient"),
    [
        (refusal("InvalidParameter", "Unable to assume given IAM role"), True),
        (refusal("InvalidParameter", "Invalid log format"), False),
        (refusal("AccessDenied", "not allowed to assume"), False),
        (refusal("UnauthorizedOperation", "not allowed"), False),
    ],
)
def test_only_a_role_that_is_not_there_yet_is_waited_for(error: Exception, patient: bool) -> None:
    assert ec2_flow_log.is_role_not_yet_assumable(error) is patient
