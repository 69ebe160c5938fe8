#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_health
short_description: Check whether a running environment is well
description:
  - Looks at the load balancer and its targets, the services, all paths by real requests, certificates, databases and
    caches, backups, alarms, subscriptions and the lock, all at once and within O(deadline).
  - Shows one row for each check, worst first, with its state, what was found and what to do next, writes them to
    C(health.json), and fails if the state of one is in O(fail_on). One check's failure hides no other's row; a denied
    read is V(unknown), with the IAM action that is missing.
version_added: "0.1.0"
options:
  name:
    description: Beginning of all names of the environment, such as V(uex-payments-dev).
    type: str
    required: true
  environment:
    description: The environment.
    type: str
    required: true
  tags:
    description: The ownership tags C(Project), C(Environment) and C(ManagedBy).
    type: dict
    required: true
  directory:
    description: Folder in which the environment's own folder gets C(health.json).
    type: path
    default: build
  emulated:
    description: Whether this is the embedded AWS. What nothing can answer there is then V(skipped).
    type: bool
    default: false
  inventories:
    description: The inventories as options of a command line, for advice that is a command.
    type: str
    default: -i <inventory>
  services:
    description:
      - The services, each with C(name), C(full_name), C(path), C(target_group), C(alternate_target_group),
        C(repository_name), C(image_tag), C(log_group) and C(secrets), as the inventory has them.
    type: list
    elements: dict
    required: true
  databases:
    description: Identifiers of the DB instances that must be there, the primary first.
    type: list
    elements: str
    required: true
  caches:
    description: Identifiers of the replication groups that must be there.
    type: list
    elements: str
    default: []
  lock_table:
    description: Name of the table of locks.
    type: str
    required: true
  lock_name:
    description: The environment's key in the table of locks.
    type: str
    required: true
  domain:
    description: The name under which clients reach the load balancer; empty means its own.
    type: str
    default: ""
  self_signed:
    description: Whether the certificate is self-signed, so that it is not verified.
    type: bool
    default: false
  address:
    description: C(host:port) where HTTPS of the load balancer really is, where its name does not lead there.
    type: str
    default: ""
  http_address:
    description: The same of HTTP. Without it, and with O(address), the redirection is not asked for.
    type: str
    default: ""
  paths:
    description: The path that is asked for, by service, in place of the service's own.
    type: dict
    default: {}
  statuses:
    description: HTTP statuses that are well, such as V(200) or V(200-399).
    type: list
    elements: str
    default: [200-399, "401", "403"]
  slow_ms:
    description: Milliseconds above which an answer is a warning.
    type: int
    default: 2000
  timeout:
    description: Seconds that a request may take, connection and all.
    type: float
    default: 5
  deadline:
    description: Seconds after which what was not found out yet is V(unknown).
    type: float
    default: 30
  maintenance_message:
    description: What the load balancer answers with 503 under maintenance, which is a warning then.
    type: str
    default: ""
  certificate_warning_days:
    description: Days that a certificate must be good for, else it is a warning.
    type: int
    default: 30
  certificate_failed_days:
    description: Days that a certificate must be good for, else it is failed.
    type: int
    default: 7
  lag_warning:
    description: Seconds that a replica may be behind.
    type: int
    default: 60
  lag_failed:
    description: Seconds behind at which a replica is failed.
    type: int
    default: 300
  backup_max_age_hours:
    description: How old the newest snapshot may be.
    type: int
    default: 26
  insufficient_minutes:
    description: Minutes that an alarm may have no data.
    type: int
    default: 60
  probe:
    description:
      - From where database, cache and UEX API are asked with the stored credentials.
      - V(none) asks nobody, V(local) asks from here, V(task) from a one-off task of O(task_service), which check mode
        does not start.
    type: str
    choices: [none, local, task]
    default: none
  ca_file:
    description: >-
      File with authorities to trust besides the system's, such as RDS's; V(local) logs in to a database only with it.
    type: path
  task_service:
    description: The service whose task definition, network and credentials the one-off task has.
    type: str
    default: uex-backend
  task_ca_file:
    description: The same as O(ca_file) within the image of that service.
    type: str
    default: ""
  task_deadline:
    description: Seconds that the one-off task may take.
    type: int
    default: 240
  uex_url:
    description: What of the UEX API is asked for, by HTTPS. Empty means that it is not asked.
    type: str
    default: ""
  uex_headers:
    description: Which part of the secret C(uex-api) each header of that request has.
    type: dict
    default: {}
  fail_on:
    description: States that make an environment unhealthy.
    type: list
    elements: str
    choices: [failed, warning, unknown]
    default: [failed]
  fail:
    description: Whether the task fails where the environment is not healthy; else only RV(verdict) says so.
    type: bool
    default: true
  quiet:
    description: Whether one line is shown in place of the table.
    type: bool
    default: false
  metric:
    description: >-
      Whether the verdict is put into CloudWatch, as C(Healthy), C(Failed), C(Warnings) and C(Unknown) of C(UEX/Health).
    type: bool
    default: false
  topic:
    description: Name of a topic that is told where the environment is not healthy; empty means none.
    type: str
    default: ""
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
attributes:
  check_mode:
    description: Looks as ever, but starts no task and tells nobody.
    support: full
"""

EXAMPLES = r"""
- name: Health
  uex.payments.stack_health:
    name: uex-payments-dev
    environment: dev
    tags: {Project: uex-payments, Environment: dev, ManagedBy: uex.payments}
    services:
      - name: presentation
        full_name: uex-payments-dev-presentation
        path: /presentation
        target_group: uex-payments-dev-presentation
        alternate_target_group: ""
        repository_name: uex-payments-dev/presentation
        image_tag: latest
        log_group: uex-payments-dev-presentation
        secrets: {}
    databases: [uex-payments-dev-db]
    caches: [uex-payments-dev-redis]
    lock_table: uex-payments-locks
    lock_name: uex-payments/dev
"""

RETURN = r"""
verdict:
  description: V(healthy), V(unhealthy), or V(unknown) where what matters could not be looked at.
  returned: always
  type: str
checks:
  description: >-
    The rows, each with C(subject), C(name), C(state) (V(ok), V(warning), V(failed), V(unknown) or V(skipped)),
    C(found), C(advice), and the measured C(value) with its C(unit), null and empty where there is none.
  returned: always
  type: list
  elements: dict
summary:
  description: How many rows have each state.
  returned: always
  type: dict
seconds:
  description: How long it took.
  returned: always
  type: float
told:
  description: What was told to whom.
  returned: success
  type: list
  elements: str
file:
  description: The file with the rows.
  returned: always
  type: str
"""

import time

from ansible_collections.uex.payments.plugins.module_utils import (
    _health,
    _health_data,
    _health_edge,
    _health_published,
    _health_reach,
    _health_rules,
    _health_services,
    _health_watch,
)
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module

CHECKS = (*_health_edge.CHECKS, *_health_services.CHECKS, *_health_data.CHECKS, *_health_watch.CHECKS)


def main() -> None:
    """The rows; the action plugin of the same name shows, keeps and judges them."""
    module = new_module(DOCUMENTATION)
    options = module.params
    problems = list(_health_rules.problems(options))
    if problems:
        module.fail_json(msg="; ".join(problems))
    connect, begun = connector(module), time.monotonic()
    rows = _health.carry_out(CHECKS, connect, options, options["deadline"])
    left = options["deadline"] - (time.monotonic() - begun)
    rows += _health.carry_out(_health_edge.REQUESTS, connect, options, max(left, options["timeout"]))
    rows += _health_reach.results(connect, options, module.check_mode)
    seconds = time.monotonic() - begun
    found = _health.document(options["name"], options["environment"], rows, options["fail_on"], seconds)
    asked = {"metric": options["metric"] and not module.check_mode, "topic": options["topic"] * (not module.check_mode)}
    try:
        told = _health_published.publish(connect, found, **asked)
    except Exception as error:
        module.fail_json(msg=str(failure(options["name"], "publish", error)), **found)
    module.exit_json(changed=bool(told), told=told, **found)


if __name__ == "__main__":
    main()
