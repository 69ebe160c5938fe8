#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: s3_object_restore
short_description: Bring the objects of a bucket to how they were at a moment
description:
  - Copies the version that was the current one then over the present one, or takes away the marks by which an object
    was deleted since. What is so already is left alone.
  - No version is ever deleted, so that a restore can be undone by another one to a later moment.
version_added: "0.1.0"
options:
  bucket:
    description: The bucket. It must have versions.
    type: str
    required: true
  prefix:
    description: Only objects whose keys begin so.
    type: str
    default: ""
  as_of:
    description: The moment, in ISO 8601.
    type: str
    required: true
  remove_markers:
    description:
      - Whether an object that was only deleted comes back by taking away the marks. Otherwise its version is copied.
    type: bool
    default: true
  delete_newer:
    description: Whether objects that were not there then are deleted. Their versions stay.
    type: bool
    default: false
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
attributes:
  check_mode:
    description: Says what would be copied, undeleted and deleted. Changes nothing.
    support: full
"""

EXAMPLES = r"""
- name: Exports as they were this morning
  uex.payments.s3_object_restore:
    bucket: uex-payments-dev-backups-123456789012-us-east-1
    prefix: exports/
    as_of: "2026-11-27T06:00:00Z"
"""

RETURN = r"""
counts:
  description: How many objects were, or would be, C(copy), C(undelete), C(delete) and C(newer) (left alone).
  returned: success
  type: dict
size_bytes:
  description: Bytes of those that were, or would be, copied and undeleted.
  returned: success
  type: int
objects:
  description: Why objects could not be brought back, by key.
  returned: always
  type: dict
table:
  description: All of it for a person, line by line.
  returned: always
  type: list
  elements: str
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _object_versions, _restore
from ansible_collections.uex.payments.plugins.module_utils._errors import code_of, failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module
from ansible_collections.uex.payments.plugins.module_utils._object_versions import COPY, DELETE, NEWER, UNDELETE, Action

#: What to do about an object that S3 cannot copy at once.
ARCHIVED = "it is archived: aws s3api restore-object it, wait, and run this again"


class NotVersioned(Exception):
    """A bucket that keeps no versions."""


def problems(options: Mapping[str, Any], now: datetime.datetime) -> Iterable[str]:
    """What is wrong with the input."""
    moment = _restore.moment(options["as_of"])
    if moment is None:
        yield f"as_of: a moment such as 2026-11-27T06:00:00Z, not {options['as_of']!r}"
    elif moment > now:
        yield f"as_of: {_restore.text(moment)} is yet to come"


def found(client: Any, options: Mapping[str, Any]) -> list[Action]:
    """What has to be done. Raises NotVersioned."""
    bucket = options["bucket"]
    if not client.get_bucket_versioning(Bucket=bucket).get("Status"):
        raise NotVersioned(f"{bucket} keeps no versions, so nothing of before is there")
    pages = client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=options["prefix"])
    entries = (each for page in pages for each in _object_versions.versions(page))
    as_of = _restore.moment(options["as_of"]) or datetime.datetime.now(datetime.UTC)
    return _object_versions.actions(entries, as_of, options["remove_markers"], options["delete_newer"])


def carried_out(client: Any, bucket: str, action: Action) -> tuple[str, str]:
    """The key of one object, and why it could not be brought back; one failure hides no other."""
    try:
        _carry_out(client, bucket, action)
    except Exception as error:
        why = ARCHIVED if code_of(error) == "InvalidObjectState" else str(failure(action.key, action.what, error))
        return action.key, why
    return action.key, ""


def _carry_out(client: Any, bucket: str, action: Action) -> None:
    if action.what == COPY:
        source = {"Bucket": bucket, "Key": action.key, "VersionId": action.version}
        client.copy(source, bucket, action.key)  # in parts where the object is large
    for marker in action.markers:
        client.delete_object(Bucket=bucket, Key=action.key, VersionId=marker)
    if action.what == DELETE:
        client.delete_object(Bucket=bucket, Key=action.key)


def restored(client: Any, options: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """The module's result."""
    todo = found(client, options)
    doing = [] if check_mode else [each for each in todo if each.what != NEWER]
    outcomes = _aws.concurrently(lambda action: carried_out(client, options["bucket"], action), doing)
    failed = {key: why for key, why in outcomes if why}
    changing = [each for each in todo if each.what != NEWER and each.key not in failed]
    return {
        "changed": bool(changing),
        "counts": dict(Counter(each.what for each in todo)),
        "size_bytes": sum(each.size for each in changing if each.what in (COPY, UNDELETE)),
        "objects": failed,
        "table": _object_versions.table(todo, failed, done=not check_mode),
    }


def main() -> None:
    module = new_module(DOCUMENTATION)
    options = module.params
    if wrong := list(problems(options, datetime.datetime.now(datetime.UTC))):
        module.fail_json(msg="; ".join(wrong), table=[])
    try:
        result = restored(connector(module)("s3"), options, module.check_mode)
    except Exception as error:
        module.fail_json(msg=str(failure(options["bucket"], "restore", error)), table=[])
    if result["objects"]:
        msg = f"{len(result['objects'])} objects of {options['bucket']} could not be brought back; the others were"
        module.fail_json(msg=msg, actions=[], **result)
    module.exit_json(actions=[], **result)


if __name__ == "__main__":
    main()
