#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_history
short_description: Show what runs have done to an environment
description:
  - Reads the records that runs leave in the state bucket. Lists them, newest first, or shows one whole.
  - A bucket without records, or one that does not exist yet, is no error.
version_added: "0.1.0"
options:
  state_bucket:
    description: Bucket of the records.
    type: str
    required: true
  state_prefix:
    description: Beginning of the environment's keys, such as V(uex-payments/dev).
    type: str
    required: true
  account_id:
    description: The account that the bucket must belong to, 12 digits. Empty means any.
    type: str
    default: ""
  count:
    description: How many runs to list, from 1 to 1000.
    type: int
    default: 20
  run:
    description:
      - Id of the one run to show, as the list has it. One that is not recorded is an error.
      - Empty means the list.
    type: str
    default: ""
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
"""

EXAMPLES = r"""
- name: The last ten runs
  uex.payments.stack_history:
    state_bucket: uex-payments-state-123456789012-us-east-1
    state_prefix: uex-payments/dev
    count: 10

- name: One of them
  uex.payments.stack_history:
    state_bucket: uex-payments-state-123456789012-us-east-1
    state_prefix: uex-payments/dev
    run: 20261126T180500Z-12
"""

RETURN = r"""
runs:
  description: The records, newest first, each with C(summary) in place of its plan and layers.
  returned: when a list is asked for
  type: list
  elements: dict
record:
  description: The whole record.
  returned: when O(run) is given
  type: dict
table:
  description: The same for a person, line by line.
  returned: success
  type: list
  elements: str
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _history, _record
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module
from ansible_collections.uex.payments.plugins.module_utils._state import NoStateBucket, Store

MOST = 1000


class NoSuchRun(Exception):
    """Nothing is recorded under the id."""


def problems(options: Mapping[str, Any]) -> Iterable[str]:
    """What is wrong with the input."""
    if not 1 <= options["count"] <= MOST:
        yield f"count: from 1 to {MOST}, not {options['count']}"
    if options["run"] and not _record.is_id(options["run"]):
        yield f"run: an id such as 20261126T180500Z-12, not {options['run']!r}"


def read(store: Store, name: str) -> dict[str, Any]:
    """The record of that name."""
    text = store.read(name)
    if text is None:
        raise NoSuchRun(f"s3://{store.bucket}/{store.prefix}/{name} is not there; the list without run has the ids")
    try:
        record: dict[str, Any] = json.loads(text)
    except ValueError as error:
        raise ValueError(f"s3://{store.bucket}/{store.prefix}/{name} is no record: {error}") from error
    return record


def found(store: Store, options: Mapping[str, Any]) -> dict[str, Any]:
    """The module's result."""
    if options["run"]:
        record = read(store, _record.name(options["run"]))
        return {"record": record, "table": _history.whole(record)}
    names = [name for name in store.names(_record.FOLDER) if _record.is_id(_record.id_of(name))]
    newest = sorted(names, reverse=True)[: options["count"]]
    records = _aws.concurrently(lambda name: read(store, name), newest)
    place = f"s3://{store.bucket}/{store.prefix}/{_record.FOLDER}"
    return {"runs": [_history.brief(record) for record in records], "table": _history.listed(records, place)}


def main() -> None:
    module = new_module(DOCUMENTATION)
    options = module.params
    if wrong := list(problems(options)):
        module.fail_json(msg="; ".join(wrong))
    store = Store(connector(module), options["state_bucket"], options["state_prefix"], options["account_id"])
    try:
        result = found(store, options)
    except NoStateBucket as absent:
        result = {"runs": [], "table": [f"No run is recorded: {absent}"]}
    except Exception as error:
        module.fail_json(msg=str(failure(options["run"] or options["state_prefix"], "history", error)))
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
