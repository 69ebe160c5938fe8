#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: acm_certificate
short_description: Manage TLS certificates as one set
description:
  - Requests certificates from AWS Certificate Manager, to be validated by DNS, or imports self-signed ones.
  - A requested certificate is not waited for. The result says C(ready) false and returns the DNS records by which AWS
    validates it. One that AWS could not validate is replaced by a new request.
  - A self-signed certificate gets a new key and is imported again when less than 30 days are left. Its private key is
    made in memory, sent to AWS and kept nowhere else.
  - A certificate in use is never pruned.
version_added: "0.1.0"
options:
  wait_for_release:
    description: Whether pruning takes what is still in use too, and waits up to 10 minutes until its user is gone.
    type: bool
    default: false
  certificates:
    description: The certificates.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Value of the tag C(Name), which identifies the certificate.
        type: str
        required: true
      domain_name:
        description: The certificate's domain name. Cannot change; give a changed certificate another name.
        type: str
        required: true
      subject_alternative_names:
        description: Further domain names. Cannot change; give a changed certificate another name.
        type: list
        elements: str
        default: []
      self_signed:
        description: Import a self-signed certificate instead of requesting one. Cannot change.
        type: bool
        default: false
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - O(certificates[].self_signed=true) needs the Python library C(cryptography).
"""

EXAMPLES = r"""
- name: A certificate validated by DNS
  uex.payments.acm_certificate:
    certificates:
      - name: uex-payments-prod-pay.example.com
        domain_name: pay.example.com
    tags: {Project: uex-payments, Environment: prod, Layer: edge, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
certificates:
  description:
    - The certificates by name, with C(certificate_arn), C(domain_name), C(status) and C(not_after).
    - C(validation_records) lists the DNS records by which AWS validates it, each with C(domain_name), C(name), C(type)
      and C(value). C(ready) is false while AWS is validating it.
  returned: success
  type: dict
"""

import datetime
import functools
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.uex.payments.plugins.module_utils import _aws, _calls, _certificates, _tags, _wait
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

RELEASED_WITHIN = 600  #: seconds until ACM sees that a load balancer which is gone uses a certificate no more


class Certificate(Resource):
    kind = "AWS::CertificateManager::Certificate"
    service = "acm"
    plural = "certificates"
    frozen = ("domain_name", "subject_alternative_names", "self_signed")
    replaceable = ("failed",)
    computed = ("certificate_arn", "validation_records")
    name_tag = True

    def __init__(self, connect: Any, options: Mapping[str, Any]) -> None:
        super().__init__(connect, options)
        self.deleted: dict[str, str] = {}

    def desired(self, item: Item) -> Item:
        return {
            "domain_name": item["domain_name"],
            "subject_alternative_names": sorted(set(_certificates.all_names(item)) - {item["domain_name"]}),
            "self_signed": item["self_signed"],
            "expiring": False if item["self_signed"] else None,
            "failed": False,
        }

    def observe(self) -> dict[str, Item]:
        declared = {item["name"] for item in self.options["certificates"]}
        ours = {
            tags["Name"]: (arn, tags)
            for arn, tags in _certificates.tags_by_arn(self.client).items()
            if "Name" in tags and (tags["Name"] in declared or _tags.owns(self.options["tags"], tags))
        }
        return dict(zip(ours, _aws.concurrently(lambda pair: self._observed(*pair), ours.values()), strict=True))

    def _observed(self, arn: str, tags: dict[str, str]) -> Item:
        detail = self.client.describe_certificate(CertificateArn=arn)["Certificate"]
        return {**_certificates.properties(detail, datetime.datetime.now(datetime.UTC)), "tags": tags}

    def owned(self, name: str, observed: Item) -> bool:
        """AWS refuses to delete a certificate in use: it goes once nothing uses it."""
        free = self.options.get("wait_for_release") or not observed["in_use"]
        return bool(super().owned(name, observed) and free)

    def create(self, name: str, desired: Item) -> None:
        tags = _tags.to_list(desired["tags"])
        names = _certificates.all_names(desired)
        if desired["self_signed"]:
            self._import(names, Tags=tags)
            return
        self.client.request_certificate(
            DomainName=names[0],
            ValidationMethod="DNS",
            IdempotencyToken=_certificates.token(name, names, self.deleted.get(name, "")),
            Tags=tags,
            **({"SubjectAlternativeNames": names[1:]} if names[1:] else {}),
        )

    def _import(self, names: list[str], **arguments: Any) -> None:
        if not _certificates.HAS_CRYPTOGRAPHY:
            raise RuntimeError(missing_required_lib("cryptography", reason="for self-signed certificates"))
        pair = _certificates.self_signed(names, datetime.datetime.now(datetime.UTC))
        self.client.import_certificate(Certificate=pair.certificate, PrivateKey=pair.private_key, **arguments)

    def update(self, name: str, plan: Plan) -> None:
        arn, after = (plan.before or {})["certificate_arn"], dict(plan.after or {})
        if "expiring" in plan.options:
            self._import(_certificates.all_names(after), CertificateArn=arn)
        if "tags" in plan.options:
            self.client.add_tags_to_certificate(CertificateArn=arn, Tags=_tags.to_list(after["tags"]))

    def delete(self, name: str, observed: Item) -> None:
        arn = observed["certificate_arn"]
        delete = functools.partial(self.client.delete_certificate, CertificateArn=arn)
        once = functools.partial(_aws.absent_as, None, delete, "ResourceNotFoundException")
        _calls.patiently(once, _calls.has_code("ResourceInUseException"), RELEASED_WITHIN, pause=10)
        self.deleted[name] = arn

    def settle(self, plans: list[Plan]) -> None:
        """AWS shows the validation records of a new request only after some seconds."""
        requested = {plan.name for plan in plans if plan.after and not plan.after["self_signed"]}

        def bare() -> list[str]:
            return [n for n, item in self.observe().items() if n in requested and not item["validation_records"]]

        if requested:
            _wait.until(bare, lambda names: not names, "the validation records", self.deadline, pause=2)


def main() -> None:
    run(Certificate, DOCUMENTATION)


if __name__ == "__main__":
    main()
