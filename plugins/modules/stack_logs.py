#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_logs
short_description: Show a service's log
description:
  - Returns the command of the AWS CLI that tails a service's log group, or with O(show) the lines themselves.
  - With O(follow) the action of the same name reads again and again, and shows new lines until it is interrupted.
version_added: "0.1.0"
options:
  services:
    description: The environment's services, with C(name), C(log_group) and C(log).
    type: list
    elements: dict
    required: true
  service:
    description: Short name of the service.
    type: str
    required: true
  since:
    description: How far back to begin, a number and V(s), V(m), V(h), V(d) or V(w).
    type: str
    default: 15m
  filter:
    description: A filter pattern of CloudWatch Logs. Empty means all lines.
    type: str
    default: ""
  show:
    description: Whether to read the lines.
    type: bool
    default: false
  follow:
    description: Whether to go on with what comes. It implies O(show).
    type: bool
    default: false
  begin:
    description: Where to begin in place of O(since), in milliseconds since 1970. The action sets it.
    type: int
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
attributes:
  check_mode:
    description: Shows the command, and reads nothing.
    support: full
"""

EXAMPLES = r"""
- name: Errors of the last hour
  uex.payments.stack_logs:
    services: [{name: uex-backend, log_group: uex-payments-dev-uex-backend, log: {driver: awslogs}}]
    service: uex-backend
    since: 1h
    filter: ERROR
    show: true
"""

RETURN = r"""
command:
  description: The command of the AWS CLI, word by word.
  returned: success
  type: list
  elements: str
events:
  description: The events by their ids, each with the line for a person and its C(timestamp) in milliseconds.
  returned: when lines are read
  type: dict
more:
  description: Whether there are more than were read.
  returned: when lines are read
  type: bool
table:
  description: The command as it is typed.
  returned: when no lines are read
  type: list
  elements: str
"""

import time
from collections.abc import Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _cli
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module

MOST = 10_000  #: events that one call returns


def events(client: Any, group: str, pattern: str, begin: int) -> tuple[list[Mapping[str, Any]], bool]:
    """The events since C(begin), in milliseconds, and whether there are more than are read at once."""
    query = {"logGroupName": group, "startTime": begin, **({"filterPattern": pattern} if pattern else {})}
    pages = client.get_paginator("filter_log_events").paginate(**query, PaginationConfig={"MaxItems": MOST})
    found = [event for page in pages for event in page["events"]]
    return found, pages.resume_token is not None


def read(client: Any, service: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """The module's result where lines are read."""
    begin = options["begin"] or int(1000 * (time.time() - _cli.seconds(options["since"])))
    found, more = events(client, service["log_group"], options["filter"], begin)
    told = {
        each["eventId"]: {"line": _cli.line(each, service["name"]), "timestamp": each["timestamp"]} for each in found
    }
    return {"events": told, "more": more}


def main() -> None:
    module = new_module(DOCUMENTATION)
    options = module.params
    shows = (options["show"] or options["follow"]) and not module.check_mode
    try:
        _cli.seconds(options["since"])
        service = _cli.service_of(options["services"], options["service"])
    except ValueError as error:
        module.fail_json(msg=str(error))
    driver = service["log"]["driver"]
    if driver != "awslogs":
        module.fail_json(
            msg=f"stack_services.{service['name']}.log.driver: its lines go to {driver}, not to a log group"
        )
    words = _cli.tail(service["log_group"], options["since"], options["filter"], options["follow"], options)
    try:
        result = read(connector(module)("logs"), service, options) if shows else {"table": [_cli.text(words)]}
    except Exception as error:
        module.fail_json(msg=str(failure(service["log_group"], "read", error)))
    module.exit_json(changed=False, command=words, **result)


if __name__ == "__main__":
    main()
