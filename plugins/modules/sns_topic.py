#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: sns_topic
short_description: Manage SNS topics as one set
description:
  - Creates, changes and prunes standard topics.
  - Alarms reach an encrypted topic only if its key lets C(cloudwatch.amazonaws.com) decrypt and generate data keys;
    with C(alias/aws/sns) they fail silently.
version_added: "0.1.0"
options:
  topics:
    description: The topics.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the topic, at most 256 letters, digits, hyphens and underscores.
        type: str
        required: true
      display_name:
        description: Sender's name in e-mail and SMS.
        type: str
      kms_master_key_id:
        description: ARN or id of the key that encrypts the messages; empty for none.
        type: str
      policy:
        description: Access policy, as a document. AWS's own, which lets the owner in, when not given.
        type: dict
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: Topics by severity
  uex.payments.sns_topic:
    topics:
      - {name: uex-payments-dev-critical}
      - {name: uex-payments-dev-info}
    tags: {Project: uex-payments, Environment: dev, Layer: monitoring, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
topics:
  description: The topics by name, with C(topic_arn) and their properties.
  returned: success
  type: dict
"""

import re
from collections.abc import Iterable

from ansible_collections.uex.payments.plugins.module_utils import _aws, _owned, _policy, _tags
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

#: Our words and AWS's attributes.
ATTRIBUTES = {"display_name": "DisplayName", "kms_master_key_id": "KmsMasterKeyId", "policy": "Policy"}


class Topic(Resource):
    kind = "AWS::SNS::Topic"
    service = "sns"
    plural = "topics"
    computed = ("topic_arn",)
    no_log = {"kms_master_key_id": False}

    def validate(self, item: Item) -> Iterable[str]:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", item["name"]):
            yield f"name: at most 256 letters, digits, hyphens and underscores, not {item['name']!r}"

    def desired(self, item: Item) -> Item:
        policy = _policy.canonical(item["policy"]) if item["policy"] else None
        return {"display_name": item["display_name"], "kms_master_key_id": item["kms_master_key_id"], "policy": policy}

    def observe(self) -> dict[str, Item]:
        declared = {item["name"] for item in self.options[self.plural]}
        ours = set(_owned.arns(self.connect, self.options["tags"], "sns"))
        every = [entry["TopicArn"] for entry in _aws.pages(self.client, "list_topics", "Topics")]
        meant = [arn for arn in every if arn in ours or arn.rpartition(":")[2] in declared]
        return dict(_aws.concurrently(self._observed, meant))

    def _observed(self, arn: str) -> tuple[str, Item]:
        attributes = self.client.get_topic_attributes(TopicArn=arn)["Attributes"]
        return arn.rpartition(":")[2], {
            "topic_arn": arn,
            "display_name": attributes.get("DisplayName", ""),
            "kms_master_key_id": attributes.get("KmsMasterKeyId", ""),
            "policy": _policy.canonical(attributes.get("Policy")),
            "tags": _tags.to_dict(self.client.list_tags_for_resource(ResourceArn=arn)["Tags"]),
        }

    def create(self, name: str, desired: Item) -> None:
        attributes = {ATTRIBUTES[key]: desired[key] for key in ATTRIBUTES if desired[key]}
        self.client.create_topic(Name=name, Attributes=attributes, Tags=_tags.to_list(desired["tags"]))

    def update(self, name: str, plan: Plan) -> None:
        before, after = plan.before or {}, plan.after or {}
        for key in sorted(plan.options & ATTRIBUTES.keys()):
            self.client.set_topic_attributes(
                TopicArn=before["topic_arn"], AttributeName=ATTRIBUTES[key], AttributeValue=after[key]
            )
        if "tags" in plan.options:
            self.client.tag_resource(ResourceArn=before["topic_arn"], Tags=_tags.to_list(after["tags"]))

    def delete(self, name: str, observed: Item) -> None:
        self.client.delete_topic(TopicArn=observed["topic_arn"])


def main() -> None:
    run(Topic, DOCUMENTATION)


if __name__ == "__main__":
    main()
