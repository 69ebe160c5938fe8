#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_measurement
short_description: Keep what a restore or a drill has measured
description:
  - Writes a record into the state bucket, beside those of the runs, so that what was measured can be shown later.
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
  operation:
    description: What was measured.
    type: str
    required: true
    choices: [failover, restore]
  measured:
    description: What is kept.
    type: dict
    required: true
  advice:
    description: Lines for the person who runs it, shown below.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
attributes:
  check_mode:
    description: Writes nothing.
    support: full
"""

EXAMPLES = r"""
- name: How long it took
  uex.payments.stack_measurement:
    state_bucket: uex-payments-state-123456789012-us-east-1
    state_prefix: uex-payments/dev
    operation: failover
    measured: {what: database, outage_seconds: 34.5}
"""

RETURN = r"""
address:
  description: Where the record is.
  returned: success, but in check mode
  type: str
table:
  description: O(advice), and where the record is.
  returned: success
  type: list
  elements: str
"""

import datetime
import json

from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module
from ansible_collections.uex.payments.plugins.module_utils._state import Store


def name(operation: str, moment: datetime.datetime) -> str:
    """Where a record is kept, below the environment's prefix; in the order of letters they are in that of time."""
    return f"{operation}s/{moment:%Y%m%dT%H%M%SZ}.json"


def main() -> None:
    module = new_module(DOCUMENTATION)
    options = module.params
    if module.check_mode:
        module.exit_json(changed=False, actions=[], table=options["advice"])
    store = Store(connector(module), options["state_bucket"], options["state_prefix"], options["account_id"])
    now = datetime.datetime.now(datetime.UTC)
    record = {"operation": options["operation"], "at": now.isoformat(timespec="seconds"), **options["measured"]}
    try:
        address = store.write(name(options["operation"], now), json.dumps(record, indent=2, sort_keys=True))
    except Exception as error:
        module.fail_json(msg=str(failure(options["state_prefix"], "record", error)))
    module.exit_json(changed=False, actions=[], address=address, table=[*options["advice"], f"Recorded in {address}"])


if __name__ == "__main__":
    main()
