#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_releases
short_description: Show what was deployed to the services of an environment
description:
  - Reads the releases that M(uex.payments.stack_deploy) records in the state bucket, the newest first.
  - With O(state=ended) it notes that the services are there no more, so that no release of theirs is in force.
  - A bucket without releases, or one that does not exist yet, is no error.
version_added: "0.1.0"
options:
  services:
    description: Short names of the environment's services.
    type: list
    elements: str
    default: []
  service:
    description: Those that are meant. None means all.
    type: list
    elements: str
    default: []
  count:
    description: How many releases of each service to show, from 1 to 50.
    type: int
    default: 5
  state:
    description: Whether to show releases, or to note their end.
    type: str
    choices: [shown, ended]
    default: shown
  state_bucket:
    description: Bucket of the releases.
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
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
attributes:
  check_mode:
    description: Shows, and notes nothing.
    support: full
"""

EXAMPLES = r"""
- name: The last releases of one service
  uex.payments.stack_releases:
    services: [presentation, uex-backend]
    service: [uex-backend]
    state_bucket: uex-payments-state-123456789012-us-east-1
    state_prefix: uex-payments/dev
"""

RETURN = r"""
releases:
  description: The releases of each service, the newest first, as docs/deployments.md describes them.
  returned: success
  type: dict
table:
  description: The same for a person, line by line.
  returned: success
  type: list
  elements: str
"""

import getpass
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _release
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module
from ansible_collections.uex.payments.plugins.module_utils._state import NoStateBucket, Store


def problems(options: Mapping[str, Any]) -> Iterable[str]:
    """What is wrong with the input."""
    if not 1 <= options["count"] <= _release.KEPT:
        yield f"count: from 1 to {_release.KEPT}, not {options['count']}"
    unknown = sorted(set(options["service"]) - set(options["services"]))
    if unknown:
        yield f"service: there is no {', '.join(unknown)}; there are {', '.join(options['services'])}"


def noted(connect: Callable[[str], Any], store: Store, document: _release.Document, check_mode: bool) -> bool:
    """Whether releases are in force; unless it is a check, their end is noted."""
    names = sorted(_release.in_force(document))
    if names and not check_mode:
        who = {
            "arn": connect("sts").get_caller_identity()["Arn"],
            "user": getpass.getuser(),
            "host": socket.gethostname(),
        }
        for name in names:
            document = _release.over(document, name, who, time.time())
        _release.keep(store, document)
    return bool(names)


def main() -> None:
    module = new_module(DOCUMENTATION)
    options, connect = module.params, connector(module)
    if wrong := list(problems(options)):
        module.fail_json(msg="; ".join(wrong))
    store = Store(connect, options["state_bucket"], options["state_prefix"], options["account_id"])
    try:
        document = _release.load(connect, store)
        if options["state"] == "ended":
            module.exit_json(changed=noted(connect, store, document, module.check_mode), actions=[])
    except NoStateBucket as absent:
        module.exit_json(changed=False, releases={}, table=[f"No release is recorded: {absent}"])
    except Exception as error:
        module.fail_json(msg=str(failure(options["state_prefix"], "releases", error)))
    names = options["service"] or options["services"]
    kept = {name: document.get(name, [])[: options["count"]] for name in names}
    module.exit_json(changed=False, releases=kept, table=_release.table(document, names, options["count"]))


if __name__ == "__main__":
    main()
