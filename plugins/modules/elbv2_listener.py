#!/usr/bin/python
# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: elbv2_listener
short_description: Manage the listeners of a load balancer as one set
description:
  - Creates, changes and prunes the HTTP and HTTPS listeners of one application load balancer.
  - Deleting a listener deletes its rules.
  - An HTTPS listener needs an issued certificate. One of AWS Certificate Manager that is still being validated is
    waited for, up to 15 minutes; the failure then names the DNS records that AWS looks for.
version_added: "0.1.0"
options:
  load_balancer_arn:
    description: ARN of the load balancer.
    type: str
    required: true
  listeners:
    description: The listeners.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - Value of the tag C(Name), what the listener is called in plans and results.
          - A listener is identified by its port, and by its name where no listener has the port.
        type: str
        required: true
      port:
        description: The port clients connect to.
        type: int
        required: true
      protocol:
        description: What clients speak.
        type: str
        choices: [HTTP, HTTPS]
        required: true
      ssl_policy:
        description: Which TLS versions and ciphers clients may use, as AWS calls it. HTTPS only.
        type: str
      certificate_arn:
        description: ARN of the certificate in AWS Certificate Manager or IAM. Needed with HTTPS, and only there.
        type: str
      default_action:
        description: What happens to requests that no rule matches.
        type: dict
        required: true
        suboptions:
          type:
            description: The kind of answer.
            type: str
            choices: [redirect, fixed-response, forward]
            required: true
          redirect_config:
            description: Where to, when O(listeners[].default_action.type=redirect). Undeclared parts stay as requested.
            type: dict
            suboptions:
              protocol:
                description: The new protocol.
                type: str
              port:
                description: The new port.
                type: str
              host:
                description: The new host name.
                type: str
              path:
                description: The new path.
                type: str
              query:
                description: The new query.
                type: str
              status_code:
                description: Permanent (301) or temporary (302).
                type: str
                choices: [HTTP_301, HTTP_302]
          fixed_response_config:
            description: The answer, when O(listeners[].default_action.type=fixed-response).
            type: dict
            suboptions:
              status_code:
                description: A status code that begins with 2, 4 or 5.
                type: str
              content_type:
                description: Type of the body.
                type: str
                choices: [text/plain, text/css, text/html, application/javascript, application/json]
              message_body:
                description: The body, at most 1024 characters.
                type: str
          target_group_arn:
            description: Where to, when O(listeners[].default_action.type=forward).
            type: str
      tags:
        description: Further tags.
        type: dict
extends_documentation_fragment:
  - uex.payments.resources
  - amazon.aws.common.modules
  - amazon.aws.region.modules
"""

EXAMPLES = r"""
- name: A redirect to HTTPS
  uex.payments.elbv2_listener:
    load_balancer_arn: arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/uex-payments-dev-alb/0123
    listeners:
      - name: uex-payments-dev-http
        port: 80
        protocol: HTTP
        default_action:
          type: redirect
          redirect_config: {protocol: HTTPS, port: "443", status_code: HTTP_301}
    tags: {Project: uex-payments, Environment: dev, Layer: edge, ManagedBy: uex.payments}
"""

RETURN = r"""
actions:
  description: What was done, or would be in check mode, as C(kind), C(name), C(verb) and C(changes).
  returned: always
  type: list
  elements: dict
listeners:
  description: The listeners by name, with C(listener_arn) and their properties.
  returned: success
  type: dict
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.uex.payments.plugins.module_utils import _aws, _certificates, _elbv2, _tags, _wait
from ansible_collections.uex.payments.plugins.module_utils._module import run
from ansible_collections.uex.payments.plugins.module_utils._plan import Plan
from ansible_collections.uex.payments.plugins.module_utils._resource import Item, Resource

ISSUED_WITHIN = 900  #: seconds that a certificate may take to be validated
PARTS = {"redirect": "redirect_config", "fixed-response": "fixed_response_config", "forward": "target_group_arn"}


def listener_name(entry: Mapping[str, Any], tags: Mapping[str, str], by_port: Mapping[int, str]) -> str:
    """What a listener that AWS shows is called: as declared for its port, else by its tag, else by its ARN; pure."""
    return by_port.get(entry["Port"]) or tags.get("Name") or entry["ListenerArn"]


class Listener(Resource):
    kind = "AWS::ElasticLoadBalancingV2::Listener"
    service = "elbv2"
    plural = "listeners"
    computed = ("listener_arn",)
    name_tag = True

    def validate(self, item: Item) -> Iterable[str]:
        secure = item["protocol"] == "HTTPS"
        if secure and not item["certificate_arn"]:
            yield "certificate_arn: HTTPS needs a certificate"
        for option in ("certificate_arn", "ssl_policy"):
            if item[option] and not secure:
                yield f"{option}: only with HTTPS"
        action = item["default_action"]
        if not action[PARTS[action["type"]]]:
            yield f"default_action.{PARTS[action['type']]}: {action['type']} needs it"

    def desired(self, item: Item) -> Item:
        return {
            option: item[option] for option in ("port", "protocol", "ssl_policy", "certificate_arn", "default_action")
        }

    def observe(self) -> dict[str, Item]:
        arn = self.options["load_balancer_arn"]
        if not _aws.is_known(arn):
            return {}
        by_port = {item["port"]: item["name"] for item in self.options["listeners"]}
        found = _aws.pages(self.client, "describe_listeners", "Listeners", LoadBalancerArn=arn)
        tags = _elbv2.tags_by_arn(self.client, [entry["ListenerArn"] for entry in found])
        pairs = [(entry, tags[entry["ListenerArn"]]) for entry in found]
        pairs.sort(key=lambda pair: pair[0]["Port"] in by_port)  # who has the declared port has the name
        return {listener_name(entry, own, by_port): self._observed(entry, own) for entry, own in pairs}

    def _observed(self, entry: Item, tags: dict[str, str]) -> Item:
        return {
            "listener_arn": entry["ListenerArn"],
            "port": entry["Port"],
            "protocol": entry["Protocol"],
            "ssl_policy": entry.get("SslPolicy"),
            "certificate_arn": next((each["CertificateArn"] for each in entry.get("Certificates") or ()), None),
            "default_action": _elbv2.options(entry["DefaultActions"][-1]),
            "tags": tags,
        }

    def create(self, name: str, desired: Item) -> None:
        self._wait_for_certificate(desired["certificate_arn"])
        self.client.create_listener(
            LoadBalancerArn=self.options["load_balancer_arn"],
            Tags=_tags.to_list(desired["tags"]),
            **self._arguments(desired),
        )

    def _arguments(self, desired: Item) -> Item:
        certificate = desired["certificate_arn"]
        arguments = {
            "Port": desired["port"],
            "Protocol": desired["protocol"],
            "SslPolicy": desired["ssl_policy"],
            "Certificates": [{"CertificateArn": certificate}] if certificate else None,
            "DefaultActions": [_elbv2.request(desired["default_action"])],
        }
        return _aws.declared(arguments)

    def _wait_for_certificate(self, arn: str | None) -> None:
        """AWS refuses a certificate that is still being validated."""
        if not arn or ":acm:" not in arn:
            return

        def look() -> Item:
            certificate: Item = self.connect("acm").describe_certificate(CertificateArn=arn)["Certificate"]
            return certificate

        records = _certificates.awaited_records(look()) or "its records"
        what = f"the validation of {arn}, for which AWS looks for {records},"
        _wait.until(look, lambda certificate: certificate["Status"] != "PENDING_VALIDATION", what, ISSUED_WITHIN, 15)

    def update(self, name: str, plan: Plan) -> None:
        arn, after = (plan.before or {})["listener_arn"], dict(plan.after or {})
        if plan.options - {"tags"}:
            self._wait_for_certificate(after["certificate_arn"])
            self.client.modify_listener(ListenerArn=arn, **self._arguments(after))
        _elbv2.update_tags(self.client, arn, plan)

    def delete(self, name: str, observed: Item) -> None:
        arn = observed["listener_arn"]
        _aws.absent_as(None, lambda: self.client.delete_listener(ListenerArn=arn), "ListenerNotFound")


def main() -> None:
    run(Listener, DOCUMENTATION)


if __name__ == "__main__":
    main()
