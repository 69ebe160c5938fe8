#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudtrail_trail
short_description: Manage trails of CloudTrail that record all management events
description:
  - Creates, changes and prunes trails with all management events, and keeps them logging.
  - A trail that is not ours, of the organisation, of somebody else or of another environment, is enough if it records
    all management events of the region. It is used as it is, and none is made beside it. The result says so in
    C(notes).
  - Where ours is there, it stays whatever others there are.
  - A trail with a declared name that is neither ours nor records them is refused.
version_added: "0.1.0"
options:
  account_id:
    description: The account, 12 digits.
    type: str
    required: true
  trails:
    description: The trails.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the trail, 3 to 128 characters.
        type: str
        required: true
      s3_bucket_name:
        description: The bucket, whose policy must let C(cloudtrail.amazonaws.com) in.
        type: str
        required: true
      s3_key_prefix:
        description: What comes before C(AWSLogs) in the bucket.
        type: str
      kms_key_id:
        description: ARN of the key that log files are encrypted with, whose policy must let CloudTrail use it.
        type: str
      is_multi_region_trail:
        description: Whether it records the events of all regions.
        type: bool
        default: true
      include_global_service_events:
        description: Whether it records the events of services without regions. AWS's default is that it does.
        type: bool
      enable_log_file_validation:
        description: Whether CloudTrail signs what it delivers, so that a change is seen.
        type: bool
        default: true
      cloud_watch_logs_log_group_arn:
        description: >-
          ARN of a log group that gets the events too, with C(:*) at its end. Empty ends that. Left as it is when not
          given.
        type: str
      cloud_watch_logs_role_arn:
        description: ARN of the role that CloudTrail writes to the log group with.
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
- name: Who did what in the account
  uex.payments.cloudtrail_trail:
    account_id: "123456789012"
    trails:
      - name: uex-payments-prod-trail
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
  description: Whose trail is used instead of a declared one.
  returned: always
  type: list
  elements: str
trails:
  description: The trails by name, with C(arn) and their properties; of somebody else's, C(called).
  returned: success
  type: dict
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from ansible_collections.uex.payments.plugins.module_utils import _aws, _calls, _guards, _tags, _trails
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item

GONE = "TrailNotFoundException"
#: What AWS says while it has not yet seen a policy or a role that was just made, and for how many seconds it may.
UNSEEN = _calls.has_code(
    "InsufficientS3BucketPolicyException",
    "InsufficientEncryptionPolicyException",
    "InvalidCloudWatchLogsRoleArnException",
)
SEEN_WITHIN = 60.0
ALL_EVENTS = [{"ReadWriteType": "All", "IncludeManagementEvents": True}]


class Trail(_guards.Guard):
    kind = "AWS::CloudTrail::Trail"
    service = "cloudtrail"
    plural = "trails"
    no_log: ClassVar[dict[str, bool]] = {"s3_key_prefix": False}
    computed = ("arn",)
    noun = "the trail"

    def validate(self, item: Item) -> Iterable[str]:
        return _trails.problems(item)

    def desired(self, item: Item) -> Item:
        settings = {option: item[option] for option in _trails.MEMBERS}
        return {**settings, "is_logging": True, "all_management_events": True}

    def observe(self) -> dict[str, Item]:
        entries = self.client.describe_trails(includeShadowTrails=True)["trailList"]
        tags = self._tags([entry["TrailARN"] for entry in entries if self._is_here(entry)])
        found = _aws.concurrently(lambda entry: self._observed(entry, tags.get(entry["TrailARN"]) or {}), entries)
        ours = [each for each in found if _tags.owns(self.options["tags"], each["tags"])]
        others = [each for each in found if each not in ours]
        serving = [each for each in others if each["records"]]
        namesakes = [each for each in others if each["name"] in self.declared]
        return _guards.placed(self.declared, ours + (serving or namesakes), self.options["tags"])

    def _is_here(self, entry: dict[str, Any]) -> bool:
        """Whether it is this account's and region's own, of which alone AWS tells tags."""
        return bool(entry["HomeRegion"] == self.client.meta.region_name) and self._is_own(entry)

    def _is_own(self, entry: dict[str, Any]) -> bool:
        return bool(_trails.account_of(entry["TrailARN"]) == str(self.options["account_id"]))

    def _tags(self, arns: list[str]) -> dict[str, dict[str, str]]:
        pages = (_aws.pages(self.client, "list_tags", "ResourceTagList", ResourceIdList=some) for some in _chunks(arns))
        return {entry["ResourceId"]: _tags.to_dict(entry["TagsList"]) for page in pages for entry in page}

    def _observed(self, entry: dict[str, Any], tags: dict[str, str]) -> Item:
        logging = self.client.get_trail_status(Name=entry["TrailARN"])["IsLogging"]
        whole = self._selected(entry)
        covers = _trails.covers(entry, self.client.meta.region_name)
        return {
            **_trails.observed(entry),
            "name": entry["Name"],
            "called": entry["TrailARN"],
            "arn": entry["TrailARN"],
            "is_logging": logging,
            "all_management_events": whole,
            "records": covers and logging and whole,
            "tags": tags,
        }

    def _selected(self, entry: dict[str, Any]) -> bool:
        """Another account's trail is the organisation's, which shows its selectors to nobody else."""
        if not entry.get("HasCustomEventSelectors") or not self._is_own(entry):
            return True
        return _trails.selected(self.client.get_event_selectors(TrailName=entry["TrailARN"]))

    def let_be(self, name: str, observed: Item) -> str:
        return super().let_be(name, observed) if observed["records"] else ""

    def create(self, name: str, desired: Item) -> None:
        arguments = _trails.without_empty(_trails.request(desired))
        tags = _tags.to_list(desired["tags"])
        create = self.client.create_trail
        _calls.patiently(lambda: create(Name=name, TagsList=tags, **arguments), UNSEEN, SEEN_WITHIN)
        self.client.start_logging(Name=name)

    def update(self, name: str, plan: Plan) -> None:
        before, after = dict(plan.before or {}), dict(plan.after or {})
        place, settings = before["arn"], _trails.request({option: after.get(option) for option in plan.options})
        if settings:
            change = self.client.update_trail
            _calls.patiently(lambda: change(Name=place, **settings), UNSEEN, SEEN_WITHIN)
        if "all_management_events" in plan.options:
            self.client.put_event_selectors(TrailName=place, EventSelectors=ALL_EVENTS)
        if "is_logging" in plan.options:
            self.client.start_logging(Name=place)
        if "tags" in plan.options:
            self.client.add_tags(ResourceId=place, TagsList=_tags.to_list(after["tags"]))

    def delete(self, name: str, observed: Item) -> None:
        """What it has delivered stays in its bucket."""
        _aws.absent_as(None, lambda: self.client.delete_trail(Name=observed["arn"]), GONE)


def _chunks(arns: list[str]) -> Iterable[list[str]]:
    """AWS tells the tags of 20 at a time."""
    return _aws.chunks(arns, 20)


def main() -> None:
    run(Trail, DOCUMENTATION)


if __name__ == "__main__":
    main()
