#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_load_test
short_description: Load an environment's paths and judge how it answers
description:
  - Sends requests to a path of each service, by locust, and passes if the 95th percentile of the answers' times and the
    share of requests that are answered meet the criteria, for each path and for all.
  - Shows how it goes, then a table; writes C(load_test.json), C(load_test.html) and C(load_test.log).
  - Refuses production without O(confirm).
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
  directory:
    description: Folder in which the environment's own folder gets the results.
    type: path
    default: build
  emulated:
    description: Whether this is the embedded AWS, whose load balancer is only where O(address) or O(url) says.
    type: bool
    default: false
  confirm:
    description: The environment's name, which production demands.
    type: str
    default: ""
  services:
    description: The services, each with C(name) and C(path).
    type: list
    elements: dict
    required: true
  domain:
    description: The name under which clients reach the load balancer; empty means its own.
    type: str
    default: ""
  self_signed:
    description: Whether the certificate is self-signed, so that it is not verified.
    type: bool
    default: false
  url:
    description: Where requests go in place of the environment's own address.
    type: str
    default: ""
  address:
    description: C(host:port) where the load balancer really is; requests still bear its name. Only with O(self_signed).
    type: str
    default: ""
  users:
    description: Clients at once.
    type: int
    default: 50
  spawn_rate:
    description: Clients that are added each second.
    type: float
    default: 5
  duration:
    description: Seconds that it takes, the time in which clients are added included.
    type: int
    default: 120
  think_min:
    description: Seconds that a client waits at least between two requests.
    type: float
    default: 0.5
  think_max:
    description: Seconds that a client waits at most between two requests.
    type: float
    default: 2
  timeout:
    description: Seconds after which a request has failed.
    type: float
    default: 10
  weights:
    description: How often each service is asked, by name, in comparison with the others; 1 where nothing is said.
    type: dict
    default: {}
  paths:
    description: The path that is asked for, by service, in place of the service's own.
    type: dict
    default: {}
  statuses:
    description: HTTP statuses that are answers, such as V(200) or V(200-399); all others are failures.
    type: list
    elements: str
    default: [200-399]
  p95_ms:
    description: Milliseconds that the 95th percentile must be below.
    type: int
    default: 2000
  availability:
    description: Percent of requests that must be answered.
    type: float
    default: 99.9
  headers_variable:
    description: Name of a variable with headers, such as one of a vault; the value is never shown.
    type: str
    default: ""
  headers_stored_as:
    description: Name of a secret with headers as JSON, without the beginning of the environment's names.
    type: str
    default: ""
  locust:
    description: The program; empty means the one that C(make load-test) installs, or the one on the path.
    type: str
    default: ""
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
attributes:
  check_mode:
    description: Says what would be sent where. Sends nothing.
    support: full
"""

EXAMPLES = r"""
- name: Six paths under load
  uex.payments.stack_load_test:
    name: uex-payments-staging
    environment: staging
    services: [{name: presentation, path: /presentation}]
    users: 100
    duration: 300
"""

RETURN = r"""
url:
  description: Where requests went.
  returned: success
  type: str
verdict:
  description: V(passed) or V(failed).
  returned: success, but in check mode
  type: str
results:
  description: >-
    One entry for each service, then one for C(all), each with C(requests), C(failures), C(availability) in percent,
    C(p50_ms), C(p95_ms), C(p99_ms), C(requests_per_second) and C(misses), the criteria that are not met.
  returned: success, but in check mode
  type: list
  elements: dict
errors:
  description: What went wrong, each with C(name), C(error) and C(times).
  returned: success, but in check mode
  type: list
  elements: dict
files:
  description: The files with the results.
  returned: success, but in check mode
  type: list
  elements: str
"""

from ansible_collections.uex.payments.plugins.module_utils import _health_edge, _load_test
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module

#: What the action needs of the options; who calls AWS is none of it.
SENT = (
    *("name", "environment", "directory", "services", "users", "spawn_rate", "duration", "think_min", "think_max"),
    *("timeout", "weights", "paths", "statuses", "p95_ms", "availability", "self_signed", "locust"),
    *("headers_variable", "headers_stored_as"),
)
NOBODY = (
    "nothing answers behind the embedded load balancer: make load-test has an nginx answer, -e address= names a server"
)
UNVERIFIED = "operations_load_test_address: only where the certificate is self-signed, as it bears another name"


def main() -> None:
    """Where requests go; the action plugin of the same name sends them."""
    module = new_module(DOCUMENTATION)
    options = module.params
    refusal = "" if module.check_mode else _load_test.refusal(options)
    problems = [*_load_test.problems(options), *([refusal] if refusal else [])]
    problems += [UNVERIFIED] if options["address"] and not options["self_signed"] else []
    if problems:
        module.fail_json(msg="; ".join(problems))
    if options["emulated"] and not (options["address"] or options["url"]):
        module.fail_json(msg=NOBODY)
    try:
        balancer = None if options["url"] else _health_edge.balancer(connector(module), options)
    except Exception as error:
        module.fail_json(msg=str(failure(options["name"], "load test", error)))
    if not (balancer or options["url"]):
        module.fail_json(msg=f"{_health_edge.balancer_name(options)} is not there: --tags edge makes it")
    url, headers = _load_test.target(options, str((balancer or {}).get("DNSName", "")))
    module.exit_json(changed=False, url=url, headers=headers, options={name: options[name] for name in SENT})


if __name__ == "__main__":
    main()
