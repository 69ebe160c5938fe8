#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_db_parameter_group
short_description: Manage the parameter groups of RDS as one set
description:
  - Creates, changes and prunes DB parameter groups with their parameters.
  - A dynamic parameter is applied at once, a static one at the next reboot of each instance; nothing is rebooted here.
  - A parameter that the group has and that is declared no more goes back to the engine's default.
version_added: "0.1.0"
options:
  db_parameter_groups:
    description: The parameter groups.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, in lower case.
        type: str
        required: true
      family:
        description: Engine and major version, such as V(postgres16). Cannot change.
        type: str
        required: true
      description:
        description: What the group is for. Cannot change.
        type: str
        required: true
      parameters:
        description: Values by parameter, in the parameter's own unit. Left as they are when not given.
        type: dict
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: PostgreSQL that takes connections over TLS only
  uex.payments.rds_db_parameter_group:
    db_parameter_groups:
      - name: uex-payments-dev-db
        family: postgres16
        description: UEX Payments
        parameters: {rds.force_ssl: 1, log_min_duration_statement: 1000}
    tags: {Project: uex-payments, Environment: dev, Layer: data, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
db_parameter_groups:
  description: The parameter groups by name, with C(arn) and their properties.
  returned: success
  type: dict
"""

from collections.abc import Iterable, Mapping

from ansible_collections.uex.payments.plugins.module_utils import _databases, _plan
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan


# amazon.aws.rds_instance_param_group (10.1.2) reports no change of a parameter in check mode, sends one apply method
# for static and dynamic parameters alike, and answers a parameter that doesn't exist with a success that has errors.
class DBParameterGroup(_databases.ParameterGroup):
    kind = "AWS::RDS::DBParameterGroup"
    service = "rds"
    plural = "db_parameter_groups"
    computed = ("arn",)
    listing = ("describe_db_parameter_groups", "DBParameterGroups")
    name_field = "DBParameterGroupName"
    arn_field = "DBParameterGroupArn"
    prefix = "DB"
    users = _databases.DB_INSTANCES
    in_use_code = "InvalidDBParameterGroupState"
    absent_code = "DBParameterGroupNotFound"
    request_member = "Parameters"

    def effects(self, plan: Plan) -> Iterable[str]:
        """Static parameters work after the next reboot of the instances."""
        if plan.verb != _plan.UPDATE or not plan.options & {"parameters", "undeclared_parameters"}:
            return ()
        before, after = dict((plan.before or {})["parameters"]), dict((plan.after or {})["parameters"] or {})
        changed = {each for each in {*before, *after} if before.get(each) != after.get(each)}
        return ["needs reboot"] if changed & self._static(plan.name) else ()

    def _static(self, name: str) -> set[str]:
        return {each["ParameterName"] for each in self.parameters(name) if each.get("ApplyType") == "static"}

    def requests(self, name: str, parameters: Mapping[str, str]) -> list[dict[str, str]]:
        """AWS refuses a static parameter that is to be applied at once."""
        static = self._static(name)
        return [
            {**entry, "ApplyMethod": "pending-reboot" if entry["ParameterName"] in static else "immediate"}
            for entry in super().requests(name, parameters)
        ]


def main() -> None:
    run(DBParameterGroup, DOCUMENTATION)


if __name__ == "__main__":
    main()
