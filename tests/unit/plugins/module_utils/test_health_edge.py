# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _health_edge as edge
from ansible_collections.uex.payments.plugins.module_utils._health import SKIPPED
from ansible_collections.uex.payments.plugins.module_utils._preflight import FAILED, OK, WARNING
from ansible_collections.uex.payments.plugins.module_utils._probe import Answer
from ansible_collections.uex.payments.tests.support.health import NAME, ago, options, service

BLUE, GREEN = "arn:blue", "arn:green"
GROUPS = {f"{NAME}-one": BLUE, f"{NAME}-one-green": GREEN}


def balancer(code: str, reason: str = "") -> dict[str, Any]:
    return {"LoadBalancerArn": "arn", "DNSName": "x", "State": {"Code": code, "Reason": reason}}


@pytest.mark.parametrize(
    ("entry", "listeners", "states"),
    [
        (None, {}, [FAILED]),
        (balancer("active"), {80: "a", 443: "b"}, [OK, OK]),
        (balancer("active_impaired", "no room"), {80: "a", 443: "b"}, [WARNING, OK]),
        (balancer("failed"), {443: "b"}, [FAILED, FAILED]),
    ],
)
def test_load_balancer_and_listeners(entry: Any, listeners: dict[int, str], states: list[str]) -> None:
    rows = list(edge.judge_balancer((entry, listeners), options()))
    assert [row.state for row in rows] == states
    assert all(row.advice for row in rows if row.state == FAILED)


def health(*states: str) -> list[dict[str, Any]]:
    return [
        {
            "Target": {"Id": f"10.0.0.{number}", "Port": 3900},
            "TargetHealth": {"State": state, "Reason": "Target.ResponseCodeMismatch", "Description": "codes: [500]"},
        }
        for number, state in enumerate(states, start=1)
    ]


def seen(production: set[str], states: dict[str, list[dict[str, Any]]], desired: int = 2) -> edge.Targets:
    live = {f"{NAME}-one": {"desiredCount": desired}}
    return edge.Targets(GROUPS, frozenset(production), states, live)


@pytest.mark.parametrize(
    ("states", "desired", "state", "words"),
    [
        (["healthy", "healthy"], 2, OK, "2 of 2 healthy"),
        (["healthy", "draining", "unused"], 2, OK, "1 of 1 healthy"),
        (["healthy", "initial"], 2, WARNING, "1 of 2 healthy in uex-payments-test-one; 1 begin"),
        (["healthy", "unhealthy"], 2, FAILED, "10.0.0.2:3900 unhealthy, Target.ResponseCodeMismatch: codes: [500]"),
        (["unhealthy", "unhealthy"], 2, FAILED, "0 of 2 healthy"),
        (["initial"], 2, FAILED, "0 of 1 healthy"),
        ([], 2, FAILED, "0 of 0 healthy"),
        ([], 0, SKIPPED, "the service has no tasks"),
    ],
)
def test_targets(states: list[str], desired: int, state: str, words: str) -> None:
    (row,) = edge.judge_targets(seen({BLUE}, {BLUE: health(*states)}, desired), options())
    assert row.state == state
    assert words in row.found
    assert row.value == states.count("healthy")
    assert bool(row.advice) == (state == FAILED)


def test_of_two_target_groups_only_the_one_in_production_counts() -> None:
    (row,) = edge.judge_targets(seen({GREEN}, {GREEN: health("healthy")}), options())
    assert (row.state, row.found) == (OK, "1 of 1 healthy in uex-payments-test-one-green")


def test_a_service_that_no_rule_sends_requests_to_is_failed() -> None:
    (row,) = edge.judge_targets(seen(set(), {}), options())
    assert (row.state, "no rule" in row.found) == (FAILED, True)
    assert "--tags edge" in row.advice


def test_production_is_what_has_weight() -> None:
    groups = [{"TargetGroupArn": BLUE, "Weight": 0}, {"TargetGroupArn": GREEN, "Weight": 100}]
    rule = {
        "RuleArn": "r",
        "Priority": "10",
        "Conditions": [],
        "Actions": [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}],
    }
    assert edge.weighted([rule]) == {GREEN}


MAINTENANCE = Answer(503, 5, body='{"message": "Down"}\n')


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer(200, 5), OK),
        (Answer(204, 5), OK),
        (Answer(302, 5), OK),
        (Answer(401, 5), OK),
        (Answer(404, 5), FAILED),
        (Answer(500, 5), FAILED),
        (Answer(503, 5), FAILED),
        (Answer(200, 2001), WARNING),
        (Answer(0, 5000, "no answer within 5 s"), FAILED),
        (MAINTENANCE, WARNING),
    ],
)
def test_what_an_answer_is_worth(answer: Answer, state: str) -> None:
    assert edge.path_state(answer, options(maintenance_message='{"message": "Down"}')) == state


def rows(answers: dict[str, Answer], plain: Answer | None = None, **changed: Any) -> list[Any]:
    asked = [edge.Asked("one", f"{NAME}-one", answers)]
    return list(edge.judge_paths(edge.Seen(asked, plain), options(**changed)))


def test_a_service_s_row_has_both_answers_and_the_state_of_the_worse() -> None:
    (row,) = rows({"/one": Answer(200, 12), "/one/": Answer(500, 30)})
    assert (row.state, row.found) == (FAILED, "/one 200 in 12 ms, /one/ 500 in 30 ms")
    assert (row.value, row.unit) == (30, "ms")
    assert row.advice == "aws logs tail uex-payments-test-one --since 10m"


def test_what_the_load_balancer_answers_itself_is_said() -> None:
    (row,) = rows({"/one": Answer(503, 12, server="awselb/2.0")})
    assert "answered itself" in row.advice


def test_maintenance_is_said_with_how_it_ends() -> None:
    (row,) = rows({"/one": MAINTENANCE}, maintenance_message='{"message": "Down"}')
    assert (row.state, "--tags maintenance" in row.advice) == (WARNING, True)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer(301, 5, location="https://x/one"), OK),
        (Answer(301, 5, location="http://x/one"), FAILED),
        (Answer(200, 5), FAILED),
        (Answer(0, 5, "Connection refused"), FAILED),
    ],
)
def test_http_must_redirect(answer: Answer, state: str) -> None:
    assert rows({"/one": Answer(200, 1)}, answer)[1].state == state


def test_the_certificate_that_was_served_is_judged() -> None:
    end = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=5, hours=1)
    row = rows({"/one": Answer(200, 1, not_after=end)})[-1]
    assert (row.name, row.state, row.value) == ("Certificate that is served", FAILED, 5)


@pytest.mark.parametrize(("emulated", "state"), [(True, SKIPPED), (False, FAILED)])
def test_where_nobody_could_answer(emulated: bool, state: str) -> None:
    found = edge.Seen((), None, edge.NOBODY)
    assert [row.state for row in edge.judge_paths(found, options(emulated=emulated))] == [state]


@pytest.mark.parametrize(("given", "paths"), [({}, ["/one", "/one/"]), ({"one": "/one/ready"}, ["/one/ready"])])
def test_what_is_asked_of_a_service(given: dict[str, str], paths: list[str]) -> None:
    assert edge.paths_of(service(), given) == paths


@pytest.mark.parametrize(
    ("domain", "self_signed", "verify"), [("pay.example.com", False, "full"), ("", False, "chain"), ("", True, "none")]
)
def test_the_certificate_is_verified_unless_it_is_self_signed(domain: str, self_signed: bool, verify: str) -> None:
    found = edge.target("host", "/x", options(domain=domain, self_signed=self_signed))
    assert (found.verify, found.port, found.address) == (verify, 443, None)


def test_a_request_may_go_elsewhere() -> None:
    given = options(address="127.0.0.1:8443", http_address="[::1]:8080")
    assert edge.target("host", "/x", given).address == ("127.0.0.1", 8443)
    assert edge.target("host", "/x", given, secure=False).address == ("::1", 8080)


def certificate(days: float, **more: Any) -> dict[str, Any]:
    end = ago(days=-days, hours=-1)
    return {"CertificateArn": "arn:c", "DomainName": "pay.example.com", "Status": "ISSUED", "NotAfter": end, **more}


@pytest.mark.parametrize(
    ("found", "state", "words"),
    [
        ([], FAILED, "has none"),
        ([certificate(200)], OK, "200 days left"),
        ([certificate(20, Type="AMAZON_ISSUED")], WARNING, "20 days left"),
        ([certificate(5, Type="IMPORTED")], FAILED, "5 days left"),
        ([certificate(-3)], FAILED, "ended on"),
        ([certificate(200, Status="EXPIRED")], FAILED, "is EXPIRED"),
    ],
)
def test_certificates(found: list[dict[str, Any]], state: str, words: str) -> None:
    (row,) = edge.judge_certificates(found, options())
    assert (row.state, words in row.found) == (state, True)


def test_an_imported_certificate_is_not_renewed_by_itself() -> None:
    (row,) = edge.judge_certificates([certificate(5, Type="IMPORTED")], options())
    assert "import a new one" in row.advice
