#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_flow_log
short_description: Manage flow logs to CloudWatch Logs as one set
description:
  - Creates and prunes flow logs. AWS cannot change one, so that a change replaces it; what flows in the seconds
    between is not logged.
  - A role made a moment ago may not be assumable yet; the creation is tried again for two minutes on that error alone.
version_added: "0.1.0"
options:
  flow_logs:
    description: The flow logs.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Value of the tag C(Name), which identifies the flow log.
        type: str
        required: true
      resource_id:
        description: Id of the VPC, subnet or interface whose traffic is logged. A change replaces the flow log.
        type: str
        required: true
      resource_type:
        description: What O(flow_logs[].resource_id) is. Used at creation.
        type: str
        choices: [VPC, Subnet, NetworkInterface]
        default: VPC
      traffic_type:
        description: Which traffic is logged. A change replaces the flow log.
        type: str
        choices: [ALL, ACCEPT, REJECT]
        default: ALL
      log_group_name:
        description: The log group in CloudWatch Logs. A change replaces the flow log.
        type: str
        required: true
      deliver_logs_permission_arn:
        description: ARN of the role that writes to the log group. A change replaces the flow log.
        type: str
        required: true
      max_aggregation_interval:
        description: Seconds that a record sums up at most. A change replaces the flow log. AWS takes 600 when not
          given.
        type: int
        choices: [60, 600]
      log_format:
        description: Fields of a record. A change replaces the flow log. AWS takes its default format when not given.
        type: str
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: The VPC's traffic
  uex.payments.ec2_flow_log:
    flow_logs:
      - name: uex-payments-dev-flow-logs
        resource_id: vpc-0123456789abcdef0
        log_group_name: uex-payments-dev-flow-logs
        deliver_logs_permission_arn: arn:aws:iam::123456789012:role/uex-payments-dev-flow-logs
    tags: {Project: uex-payments, Environment: dev, Layer: network, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
flow_logs:
  description: The flow logs by name, with C(flow_log_id) and their properties.
  returned: success
  type: dict
"""

import uuid
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _calls
from ansible_collections.uex.payments.plugins.module_utils._errors import code_of
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

#: The properties, by AWS's words for them.
PROPERTIES = {
    "resource_id": "ResourceId",
    "traffic_type": "TrafficType",
    "log_group_name": "LogGroupName",
    "deliver_logs_permission_arn": "DeliverLogsPermissionArn",
    "max_aggregation_interval": "MaxAggregationInterval",
    "log_format": "LogFormat",
}


def is_role_not_yet_assumable(error: Exception) -> bool:
    """Whether AWS refuses a role that it will accept in a moment; other wrong parameters have the same code."""
    return code_of(error) == "InvalidParameter" and "assume" in str(error)


class FlowLog(Resource):
    kind = "AWS::EC2::FlowLog"
    service = "ec2"
    plural = "flow_logs"
    replaceable = tuple(PROPERTIES)
    initial = ("resource_type",)
    computed = ("flow_log_id",)
    name_tag = True
    role_deadline = 120.0  #: seconds until IAM shows a new role to the service

    def desired(self, item: Item) -> Item:
        return {key: item[key] for key in ("resource_type", *PROPERTIES)}

    def observe(self) -> dict[str, Item]:
        found = _aws.pages(self.client, "describe_flow_logs", "FlowLogs")
        return {
            name: {
                "flow_log_id": entry["FlowLogId"],
                **{option: entry.get(key) for option, key in PROPERTIES.items()},
                "tags": tags,
            }
            for name, (entry, tags) in _aws.ec2_named(found).items()
        }

    def create(self, name: str, desired: Item) -> None:
        settings: dict[str, Any] = {key: desired[option] for option, key in PROPERTIES.items()}
        request = {
            "ResourceIds": [settings.pop("ResourceId")],
            "ResourceType": desired["resource_type"],
            "LogDestinationType": "cloud-watch-logs",
            "ClientToken": str(uuid.uuid4()),
            "TagSpecifications": _aws.ec2_tag_specification("vpc-flow-log", desired["tags"]),
            **_aws.declared(settings),
        }
        _calls.patiently(
            lambda: _calls.demand_success(self.client.create_flow_logs(**request)),
            is_role_not_yet_assumable,
            self.role_deadline,
        )

    def update(self, name: str, plan: Plan) -> None:
        _aws.ec2_update_tags(self.client, (plan.before or {})["flow_log_id"], plan)

    def delete(self, name: str, observed: Item) -> None:
        delete = self.client.delete_flow_logs
        gone = "InvalidFlowLogId.NotFound"
        response: dict[str, Any] = _aws.absent_as({}, lambda: delete(FlowLogIds=[observed["flow_log_id"]]), gone)
        _calls.demand_success(response, gone)


def main() -> None:
    run(FlowLog, DOCUMENTATION)


if __name__ == "__main__":
    main()
