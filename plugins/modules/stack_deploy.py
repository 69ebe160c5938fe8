#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_deploy
short_description: Deploy services or roll them back, and follow what becomes of it
description:
  - Brings services to an image, or back to what an earlier release ran. A copy of the revision that a service runs gets
    the image; nothing else of it changes.
  - Services of one order are deployed at once, those of a higher one after them, and not at all if one before failed.
  - What happens is shown as it happens, by stage, with tasks that failed and why, alarms, and pauses that wait.
  - A deployment has succeeded when ECS says so, all tasks run and their targets are healthy. One that was taken back
    fails the run.
  - Releases are recorded in the state bucket, before they begin and when they have ended.
  - The action of the same name does this with many short calls of the module, which are its O(step)s.
version_added: "0.1.0"
options:
  verb:
    description: Whether to V(deploy) images or to go back to what ran before.
    type: str
    choices: [deploy, rollback]
    default: deploy
  cluster:
    description: Name of the cluster, which is the beginning of all names too.
    type: str
    required: true
  services:
    description: The complete services of the environment, as P(uex.payments.merge_services#filter) returns them.
    type: list
    elements: dict
    required: true
  service:
    description:
      - Short names of the services that are meant, V(all) for all.
      - None means all to deploy, or those that O(image_tags) names. To roll back it means those of the newest run that
        deployed.
    type: list
    elements: str
    default: []
  image_tag:
    description: The tag to deploy. Empty means the one that each service is to run anyway.
    type: str
    default: ""
  image_tags:
    description: Tags by service, before O(image_tag).
    type: dict
    default: {}
  force:
    description: Whether to deploy also where the service runs that image already.
    type: bool
    default: false
  release:
    description: To roll back, the id or image tag of the release to go back to. Empty means the one before.
    type: str
    default: ""
  on_failure:
    description: Whether what went well before another service failed is kept, or rolled back too.
    type: str
    choices: [keep, rollback]
    default: keep
  wait:
    description: Whether to wait for a deployment that is in progress already. Otherwise it is a reason to do nothing.
    type: bool
    default: false
  timeout:
    description:
      - Minutes for which a deployment may stay as it is, beyond what its own configuration allows, until it is taken
        back.
    type: int
    default: 15
  registry:
    description: Where the images are, such as V(123456789012.dkr.ecr.us-east-1.amazonaws.com).
    type: str
    required: true
  pin_images:
    description: Whether revisions name an image by its digest.
    type: bool
    default: true
  confirmed:
    description: Full names of the services that may be deployed although production points at no healthy target.
    type: list
    elements: str
    default: []
  state_bucket:
    description: Bucket in which releases are recorded.
    type: str
    required: true
  state_prefix:
    description: Beginning of the environment's keys, such as V(uex-payments/dev).
    type: str
    required: true
  account_id:
    description: The account that the bucket must belong to.
    type: str
    required: true
  approve:
    description: The command that ends a pause, to be shown where a deployment waits at one.
    type: str
    default: ""
  environment:
    description:
      - The environment's name, and the folder for its files, for the callback P(uex.payments.lifecycle#callback).
    type: dict
    default: {}
  step:
    description:
      - Which part of it to do. The action sets it; by itself the module only plans.
    type: str
    choices: [plan, begin, look, stop, end]
    default: plan
  steps:
    description: What O(step=plan) returned, for the other parts.
    type: list
    elements: dict
    default: []
  outcomes:
    description: What became of each service, for O(step=end).
    type: dict
    default: {}
  run:
    description: The C(id) under which the run is recorded, and C(user) and C(host), for O(step=begin).
    type: dict
    default: {}
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
attributes:
  check_mode:
    description: Shows from what to what each service would be brought, and what is in the way.
    support: full
"""

EXAMPLES = r"""
- name: One service
  uex.payments.stack_deploy:
    cluster: uex-payments-dev
    services: "{{ stack_service_list }}"
    service: [uex-backend]
    image_tag: 1.4.3
    registry: 123456789012.dkr.ecr.us-east-1.amazonaws.com
    state_bucket: uex-payments-state-123456789012-us-east-1
    state_prefix: uex-payments/dev
    account_id: "123456789012"
"""

RETURN = r"""
steps:
  description:
    - What is done to each service, with C(name), C(act), C(from) and C(to).
  returned: success
  type: list
  elements: dict
outcomes:
  description: What became of each service that was begun, with C(result), C(reason) and C(seconds).
  returned: but in check mode
  type: dict
looks:
  description: How far each service is, for O(step=look).
  returned: when O(step=look)
  type: dict
problems:
  description: Why nothing is done.
  returned: when O(step=plan)
  type: list
  elements: str
notes:
  description: What else to know before it is begun.
  returned: when O(step=plan)
  type: list
  elements: str
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
table:
  description: What became of each service, line by line.
  returned: always
  type: list
  elements: str
run:
  description: The option O(environment).
  returned: always
  type: dict
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _deploy_survey, _deploying, _release
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module
from ansible_collections.uex.payments.plugins.module_utils._state import NoStateBucket, Store

Connect = Callable[[str], Any]
Options = Mapping[str, Any]


def plan(connect: Connect, store: Store, options: Options) -> dict[str, Any]:
    """In an account without the state bucket nothing is recorded, and a real run has failed at its lock."""
    try:
        document = _release.load(connect, store)
    except NoStateBucket:
        document = {}
    found = _deploy_survey.plan(connect, document, options)
    return {"steps": found.steps, "problems": found.problems, "notes": list(found.warnings)}


def begin(connect: Connect, store: Store, options: Options) -> dict[str, Any]:
    return {"steps": _deploying.begin(connect, store, options), "changed": True}


def look(connect: Connect, store: Store, options: Options) -> dict[str, Any]:
    return {"looks": _deploying.looks(connect, options)}


def stop(connect: Connect, store: Store, options: Options) -> dict[str, Any]:
    _deploying.stop(connect, options)
    return {"changed": True}


def end(connect: Connect, store: Store, options: Options) -> dict[str, Any]:
    _deploying.end(connect, store, options)
    return {"changed": True}


STEPS: dict[str, Callable[[Connect, Store, Options], dict[str, Any]]] = {
    "plan": plan,
    "begin": begin,
    "look": look,
    "stop": stop,
    "end": end,
}


def main() -> None:
    module = new_module(DOCUMENTATION)
    options, connect = module.params, connector(module)
    step = "plan" if module.check_mode else options["step"]
    store = Store(connect, options["state_bucket"], options["state_prefix"], options["account_id"])
    try:
        result = STEPS[step](connect, store, options)
    except Exception as error:
        module.fail_json(msg=str(failure(options["cluster"], f"{options['verb']} ({step})", error)))
    module.exit_json(**{"changed": False, **result})


if __name__ == "__main__":
    main()
