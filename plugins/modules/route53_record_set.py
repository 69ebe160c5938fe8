#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: route53_record_set
short_description: Manage DNS records of a public hosted zone as one set
description:
  - Creates, changes and prunes records of the types A, AAAA and CNAME, with values or as aliases.
  - The zone is found by its name, so that a check can plan the records of a zone that does not exist yet.
  - AWS cannot tag records. O(prune) works only in a zone with the ownership tags and deletes every record of these
    three types in it that is not declared; records of other types stay.
  - Weighted, latency and other records with a set identifier are left alone.
version_added: "0.1.0"
options:
  zone:
    description: Name of the public hosted zone.
    type: str
    required: true
  absent:
    description: >-
      Whether the declared records shall go instead, in a zone of whoever it is. Only those go that are exactly as
      declared.
    type: bool
    default: false
  records:
    description: The records.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - What the record is called in plans and results, also while its DNS name is not known. A record that is
            not declared is called by its DNS name and type, such as V(pay.example.com A).
          - The record itself is identified by O(records[].record_name) and O(records[].type).
        type: str
        required: true
      record_name:
        description: The record's full DNS name, without a dot at its end.
        type: str
        required: true
      type:
        description: The record's type. AWS has either a CNAME or other types under one name.
        type: str
        choices: [A, AAAA, CNAME]
        required: true
      ttl:
        description: Seconds that resolvers may keep the answer. Not for an alias.
        type: int
        default: 300
      resource_records:
        description: The values. Either these or an alias.
        type: list
        elements: str
      alias_target:
        description: The AWS resource that the name stands for.
        type: dict
        suboptions:
          dns_name:
            description: The resource's own DNS name.
            type: str
            required: true
          hosted_zone_id:
            description: Id of AWS's zone with that name; a load balancer's C(canonical_hosted_zone_id).
            type: str
            required: true
          evaluate_target_health:
            description: Whether the record follows the resource's health.
            type: bool
            default: true
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: A name for the load balancer
  uex.payments.route53_record_set:
    zone: example.com
    records:
      - name: pay.example.com A
        record_name: pay.example.com
        type: A
        alias_target: {dns_name: uex-payments-dev-alb-1.us-east-1.elb.amazonaws.com, hosted_zone_id: Z35SXDOTRQ7X7K}
    tags: {Project: uex-payments, Environment: dev, Layer: edge, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
records:
  description: The records by name, with their properties.
  returned: success
  type: dict
"""

from collections.abc import Iterable
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _plan, _route53, _tags
from ansible_collections.uex.payments.plugins.module_utils._errors import is_absent
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource


class RecordSet(Resource):
    kind = "AWS::Route53::RecordSet"
    service = "route53"
    plural = "records"
    taggable = False

    def __init__(self, connect: Any, options: Any) -> None:
        super().__init__(connect, options)
        self.zone_tags: dict[str, str] = {}

    def validate(self, item: Item) -> Iterable[str]:
        name, zone = item["record_name"], self.options["zone"]
        if _aws.is_known(name) and name != zone and not name.endswith(f".{zone}"):
            yield f"record_name: {name} is not in the zone {zone}"
        if bool(item["resource_records"]) == bool(item["alias_target"]):
            yield "resource_records: either these or alias_target"

    def desired(self, item: Item) -> Item:
        target = item["alias_target"]
        values = item["resource_records"] or []
        return {
            "record_name": item["record_name"],
            "type": item["type"],
            "ttl": None if target else item["ttl"],
            "resource_records": sorted(_route53.value(item["type"], text) for text in values),
            "alias_target": {**target, "dns_name": _route53.plain(target["dns_name"])} if target else {},
        }

    def observe(self) -> dict[str, Item]:
        zone_id = _route53.zone_id(self.client, self.options["zone"])
        if zone_id is None:
            return {}
        self.zone_tags = _route53.tags_by_id(self.client, "hostedzone", [zone_id])[zone_id]
        found = _aws.pages(self.client, "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone_id)
        simple = [entry for entry in found if entry["Type"] in _route53.TYPES and "SetIdentifier" not in entry]
        names = {(item["record_name"], item["type"]): item["name"] for item in self.options["records"]}
        items = map(_route53.observed, simple)
        return {self._name(item, names): {**item, "hosted_zone_id": zone_id} for item in items}

    @staticmethod
    def _name(item: Item, names: dict[tuple[str, str], str]) -> str:
        """What the task calls the record, else its DNS name and type."""
        key = item["record_name"], item["type"]
        return names.get(key) or " ".join(key)

    def wanted(self) -> dict[str, Item]:
        return {} if self.options.get("absent") else super().wanted()

    def owned(self, name: str, observed: Item) -> bool:
        if self.options.get("absent"):
            declared = [self.desired(item) for item in self.options["records"] if item["name"] == name]
            return bool(declared) and not _plan.differences(declared[0], observed)
        return _tags.owns(self.options["tags"], self.zone_tags, (*_tags.OWNER_TAGS, "Layer"))

    def _change(self, action: str, zone_id: str, properties: Item) -> None:
        changes = [{"Action": action, "ResourceRecordSet": _route53.record_set(properties)}]
        self.client.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": changes})

    def create(self, name: str, desired: Item) -> None:
        zone_id = _route53.zone_id(self.client, self.options["zone"])
        if zone_id is None:
            raise RuntimeError(f"there is no public hosted zone {self.options['zone']}")
        self._change("CREATE", zone_id, desired)

    def update(self, name: str, plan: Plan) -> None:
        self._change("UPSERT", (plan.before or {})["hosted_zone_id"], dict(plan.after or {}))

    def delete(self, name: str, observed: Item) -> None:
        """AWS deletes what is exactly as it was observed. It has one code for a record that is gone and for others."""
        try:
            self._change("DELETE", observed["hosted_zone_id"], observed)
        except Exception as error:
            if not (is_absent(error, "InvalidChangeBatch") and "not found" in str(error)):
                raise


def main() -> None:
    run(RecordSet, DOCUMENTATION)


if __name__ == "__main__":
    main()
