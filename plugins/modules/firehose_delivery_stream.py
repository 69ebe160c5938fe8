#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: firehose_delivery_stream
short_description: Manage delivery streams of Amazon Data Firehose to S3 as one set
description:
  - Creates, changes and prunes delivery streams that take what is put into them and write it to a bucket.
  - What waits in a stream is encrypted, by AWS's own key or by one of the customer's. Objects are encrypted as the
    bucket says.
  - Waits until a stream is active, which takes a minute or two.
  - A role made a moment ago may not be assumable yet, and the name of a stream that goes is not free yet; the creation
    is tried again for three minutes on these errors alone.
version_added: "0.1.0"
options:
  delivery_streams:
    description: The delivery streams.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the stream, at most 64 letters, digits, dots, hyphens and underscores.
        type: str
        required: true
      role_arn:
        description: ARN of the role that writes to the bucket.
        type: str
        required: true
      bucket_arn:
        description: ARN of the bucket.
        type: str
        required: true
      prefix:
        description: >-
          How the objects' keys begin, such as V(api/!{timestamp:yyyy/MM/dd}/). AWS begins with year, month, day and
          hour when not given.
        type: str
      error_output_prefix:
        description: >-
          How the keys of what could not be delivered begin, such as V(failed/!{firehose:error-output-type}/). Required
          where O(delivery_streams[].prefix) has an expression.
        type: str
      buffering_size:
        description: MB after which an object is written, 1 to 128. AWS takes 5 when not given.
        type: int
      buffering_interval:
        description: Seconds after which an object is written, 0 to 900. AWS takes 300 when not given.
        type: int
      compression_format:
        description: How objects are compressed. What is compressed already would be compressed twice.
        type: str
        choices: [UNCOMPRESSED, GZIP, ZIP, Snappy, HADOOP_SNAPPY]
        default: UNCOMPRESSED
      file_extension:
        description: How the objects' keys end, such as V(.json.gz). As the compression has it when not given.
        type: str
      encryption_key:
        description: >-
          ARN of the customer's key that encrypts what waits in the stream. Whoever calls must be able to make a grant
          on it through Firehose. AWS's own key when not given.
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
- name: What a service logs, by day
  uex.payments.firehose_delivery_stream:
    delivery_streams:
      - name: uex-payments-dev-logs-uex-backend
        role_arn: arn:aws:iam::123456789012:role/uex-payments-dev-log-archive
        bucket_arn: arn:aws:s3:::uex-payments-dev-app-logs-123456789012-us-east-1
        prefix: uex-payments-dev-uex-backend/!{timestamp:yyyy/MM/dd}/
        error_output_prefix: failed/uex-payments-dev-uex-backend/!{firehose:error-output-type}/
        file_extension: .json.gz
    tags: {Project: uex-payments, Environment: dev, Layer: monitoring, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
delivery_streams:
  description: The delivery streams by name, with C(delivery_stream_arn) and their properties.
  returned: success
  type: dict
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _calls, _firehose, _owned, _tags, _wait
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

GONE = "ResourceNotFoundException"
CREATE_SECONDS = 180.0  #: until a new role can be assumed, and a deleted stream's name is free


class DeliveryStream(Resource):
    kind = "AWS::KinesisFirehose::DeliveryStream"
    service = "firehose"
    plural = "delivery_streams"
    no_log = {"encryption_key": False}
    computed = ("delivery_stream_arn",)
    deadline = 600

    def validate(self, item: Item) -> Iterable[str]:
        if not re.fullmatch(r"[a-zA-Z0-9_.-]{1,64}", item["name"]):
            yield f"name: at most 64 letters, digits, dots, hyphens and underscores, not {item['name']!r}"
        yield from _firehose.problems(item)

    def desired(self, item: Item) -> Item:
        return _firehose.desired(item)

    def observe(self) -> dict[str, Item]:
        if not (self.options[self.plural] or self.options.get("prune")):
            return {}
        ours = _owned.arns(self.connect, self.options["tags"], "firehose:deliverystream")
        names = sorted({*(arn.rpartition("/")[2] for arn in ours), *self.wanted()})
        found = zip(names, _aws.concurrently(self._observed, names), strict=True)
        return {name: item for name, item in found if item}

    def _observed(self, name: str) -> Item:
        entry = self._describe(name)
        if not entry:
            return {}
        tags = self.client.list_tags_for_delivery_stream(DeliveryStreamName=name, Limit=50)["Tags"]
        return {**_firehose.observed(entry), "tags": _tags.to_dict(tags)}

    def _describe(self, name: str) -> Mapping[str, Any]:
        """The stream; one that goes is gone."""
        none: Item = {"DeliveryStreamDescription": {}}
        describe = self.client.describe_delivery_stream
        answer = _aws.absent_as(none, lambda: describe(DeliveryStreamName=name), GONE)
        entry: Mapping[str, Any] = answer["DeliveryStreamDescription"]
        return entry if entry.get("DeliveryStreamStatus") != "DELETING" else {}

    def create(self, name: str, desired: Item) -> None:
        request = {
            "DeliveryStreamName": name,
            "DeliveryStreamType": "DirectPut",
            "DeliveryStreamEncryptionConfigurationInput": _firehose.encryption(desired),
            "ExtendedS3DestinationConfiguration": _firehose.destination(desired),
            "Tags": _tags.to_list(desired["tags"]),
        }
        create = self.client.create_delivery_stream
        _calls.patiently(lambda: create(**request), _firehose.is_not_ready_yet, CREATE_SECONDS)

    def update(self, name: str, plan: Plan) -> None:
        before, after = plan.before or {}, dict(plan.after or {})
        if plan.options & {"encryption", "encryption_key"}:
            self.client.start_delivery_stream_encryption(
                DeliveryStreamName=name, DeliveryStreamEncryptionConfigurationInput=_firehose.encryption(after)
            )
        if plan.options & set(_firehose.DESTINATION):
            self.client.update_destination(
                DeliveryStreamName=name,
                CurrentDeliveryStreamVersionId=before["version_id"],
                DestinationId=before["destination_id"],
                ExtendedS3DestinationUpdate=_firehose.destination(after),
            )
        if "tags" in plan.options:
            self.client.tag_delivery_stream(DeliveryStreamName=name, Tags=_tags.to_list(after["tags"]))

    def delete(self, name: str, observed: Item) -> None:
        _aws.absent_as(None, lambda: self.client.delete_delivery_stream(DeliveryStreamName=name), GONE)

    def settle(self, plans: list[Plan]) -> None:
        """Logs are sent to an active stream alone."""
        names = [plan.name for plan in plans if plan.after is not None]
        _wait.until(lambda: self._unready(names), lambda unready: not unready, "an active stream", self.deadline)

    def _unready(self, names: list[str]) -> list[str]:
        found = zip(names, _aws.concurrently(self._describe, names), strict=True)
        return [name for name, entry in found if not _firehose.is_active(entry)]


def main() -> None:
    run(DeliveryStream, DOCUMENTATION)


if __name__ == "__main__":
    main()
