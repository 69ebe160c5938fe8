#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: config_recorder
short_description: Manage the recorder of AWS Config with its delivery channel
description:
  - Creates, changes and prunes the recorder that a customer has, of which an account has one in each region, with its
    delivery channel of the same name, and keeps it recording. It records every kind of resource.
  - It works with Config's service-linked role, which is made where the account lacks it and never deleted.
  - A recorder that is not ours, of the organisation, of somebody else or of another environment, is used as it is,
    recording or stopped. It is neither changed nor taken over nor deleted. The result says so in C(notes).
version_added: "0.1.0"
options:
  account_id:
    description: The account, 12 digits.
    type: str
    required: true
  recorders:
    description: The recorder, one at most.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the recorder and of its delivery channel. Cannot change.
        type: str
        required: true
      include_global_resource_types:
        description: Whether IAM's resources are recorded too. One region of an account is enough.
        type: bool
        default: true
      recording_frequency:
        description: Whether every change is recorded, or the last state of each day.
        type: str
        choices: [CONTINUOUS, DAILY]
        default: CONTINUOUS
      s3_bucket_name:
        description: The bucket, whose policy must let C(config.amazonaws.com) in.
        type: str
        required: true
      s3_key_prefix:
        description: What comes before C(AWSLogs) in the bucket.
        type: str
      delivery_frequency:
        description: How often the state of everything is delivered. Left as it is when not given.
        type: str
        choices: [One_Hour, Three_Hours, Six_Hours, Twelve_Hours, TwentyFour_Hours]
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: What changed in the account
  uex.payments.config_recorder:
    account_id: "123456789012"
    recorders:
      - name: uex-payments-prod-recorder
        s3_bucket_name: uex-payments-prod-audit-123456789012-us-east-1
    tags: {Project: uex-payments, Environment: prod, Layer: monitoring, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
notes:
  description: Whose recorder is used.
  returned: always
  type: list
  elements: str
recorders:
  description: The recorder by name, with C(arn) and its properties.
  returned: success
  type: dict
"""

from typing import Any, ClassVar

from ansible_collections.uex.payments.plugins.module_utils import _aws, _calls, _guards, _tags
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item

PRINCIPAL = "config.amazonaws.com"
GONE = ("NoSuchConfigurationRecorderException", "NoSuchDeliveryChannelException")
#: What AWS says while it has not yet seen the role or a policy that was just made, and for how many seconds it may.
UNSEEN = _calls.has_code("InvalidRoleException", "InsufficientDeliveryPolicyException")
SEEN_WITHIN = 60.0
RECORDER = ("role_arn", "all_supported", "include_global_resource_types", "recording_frequency")
CHANNEL = ("s3_bucket_name", "s3_key_prefix", "delivery_frequency")


class Recorder(_guards.Guard):
    kind = "AWS::Config::ConfigurationRecorder"
    service = "config"
    plural = "recorders"
    no_log: ClassVar[dict[str, bool]] = {"s3_key_prefix": False}
    computed = ("arn",)
    noun = "AWS Config's recorder"

    def desired(self, item: Item) -> Item:
        given = {option: item[option] for option in (*RECORDER[2:], *CHANNEL)}
        return {**given, "role_arn": self._role_arn, "all_supported": True, "recording": True}

    @property
    def _role_arn(self) -> str:
        path = f"aws-service-role/{PRINCIPAL}/AWSServiceRoleForConfig"
        return f"arn:{self.client.meta.partition}:iam::{self.options['account_id']}:role/{path}"

    def observe(self) -> dict[str, Item]:
        entries = self.client.describe_configuration_recorders()["ConfigurationRecorders"]
        return _guards.only(self.declared, map(self._observed, entries))

    def _observed(self, entry: dict[str, Any]) -> Item:
        statuses = self.client.describe_configuration_recorder_status(ConfigurationRecorderNames=[entry["name"]])
        recording = statuses["ConfigurationRecordersStatus"][0]["recording"]
        tags = _aws.pages(self.client, "list_tags_for_resource", "Tags", ResourceArn=entry["arn"])
        return {
            **recorder_from_aws(entry),
            **self._channel(entry["name"]),
            "called": entry["name"],
            "state": "" if recording else "it is stopped, so nothing is recorded until they start it",
            "recording": recording,
            "tags": _tags.to_dict(tags),
        }

    def _channels(self) -> list[dict[str, Any]]:
        return list(self.client.describe_delivery_channels()["DeliveryChannels"])

    def _channel(self, name: str) -> Item:
        own = next((each for each in self._channels() if each["name"] == name), {})
        snapshots = own.get("configSnapshotDeliveryProperties") or {}
        return {
            "s3_bucket_name": own.get("s3BucketName", ""),
            "s3_key_prefix": own.get("s3KeyPrefix", ""),
            "delivery_frequency": snapshots.get("deliveryFrequency"),
        }

    def create(self, name: str, desired: Item) -> None:
        """A channel that somebody left behind stands in the way of ours, and is theirs to delete."""
        left_behind = [each["name"] for each in self._channels() if each["name"] != name]
        if left_behind:
            message = f"the delivery channel {left_behind[0]} has no recorder: delete it, or have its owner start one"
            raise _calls.Refused({"Code": "MaxNumberOfDeliveryChannelsExceededException", "Message": message})
        self._make_linked_role()
        self._put_recorder(name, desired, Tags=_tags.to_list(desired["tags"]))
        self._put_channel(name, desired)
        self.client.start_configuration_recorder(ConfigurationRecorderName=name)

    def _make_linked_role(self) -> None:
        """InvalidInput: it is there."""
        make = self.connect("iam").create_service_linked_role
        _aws.absent_as(None, lambda: make(AWSServiceName=PRINCIPAL), "InvalidInput")

    def update(self, name: str, plan: Plan) -> None:
        before, after = dict(plan.before or {}), _aws.declared(dict(plan.after or {}))
        wanted = {**before, **after}
        if plan.options & set(RECORDER):
            self._put_recorder(name, wanted)
        if plan.options & set(CHANNEL):
            self._put_channel(name, wanted)
        if "recording" in plan.options:
            self.client.start_configuration_recorder(ConfigurationRecorderName=name)
        if "tags" in plan.options:
            self.client.tag_resource(ResourceArn=before["arn"], Tags=_tags.to_list(after["tags"]))

    def _put_recorder(self, name: str, wanted: Item, **more: Any) -> None:
        put = self.client.put_configuration_recorder
        request = recorder_to_aws(name, wanted)
        _calls.patiently(lambda: put(ConfigurationRecorder=request, **more), UNSEEN, SEEN_WITHIN)

    def _put_channel(self, name: str, wanted: Item) -> None:
        put = self.client.put_delivery_channel
        _calls.patiently(lambda: put(DeliveryChannel=channel_to_aws(name, wanted)), UNSEEN, SEEN_WITHIN)

    def delete(self, name: str, observed: Item) -> None:
        """What it has delivered stays in its bucket. A channel goes only once nothing is recorded any more."""
        stop, delete = self.client.stop_configuration_recorder, self.client.delete_configuration_recorder
        channel = self.client.delete_delivery_channel
        _aws.absent_as(None, lambda: stop(ConfigurationRecorderName=name), *GONE)
        _aws.absent_as(None, lambda: channel(DeliveryChannelName=name), *GONE)
        _aws.absent_as(None, lambda: delete(ConfigurationRecorderName=name), *GONE)


def recorder_from_aws(entry: dict[str, Any]) -> Item:
    group, mode = entry.get("recordingGroup") or {}, entry.get("recordingMode") or {}
    return {
        "name": entry["name"],
        "arn": entry["arn"],
        "role_arn": entry["roleARN"],
        "all_supported": group.get("allSupported", False),
        "include_global_resource_types": group.get("includeGlobalResourceTypes", False),
        "recording_frequency": mode.get("recordingFrequency", "CONTINUOUS"),
    }


def recorder_to_aws(name: str, wanted: Item) -> dict[str, Any]:
    return {
        "name": name,
        "roleARN": wanted["role_arn"],
        "recordingGroup": {
            "allSupported": True,
            "includeGlobalResourceTypes": wanted["include_global_resource_types"],
        },
        "recordingMode": {"recordingFrequency": wanted["recording_frequency"]},
    }


def channel_to_aws(name: str, wanted: Item) -> dict[str, Any]:
    """AWS takes no empty prefix."""
    snapshots = wanted.get("delivery_frequency") and {"deliveryFrequency": wanted["delivery_frequency"]}
    given = {"s3KeyPrefix": wanted.get("s3_key_prefix"), "configSnapshotDeliveryProperties": snapshots}
    more = {member: value for member, value in given.items() if value}
    return {"name": name, "s3BucketName": wanted["s3_bucket_name"], **more}


def main() -> None:
    run(Recorder, DOCUMENTATION)


if __name__ == "__main__":
    main()
