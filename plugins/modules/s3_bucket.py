#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: s3_bucket
short_description: Manage S3 buckets with all their properties as one set
description:
  - Creates, changes and prunes the buckets of one region with versioning, encryption, access, life cycle and logging.
  - Every property is read and written by itself. One that is not given is left as it is, an empty one is removed.
  - Unlike M(amazon.aws.s3_bucket) it predicts every change in check mode, and writes life cycles and logging too.
version_added: "0.1.0"
options:
  buckets:
    description: The buckets.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - The name, unique in the world. It identifies the bucket.
          - It has 3 to 63 lower-case letters, digits, hyphens and dots.
        type: str
        required: true
      versioning:
        description: Whether overwritten and deleted objects are kept as versions. AWS's default is V(Suspended).
        type: str
        choices: [Enabled, Suspended]
      encryption:
        description: How new objects are encrypted unless the writer says otherwise. AWS's default is V(AES256).
        type: dict
        suboptions:
          sse_algorithm:
            description: S3's own keys (V(AES256)) or a key of the customer's (V(aws:kms)).
            type: str
            choices: [AES256, "aws:kms"]
            required: true
          kms_master_key_id:
            description: ARN of the customer's key.
            type: str
          bucket_key_enabled:
            description: Whether S3 keeps a key for the bucket, which asks KMS less often.
            type: bool
      public_access_block:
        description: What keeps the bucket private. AWS's default is all four.
        type: dict
        suboptions:
          block_public_acls:
            description: Refuse public access control lists.
            type: bool
            default: true
          ignore_public_acls:
            description: Ignore public access control lists.
            type: bool
            default: true
          block_public_policy:
            description: Refuse policies that make the bucket public.
            type: bool
            default: true
          restrict_public_buckets:
            description: Restrict a bucket with a public policy to its account.
            type: bool
            default: true
      object_ownership:
        description:
          - Who owns objects that other accounts write.
          - AWS's default is V(BucketOwnerEnforced), which also disables access control lists.
        type: str
        choices: [BucketOwnerEnforced, BucketOwnerPreferred, ObjectWriter]
      policy:
        description: The bucket policy as a document. Empty means none.
        type: dict
      lifecycle_rules:
        description: What happens to objects with age; the whole list. Empty means nothing.
        type: list
        elements: dict
        suboptions:
          id:
            description: The rule's name.
            type: str
            required: true
          status:
            description: Whether the rule works.
            type: str
            choices: [Enabled, Disabled]
            default: Enabled
          prefix:
            description: Beginning of the keys it is for. Empty means all.
            type: str
            default: ""
          transitions:
            description: To which storage class objects go after how many days.
            type: list
            elements: dict
            suboptions:
              days:
                description: Days since the object was made; at least 30 to V(STANDARD_IA) and V(ONEZONE_IA).
                type: int
                required: true
              storage_class:
                description: The storage class.
                type: str
                choices: [STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER_IR, GLACIER, DEEP_ARCHIVE]
                required: true
          expiration:
            description: When objects go.
            type: dict
            suboptions:
              days:
                description: Days since the object was made.
                type: int
              expired_object_delete_marker:
                description: Whether delete markers go that have no versions behind them. Not together with days.
                type: bool
          noncurrent_version_transitions:
            description: To which storage class versions go after how many days.
            type: list
            elements: dict
            suboptions:
              noncurrent_days:
                description: Days since the version was replaced.
                type: int
                required: true
              storage_class:
                description: The storage class.
                type: str
                choices: [STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER_IR, GLACIER, DEEP_ARCHIVE]
                required: true
              newer_noncurrent_versions:
                description: How many newer versions stay where they are, from 1 to 100.
                type: int
          noncurrent_version_expiration:
            description: When versions go.
            type: dict
            suboptions:
              noncurrent_days:
                description: Days since the version was replaced.
                type: int
                required: true
              newer_noncurrent_versions:
                description: How many newer versions stay, from 1 to 100.
                type: int
          abort_incomplete_multipart_upload:
            description: When the parts of uploads go that nobody finished.
            type: dict
            suboptions:
              days_after_initiation:
                description: Days since the upload began.
                type: int
                required: true
      logging:
        description: Where S3 writes its access log. Empty means nowhere.
        type: dict
        suboptions:
          target_bucket:
            description:
              - Bucket in the same region whose policy lets C(logging.s3.amazonaws.com) write.
              - It cannot use a customer's key.
            type: str
          target_prefix:
            description: Beginning of the log's keys.
            type: str
      object_lock_enabled:
        description: Whether objects can be locked against deletion. Only at creation, cannot change.
        type: bool
      object_lock:
        description: Retention of new objects, in days or in years. Empty means none.
        type: dict
        suboptions:
          mode:
            description: Who may still delete, those with special permission (V(GOVERNANCE)) or nobody (V(COMPLIANCE)).
            type: str
            choices: [GOVERNANCE, COMPLIANCE]
          days:
            description: Days that a new object stays.
            type: int
          years:
            description: Years that a new object stays.
            type: int
      tags:
        description: Further tags.
        type: dict
  force_delete:
    description:
      - Empty a bucket of all objects, versions and delete markers before it is deleted.
      - Without it the deletion of a bucket that holds anything fails with C(BucketNotEmpty), and nothing in it goes.
      - A bucket of which Object Lock keeps a version stays, with what is locked; the rest of it goes. The lock of each
        version is asked for, in buckets with Object Lock.
    type: bool
    default: false
  kept:
    description: Names of buckets that pruning leaves with all that they hold.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: A private, versioned bucket
  uex.payments.s3_bucket:
    buckets:
      - name: uex-payments-dev-backups-123456789012-us-east-1
        versioning: Enabled
        encryption: {sse_algorithm: AES256}
        public_access_block: {}
        object_ownership: BucketOwnerEnforced
        lifecycle_rules:
          - id: expire
            expiration: {days: 90}
            noncurrent_version_expiration: {noncurrent_days: 30}
            abort_incomplete_multipart_upload: {days_after_initiation: 7}
    tags: {Project: uex-payments, Environment: dev, Layer: foundation, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
buckets:
  description: The buckets by name, with C(arn) and their properties; policies as canonical JSON.
  returned: success
  type: dict
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _owned, _s3, _s3_locks, _tags
from ansible_collections.uex.payments.plugins.module_utils._calls import has_code, patiently
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

LOGS_DEADLINE = 120.0  #: seconds until AWS has delivered the last logs
NAME_DEADLINE = 60.0  #: seconds until AWS frees the name of a bucket that was just deleted


class Bucket(Resource):
    kind = "AWS::S3::Bucket"
    service = "s3"
    plural = "buckets"
    frozen = ("object_lock_enabled",)
    computed = ("arn",)
    no_log = {"kms_master_key_id": False, "bucket_key_enabled": False}

    def validate(self, item: Item) -> Iterable[str]:
        return _s3.problems(item)

    def desired(self, item: Item) -> Item:
        return _s3.desired(item)

    def observe(self) -> dict[str, Item]:
        ours = _owned.arns(self.connect, self.options["tags"], "s3")
        names = {arn.partition(":::")[2] for arn in ours} | {item["name"] for item in self.options[self.plural]}
        items = _aws.concurrently(self._observed, sorted(names))
        return {name: item for name, item in zip(sorted(names), items, strict=True) if item}

    def _observed(self, name: str) -> Item:
        """One bucket; an empty item where there is none. One of another account's is denied, and so an error."""
        return _aws.absent_as({}, lambda: self._read(name), "NoSuchBucket")

    def _read(self, name: str) -> Item:
        none: list[dict[str, str]] = []
        tags = _aws.absent_as(none, lambda: self.client.get_bucket_tagging(Bucket=name)["TagSet"], "NoSuchTagSet")
        parts = {option: self._part(name, part) for option, part in _s3.PARTS.items()}
        lockable = parts["object_lock"] is not None
        return {
            "arn": f"arn:{self.client.meta.partition}:s3:::{name}",
            "object_lock_enabled": lockable,
            **parts,
            **(self._locks(name) if lockable else {}),
            "tags": _tags.to_dict(tags),
        }

    def _locks(self, name: str) -> Item:
        """For a bucket that pruning could take and a lock holds: whether it holds only what is locked."""
        declared = {item["name"] for item in self.options[self.plural]}
        if not (self.options["force_delete"] and self.options.get("prune")) or name in declared:
            return {}
        found = _s3_locks.contents(self.client, name, lockable=True)
        return {"emptied": not found.loose} if found.locked else {}

    def _part(self, name: str, part: _s3.Part) -> Any:
        """One property's value, None where the bucket has none."""
        return _aws.absent_as(None, lambda: part.read(getattr(self.client, part.get)(Bucket=name)), part.absent)

    def create(self, name: str, desired: Item) -> None:
        """A new bucket gets its tags in the same call, so that an interrupted run finds it as its own."""
        region = self.client.meta.region_name
        place = {} if region == "us-east-1" else {"LocationConstraint": region}
        request = {
            "Bucket": name,
            "ObjectLockEnabledForBucket": bool(desired["object_lock_enabled"]),
            "CreateBucketConfiguration": {**place, "Tags": _tags.to_list(desired["tags"])},
        }
        patiently(lambda: self.client.create_bucket(**request), has_code("OperationAborted"), NAME_DEADLINE)
        self._write(name, {option: desired[option] for option in _s3.PARTS if option != "logging"})

    def _write(self, name: str, properties: Mapping[str, Any]) -> None:
        for option, value in _aws.declared(properties).items():
            part = _s3.PARTS[option]
            if value or not part.delete:
                getattr(self.client, part.put)(Bucket=name, **part.write(value))
            else:
                getattr(self.client, part.delete)(Bucket=name)

    def update(self, name: str, plan: Plan) -> None:
        before, after = plan.before or {}, plan.after or {}
        if "emptied" in plan.options:
            loose = _s3_locks.contents(self.client, name, lockable=True).loose
            _s3_locks.remove(self.client, name, loose)
        changed = plan.options - {"logging", "emptied"}
        self._write(name, {option: after[option] for option in _s3.PARTS if option in changed})
        if "tags" in changed:
            tags = {**before["tags"], **after["tags"]}  # AWS replaces the whole set
            self.client.put_bucket_tagging(Bucket=name, Tagging={"TagSet": _tags.to_list(tags)})

    def settle(self, plans: list[Plan]) -> None:
        """Access logs go to a bucket that this very run may have made."""
        for plan in plans:
            if plan.after and "logging" in plan.options:
                self._write(plan.name, {"logging": plan.after["logging"]})

    def delete(self, name: str, observed: Item) -> None:
        """What AWS still delivers into a bucket of logs comes after it was emptied: again then."""
        late = has_code("BucketNotEmpty") if self.options["force_delete"] else has_code()
        patiently(lambda: _aws.absent_as(None, lambda: self._remove(name), "NoSuchBucket"), late, LOGS_DEADLINE)

    def _remove(self, name: str) -> None:
        if self.options["force_delete"]:
            _s3_locks.empty(self.client, name)
        self.client.delete_bucket(Bucket=name)

    def wanted(self) -> dict[str, Item]:
        """Beside what is declared: that a bucket which stays, as a lock holds some of it, is emptied of the rest."""
        held: dict[str, Item] = {}
        if self.options["force_delete"] and self.options.get("prune"):
            held = {name: {"emptied": True} for name, item in self.observe().items() if self._is_held(name, item)}
        return {**held, **super().wanted()}

    def _is_held(self, name: str, observed: Item) -> bool:
        return "emptied" in observed and self.owned(name, observed)

    def owned(self, name: str, observed: Item) -> bool:
        return super().owned(name, observed) and name not in (self.options.get("kept") or ())


def main() -> None:
    run(Bucket, DOCUMENTATION)


if __name__ == "__main__":
    main()
