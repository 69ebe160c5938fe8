# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules made by the collection's modules, read back and served by a real nginx: who answers which request."""

from __future__ import annotations

import contextlib
import datetime
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _edge, _resource, _services
from ansible_collections.uex.payments.plugins.modules.elbv2_listener_rule import Rule
from ansible_collections.uex.payments.plugins.modules.elbv2_target_group import TargetGroup
from ansible_collections.uex.payments.tests.support import contract, edge, routing
from ansible_collections.uex.payments.tests.support.contract import Account
from ansible_collections.uex.payments.tests.support.routes import HTTP, Answer, Expected, Front, Request, rows, standing
from ansible_collections.uex.payments.tests.unit.plugins.modules import (
    test_elbv2_listener_rule as rule_test,
)
from ansible_collections.uex.payments.tests.unit.plugins.modules import (
    test_elbv2_target_group as group_test,
)

NAME = "uex-payments-test"
#: Of each service of this table, how it differs from the usual.
SERVICES: dict[str, dict[str, Any]] = {
    "client": {},
    "api": {"path": "/api/v1.0"},
    "green": {"deployment": {"strategy": "BLUE_GREEN"}},
    "partner": {"conditions": {"header": {"name": "X-Partner", "values": ["acme*", "b?b"]}}},
    "inside": {"conditions": {"source_cidrs": ["10.0.0.0/8", "2001:db8::/32"]}},
    "hosted": {"conditions": {"hosts": ["*.internal.example.com"]}},
}
NOT_FOUND = Expected(404, body="Not found")
CLOSED = Expected(503, body='{"message": "100 $ \\"off\\""}', content_type="application/json")


def declared() -> list[dict[str, Any]]:
    entries = {
        name: {"port": 3900 + place, "path": f"/{name}", "priority": 10 * place, **entry}
        for place, (name, entry) in enumerate(SERVICES.items(), 1)
    }
    return _services.service_list(entries, {}, {}, NAME)


class Edge:
    """An edge with listeners on 80, 443 and 8443, whose target groups and rules the modules make."""

    def __init__(self) -> None:
        self.account = Account()
        self.client = self.account.connect("elbv2")
        network = edge.network(self.account.connect)
        self.balancer = edge.load_balancer(self.account.connect, network)
        self.services = declared()
        self._listeners()
        settings = {option: None for option in ("deregistration_delay", "load_balancing_algorithm", "slow_start")}
        groups = [{**group_test.item(""), **each} for each in _edge.target_groups(self.services, settings)]
        self.groups = self._reconcile(TargetGroup, "target_groups", groups, vpc_id=network.vpc_id)

    def _listeners(self) -> None:
        now = datetime.datetime.now(datetime.UTC)
        certificate = edge.certificate(self.account.connect, now)
        to_https = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
        fixed = {"StatusCode": "404", "ContentType": "text/plain", "MessageBody": "Not found"}
        secure = {
            "Protocol": "HTTPS",
            "Certificates": [{"CertificateArn": certificate}],
            "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
            "DefaultActions": [{"Type": "fixed-response", "FixedResponseConfig": fixed}],
        }
        plain = {"Protocol": "HTTP", "DefaultActions": [{"Type": "redirect", "RedirectConfig": to_https}]}
        for port, settings in ((80, plain), (443, secure), (8443, secure)):
            self.client.create_listener(LoadBalancerArn=self.balancer, Port=port, **settings)

    def _reconcile(self, kind: type[_resource.Resource], plural: str, items: list[Any], **options: Any) -> Any:
        common = {"tags": contract.TAGS, "prune": False, "adopt": False}
        outcome = _resource.reconcile(kind(self.account.connect, {**common, **options, plural: items}))
        assert outcome.failed == []
        return outcome.resources

    def rules(self, *further: dict[str, Any], **settings: Any) -> None:
        """Bring the rules to what the services and these settings come to."""
        items = [*_edge.listener_rules(self.services, self.groups, _edge.Routing(**settings)), *further]
        unset = {**dict.fromkeys((*rule_test.UNSET, "path_patterns", "target_groups")), "ignore_weights": False}
        whole = [{**unset, **each} for each in items]
        options = {"load_balancer_arn": self.balancer, "retired": [f"{NAME}-maintenance"]}
        self.made = self._reconcile(Rule, "rules", whole, **options)

    def shift(self, rule: str, **weights: int) -> None:
        """What ECS does to a rule's weights; C(blue) and C(green) are those of its target groups."""
        service = next(each for each in self.services if each["name"] == "green")
        names = {"blue": service["target_group"], "green": service["alternate_target_group"]}
        shares = [
            {"TargetGroupArn": self.groups[names[colour]]["target_group_arn"], "Weight": weight}
            for colour, weight in weights.items()
        ]
        action = {"Type": "forward", "ForwardConfig": {"TargetGroups": shares}}
        self.client.modify_rule(RuleArn=self.made[rule]["rule_arn"], Actions=[action])

    @contextlib.contextmanager
    def front(self, **how: Any) -> Iterator[Front]:
        with standing(routing.read(self.account.connect, f"{NAME}-alb"), **how) as front:
            yield front


def maintenance(allowed: bool = False) -> dict[str, Any]:
    return {
        "name": f"{NAME}-maintenance",
        "port": 443,
        "priority": 50000 if allowed else 1,
        "path_patterns": ["*"],
        "fixed_response_config": {
            "status_code": "503",
            "content_type": CLOSED.content_type,
            "message_body": CLOSED.body,
        },
    }


@pytest.fixture
def made(aws: None) -> Edge:
    return Edge()


def compared(front: Front, asked: list[tuple[Request, Expected]]) -> None:
    """Each request is answered as expected."""
    answers = [(request, expected, front.ask(request)) for request, expected in asked]
    assert [each for each in answers if not each[1].met(each[2])] == []


BLUE, GREEN = f"{NAME}-green", f"{NAME}-green-green"
TESTING = {"x-uex-TEST": "TRUE"}
USUAL = [
    # the service's path, what is below it, and nothing else; case counts
    (Request("/client"), Expected(200, "client", port=3901, path="/client")),
    (Request("/client/a/b?c=d"), Expected(200, "client", path="/client/a/b?c=d")),
    (Request("/client/a", method="POST"), Expected(200, "client")),
    (Request("/Client/a"), NOT_FOUND),
    (Request("/clients"), NOT_FOUND),
    (Request("/"), NOT_FOUND),
    (Request("/api/v1.0/x"), Expected(200, "api")),
    (Request("/api/v1x0/x"), NOT_FOUND),
    # AWS compares the path as it is after normalisation
    (Request("/x/../client/a"), Expected(200, "client")),
    (Request("/client/a", HTTP), Expected(301, location="https://pay.example.com:443/client/a")),
    (Request("/a?b=c", HTTP), Expected(301, location="https://pay.example.com:443/a?b=c")),
    # a header: its name in any case, its value by pattern in any case
    (Request("/partner/x"), NOT_FOUND),
    (Request("/partner/x", headers={"x-partner": "Acme Ltd"}), Expected(200, "partner")),
    (Request("/partner/x", headers={"X-PARTNER": "bob"}), Expected(200, "partner")),
    (Request("/partner/x", headers={"X-Partner": "boob"}), NOT_FOUND),
    # where a request comes from
    (Request("/inside/x"), NOT_FOUND),
    (Request("/inside/x", source="10.255.0.1"), Expected(200, "inside")),
    (Request("/inside/x", source="2001:db8::7"), Expected(200, "inside")),
    (Request("/inside/x", source="2001:db9::7"), NOT_FOUND),
    # what it was sent for
    (Request("/hosted/x"), NOT_FOUND),
    (Request("/hosted/x", host="A.Internal.Example.com"), Expected(200, "hosted")),
]


def test_requests_find_their_service_by_path_header_source_and_host(made: Edge) -> None:
    made.rules()
    with made.front() as front:
        compared(front, USUAL)


#: What is asked for, and what the service sees of it.
STRIPPED = {
    "/client": "/",
    "/client/": "/",
    "/client/a/b": "/a/b",
    "/client/client/a": "/client/a",
    "/client?a=b": "/?a=b",
    "/client/a?b=/client/c": "/a?b=/client/c",
    "/api/v1.0/x%20y": "/x%20y",
    "/api/v1.0": "/",
    "/green/x": "/green/x",
}


def test_a_prefix_is_taken_off_what_a_service_sees(made: Edge) -> None:
    made.rules(stripped=["client", "api"])
    with made.front() as front:
        assert {asked: front.ask(Request(asked)).path for asked in STRIPPED} == STRIPPED


def colours(front: Front, request: Request, count: int = 1) -> Counter[str]:
    return Counter(front.ask(request).group for _each in range(count))


def test_test_requests_reach_what_a_deployment_tries_out_by_a_header(made: Edge) -> None:
    made.rules()
    with made.front() as front:
        assert colours(front, Request("/green/x"), 3) == {BLUE: 3}
        assert colours(front, Request("/green/x", headers=TESTING), 3) == {BLUE: 3}
    made.shift(f"{NAME}-green-test", blue=0, green=100)
    made.rules()  # leaves the weights as they are
    with made.front() as front:
        assert colours(front, Request("/green/x"), 3) == {BLUE: 3}
        assert colours(front, Request("/green/x", headers=TESTING), 3) == {GREEN: 3}
        assert front.ask(Request("/client/x", headers=TESTING)).service == "client"
    made.shift(f"{NAME}-green", green=100)
    made.rules()
    with made.front() as front:
        assert colours(front, Request("/green/x"), 3) == {GREEN: 3}


def test_test_requests_have_a_listener_of_their_own(made: Edge) -> None:
    made.rules(test_port=8443)
    made.shift(f"{NAME}-green-test", green=100)
    with made.front() as front:
        assert colours(front, Request("/green/x", 8443)) == {GREEN: 1}
        assert colours(front, Request("/green/x", headers=TESTING)) == {BLUE: 1}
        compared(front, [(Request("/client/x", 8443), NOT_FOUND)])


def test_shares_of_a_canary_are_those_of_the_weights(made: Edge) -> None:
    made.rules()
    made.shift(f"{NAME}-green", blue=80, green=20)
    with made.front() as front:
        shares = colours(front, Request("/green/x"), 400)
    assert 40 <= shares[GREEN] <= 120  # seven deviations from 80
    assert shares.total() == shares[BLUE] + shares[GREEN] == 400


def test_maintenance_answers_everybody_and_ends_at_once(made: Edge) -> None:
    made.rules(maintenance())
    with made.front() as front:
        compared(front, [(request, CLOSED) for request, _expected in USUAL if request.port != HTTP])
        compared(front, [(Request("/client/a", HTTP), Expected(301))])
    made.rules()
    with made.front() as front:
        compared(front, USUAL)


OFFICE = "203.0.113.9"


def test_some_still_get_in_during_maintenance(made: Edge) -> None:
    allowed = ["203.0.113.0/24", "10.0.0.0/24"]
    made.rules()
    made.shift(f"{NAME}-green", blue=0, green=100)
    made.rules(maintenance(allowed=True), allowed=allowed)
    with made.front() as front:
        compared(
            front,
            [
                (Request("/client/a"), CLOSED),
                (Request("/nowhere"), CLOSED),
                (Request("/client/a", source=OFFICE), Expected(200, "client")),
                (Request("/green/a", source=OFFICE), Expected(200, "green", group=GREEN)),
                (Request("/green/a", headers=TESTING), CLOSED),
                # a service is open to no more than before
                (Request("/inside/a", source=OFFICE), CLOSED),
                (Request("/inside/a", source="10.0.0.7"), Expected(200, "inside")),
                (Request("/inside/a", source="10.0.1.7"), CLOSED),
            ],
        )
    made.rules()
    with made.front() as front:
        compared(front, USUAL)
        assert colours(front, Request("/green/x")) == {GREEN: 1}


def test_the_first_rule_by_priority_wins_and_other_conditions_and_actions_are_shown(made: Edge) -> None:
    away = {"host": "example.org", "path": "/new/#{path}", "query": "old=1&#{query}", "status_code": "HTTP_302"}
    further = [
        {"name": "first", "priority": 2, "path_patterns": ["/client/*"], "http_request_methods": ["PUT"]},
        {"name": "second", "priority": 3, "query_strings": [{"key": "beta", "value": "*"}, {"value": "all"}]},
        {"name": "third", "priority": 4, "path_patterns": ["/old*"], "redirect_config": away},
    ]
    answers = {"first": "405", "second": "200"}
    for each in further:
        each["port"] = 443
        if each["name"] in answers:
            each["fixed_response_config"] = {"status_code": answers[str(each["name"])], "message_body": each["name"]}
    made.rules(*further)
    with made.front() as front:
        compared(
            front,
            [
                (Request("/client/a", method="PUT"), Expected(405, body="first")),
                (Request("/client/a?beta=1", method="PUT"), Expected(405, body="first")),
                (Request("/client/a?a=1&BETA=2"), Expected(200, body="second")),
                (Request("/client/a?b=all"), Expected(200, body="second")),
                (Request("/client/a?b=alls"), Expected(200, "client")),
                (Request("/older?a=b"), Expected(302, location="https://example.org:443/new/older?old=1&a=b")),
            ],
        )


def test_what_cannot_be_shown_is_refused(made: Edge) -> None:
    made.rules()
    deployed = routing.read(made.account.connect, f"{NAME}-alb")
    places = routing.Places(dict.fromkeys((80, 443, 8443), 1), dict.fromkeys(deployed.groups, 1), "/nowhere")
    secure = next(each for each in deployed.listeners if each["Port"] == 443)
    secure["Rules"][0]["Actions"][-1]["ForwardConfig"]["TargetGroupStickinessConfig"] = {"Enabled": True}
    with pytest.raises(ValueError, match="stay with a target group"):
        routing.render(deployed, places)


def test_a_wrong_answer_is_seen() -> None:
    answer = Answer(200, "client", "group", 3901, "/client")
    assert Expected(200, "client", port=3901).met(answer)
    wrong = [Expected(404), Expected(200, "api"), Expected(200, "client", port=1), Expected(200, "client", path="/")]
    assert [each for each in wrong if each.met(answer)] == []


def test_the_rows_of_an_environment_under_maintenance_expect_nobody_but_the_redirect() -> None:
    found = rows({"client": ("/client", 3901)}, maintenance=True)
    assert {row.expected.status for row in found if row.request.port != HTTP} == {503}
    assert {row.expected.status for row in found if row.request.port == HTTP} == {301}
