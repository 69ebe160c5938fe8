#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_notification_test
short_description: Prove that an environment's topics and alarms get through
description:
  - Sends one message through each topic, and lets an alarm that is made for it go off and be over.
  - Returns who has confirmed, what AWS says of the alarm's actions, and what SNS has counted so far.
  - Fails if a topic is missing or takes no message, if an action of the alarm fails, or if the alarm does not end in
    C(OK). The alarm is deleted in any case.
version_added: "0.1.0"
options:
  name:
    description: Beginning of all names of the environment, such as V(uex-payments-dev).
    type: str
    required: true
  tags:
    description: Tags of the alarm while it exists.
    type: dict
    required: true
  text:
    description: What is sent.
    type: str
    required: true
  require_confirmed:
    description: Whether a topic that nobody has confirmed a subscription of is a failure. It is told in any case.
    type: bool
    default: false
  deadline:
    description: Seconds until AWS must have noted each action of the alarm.
    type: int
    default: 60
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
attributes:
  check_mode:
    description: Shows the topics and who is told by them. Sends nothing and makes no alarm.
    support: full
"""

EXAMPLES = r"""
- name: Alerting is proven
  uex.payments.stack_notification_test:
    name: uex-payments-dev
    text: This is a test.
    tags: {Project: uex-payments, Environment: dev, Layer: monitoring, ManagedBy: uex.payments}
"""

RETURN = r"""
topics:
  description: ARNs by severity.
  returned: success
  type: dict
subscriptions:
  description: Who is told, as C(topic), C(protocol), C(endpoint) and C(pending).
  returned: success
  type: list
  elements: dict
messages:
  description: By severity C(message_id), or C(problem).
  returned: success, but in check mode
  type: dict
alarm:
  description: The alarm's C(name), the C(state) in which it ended, and what AWS says of its C(actions).
  returned: success, but in check mode
  type: dict
deliveries:
  description: By severity, what SNS has C(delivered) and C(failed) to in the last quarter of an hour. Null where it has
    counted nothing yet, which takes it minutes.
  returned: success, but in check mode
  type: dict
table:
  description: All of it for a person, line by line.
  returned: always
  type: list
  elements: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _notification_test
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module


def proven(connect: Callable[[str], Any], options: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """What was found, and, but in check mode, what was sent and what came of it."""
    result = _notification_test.found(connect, options["name"])
    if check_mode:
        return result
    topics = result["topics"]
    result["messages"] = _notification_test.publish(connect, topics, options["name"], options["text"])
    topic = topics.get(_notification_test.ALARMED)
    if topic:
        result["alarm"] = _notification_test.drill(
            connect, options["name"], topic, options["tags"], options["deadline"]
        )
    return {**result, "deliveries": _notification_test.deliveries(connect, topics)}


def main() -> None:
    module = new_module(DOCUMENTATION)
    options = module.params
    try:
        result = proven(connector(module), options, module.check_mode)
    except Exception as error:
        module.fail_json(msg=str(failure(options["name"], "notification test", error)))
    wrong, silent = _notification_test.problems(result), _notification_test.silent(result)
    wrong += silent if options["require_confirmed"] else []
    sent, table = not module.check_mode, [*_notification_test.table(result), *silent]
    if wrong:
        module.fail_json(msg="; ".join(wrong), changed=sent, actions=[], table=table)
    module.exit_json(changed=sent, actions=[], table=table, **result)


if __name__ == "__main__":
    main()
