#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_preflight
short_description: Check what a deployment needs before it begins
description:
  - Looks at the controller (versions, callback, interpreter), the credentials and the account, the region, the quotas
    against what the environment needs more than it has, and what the operator brings. Reads only.
  - Shows one row for each check with its state, what was found and what to do, writes them to C(preflight.json), and
    fails if the state of one is V(failed). One check's failure hides no other's row; a denied read is V(unknown), with
    the IAM action that is missing.
version_added: "0.1.0"
options:
  name:
    description: Beginning of all names of the environment, such as V(uex-payments-dev).
    type: str
    required: true
  environment:
    description: The environment. In V(staging) and V(prod) on AWS itself, alerts and credentials must be there.
    type: str
    required: true
  tags:
    description: The ownership tags C(Project), C(Environment) and C(ManagedBy).
    type: dict
    required: true
  directory:
    description: Folder in which the environment's own folder gets C(preflight.json).
    type: path
    default: build
  emulated:
    description: >-
      Whether this is the embedded AWS. What an emulator hasn't, such as an MFA device, is then a warning.
    type: bool
    default: false
  inventories:
    description: The inventories as options of a command line, for advice that is a command.
    type: str
    default: -i <inventory>
  account_id:
    description: The account that is meant, 12 digits. Empty means any, which is a warning.
    type: str
    default: ""
  state_bucket:
    description: Name of the bucket that runs share; C({account_id}) in it stands for the account's.
    type: str
    required: true
  state_prefix:
    description: Beginning of the environment's keys in the bucket, such as V(uex-payments/dev), where releases are.
    type: str
    default: ""
  lock_table:
    description: Name of the table of locks that runs share.
    type: str
    required: true
  availability_zones:
    description: Zones that must be available in the region.
    type: list
    elements: str
    default: []
  database:
    description: The database as the inventory has it.
    type: dict
    required: true
    suboptions:
      engine_version:
        description: Version of PostgreSQL, a major or a full one.
        type: str
        required: true
      classes:
        description: Instance classes of primary and replicas.
        type: list
        elements: str
        required: true
      storage_type:
        description: Storage type.
        type: str
        required: true
      multi_az:
        description: Whether there is a standby in another zone.
        type: bool
        required: true
  cache:
    description: The cache as the inventory has it.
    type: dict
    required: true
    suboptions:
      engine:
        description: Engine.
        type: str
        required: true
      engine_version:
        description: Version.
        type: str
        required: true
      node_type:
        description: Node type.
        type: str
        required: true
  certificate:
    description: The certificate and the DNS zone as the inventory has them.
    type: dict
    required: true
    suboptions:
      arn:
        description: ARN of a given certificate, else empty.
        type: str
        default: ""
      domains:
        description: DNS names that it must cover.
        type: list
        elements: str
        default: []
      self_signed:
        description: Whether a self-signed one is imported.
        type: bool
        default: false
      zone_name:
        description: Hosted zone of the names, else empty.
        type: str
        default: ""
      zone_managed:
        description: Whether the zone is made by the edge layer.
        type: bool
        default: false
  credentials:
    description: >-
      Names of the variables with the UEX API's credentials. Only whether they are empty or placeholders is looked at,
      on the controller; their values go nowhere.
    type: list
    elements: str
    default: []
  missing_credentials:
    description: Those of O(credentials) that are missing. Set by the action of this name.
    type: list
    elements: str
    default: []
  credentials_stored_as:
    description: Name of the secret that holds them once it is made. Empty if the environment has none.
    type: str
    default: ""
  subscriptions:
    description: How many are told, by severity (V(critical), V(warning), V(info)).
    type: dict
    default: {}
  estate:
    description:
      - What the layers declare, from which the needs follow. Lists under C(services), C(nat_gateways),
        C(security_groups), C(interface_endpoints), C(db_instances) and C(cache_nodes), numbers under
        C(db_allocated_storage) (GB), C(secrets), C(keys), C(log_groups), C(roles) and C(buckets).
    type: dict
    required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
"""

EXAMPLES = r"""
- name: Preflight
  uex.payments.stack_preflight:
    name: uex-payments-dev
    environment: dev
    tags: {Project: uex-payments, Environment: dev, ManagedBy: uex.payments}
    state_bucket: uex-payments-state-{account_id}-us-east-1
    lock_table: uex-payments-locks
    database: {engine_version: "16", classes: [db.t3.medium], storage_type: gp3, multi_az: false}
    cache: {engine: redis, engine_version: "7.1", node_type: cache.t3.micro}
    certificate: {domains: [dev.payments.example.com], zone_name: payments.example.com}
    subscriptions: {critical: 1, warning: 1, info: 0}
    estate:
      services: []
      nat_gateways: [uex-payments-dev-nat-a]
      security_groups: []
      interface_endpoints: []
      db_instances: [uex-payments-dev-db]
      db_allocated_storage: 50
      cache_nodes: [uex-payments-dev-redis-001]
      secrets: 5
      keys: 2
      log_groups: 10
      roles: 9
      buckets: 3
"""

RETURN = r"""
checks:
  description: >-
    The rows in their order, each with C(name), C(state) (V(ok), V(warning), V(failed) or V(unknown)), C(found) and
    C(advice).
  returned: always
  type: list
  elements: dict
summary:
  description: How many rows have each state.
  returned: always
  type: dict
file:
  description: The file with the rows.
  returned: always
  type: str
"""

from ansible_collections.uex.payments.plugins.module_utils import (
    _preflight,
    _preflight_account,
    _preflight_estate,
    _preflight_region,
    _quotas,
    _usage,
)
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module


def main() -> None:
    """The rows on AWS; the action plugin of the same name adds the controller's, shows, keeps and judges all."""
    module = new_module(DOCUMENTATION)
    options = {**module.params, "region": module.region}
    checks = [
        *_preflight_account.CHECKS,
        *_preflight_region.CHECKS,
        *_usage.checks(_quotas.needs(options["estate"])),
        *_preflight_estate.CHECKS,
    ]
    rows = _preflight.rows(checks, connector(module), options)
    module.exit_json(changed=False, checks=[row._asdict() for row in rows])


if __name__ == "__main__":
    main()
