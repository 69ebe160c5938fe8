#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: stack_orphans
short_description: Find what carries an environment's tags and is in no inventory
description:
  - Asks the Resource Groups Tagging API for everything with the environment's ownership tags, of whatever kind, and
    leaves out what the tasks of this play have declared; it needs no list of them. Only reads.
  - What a module of this play would delete with C(prune) is in the list as well, of kinds that AWS can't tag too.
  - Tasks, interfaces, rules of security groups, revisions of a declared task definition, nodes, listeners of a listed
    load balancer and the like go with what they belong to. Snapshots are kept on purpose and no orphans. What was
    deleted, or is being deleted, is left out.
version_added: "0.1.0"
options:
  tags:
    description: The ownership tags C(Project), C(Environment) and C(ManagedBy).
    type: dict
    required: true
  layers:
    description:
      - The layers that the play has run. Only what carries the tag C(Layer) with one of them is looked at.
      - With all seven, what carries no such tag, or another value, is listed too.
    type: list
    elements: str
    choices: [foundation, network, data, registry, edge, compute, monitoring]
    required: true
  known:
    description: >-
      Ids and ARNs of what is declared, in addition to what the results of the play's tasks hold.
    type: list
    elements: str
    default: []
  deletions:
    description: >-
      What modules would delete, in addition to what the results of the play's tasks hold; C(kind), C(name), C(ids) and
      C(layer).
    type: list
    elements: dict
    default: []
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - uex.payments.reading
"""

EXAMPLES = r"""
- name: What is in no inventory, after all layers have run in check mode
  uex.payments.stack_orphans:
    tags: {Project: uex-payments, Environment: dev, ManagedBy: uex.payments}
    layers: [foundation, network, data, registry, edge, compute, monitoring]
"""

RETURN = r"""
orphans:
  description:
    - What was found, sorted by kind, name and ARN.
    - C(kind) is CloudFormation's type, or one made of the ARN's words; C(arn) and C(layer), the tag, are null where
      AWS shows none. C(prune) says whether pruning would delete it, and C(reason) why not, null otherwise.
  returned: success
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _living, _orphans, _tags
from ansible_collections.uex.payments.plugins.module_utils._errors import failure
from ansible_collections.uex.payments.plugins.module_utils._module import connector, new_module

#: Where the tagging API lists what belongs to no region.
GLOBAL = "us-east-1"


def tagged(client: Any, tags: Mapping[str, Any]) -> list[_orphans.Tagged]:
    """Everything of the client's region that carries the ownership tags."""
    filters = [{"Key": key, "Values": [str(tags[key])]} for key in _tags.OWNER_TAGS]
    return _orphans.resources(_aws.pages(client, "get_resources", "ResourceTagMappingList", TagFilters=filters))


def found(connect: Callable[..., Any], tags: Mapping[str, Any]) -> list[_orphans.Tagged]:
    """The same, with what belongs to no region; a bucket does, though its ARN doesn't say so."""
    client = connect("resourcegroupstaggingapi")
    regional = tagged(client, tags)
    if client.meta.region_name == GLOBAL:
        return regional
    others = tagged(connect("resourcegroupstaggingapi", GLOBAL), tags)
    return regional + [each for each in others if not each.arn.region and each.arn.service != "s3"]


def orphans(connect: Callable[..., Any], options: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is in no inventory."""
    resources = found(connect, options["tags"])
    deletions = [
        _orphans.Deletion(each["kind"], each["name"], tuple(each["ids"]), each.get("layer"))
        for each in options["deletions"]
    ]
    left = _orphans.candidates(resources, options["known"], deletions, options["layers"])
    return _orphans.orphans(_living.alive(connect, left), resources, deletions)


def main() -> None:
    module = new_module(DOCUMENTATION)
    missing = [key for key in _tags.OWNER_TAGS if key not in module.params["tags"]]
    if missing:
        module.fail_json(msg=f"tags: {', '.join(missing)} missing; without them nothing says whose a resource is")
    try:
        listed = orphans(connector(module), module.params)
    except Exception as error:
        module.fail_json(msg=str(failure("orphans", "observe", error)))
    module.exit_json(changed=False, orphans=listed)


if __name__ == "__main__":
    main()
