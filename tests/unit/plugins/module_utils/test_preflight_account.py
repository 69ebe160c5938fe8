# Copyright: (c) 2026, UEX Payments
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.uex.payments.plugins.module_utils import _preflight_account as account
from ansible_collections.uex.payments.plugins.module_utils._preflight import FAILED, OK, UNKNOWN, WARNING, Row
from ansible_collections.uex.payments.tests.support.contract import Account
from ansible_collections.uex.payments.tests.support.fake import Refused

NOW = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC)
REAL: dict[str, Any] = {
    "environment": "prod",
    "emulated": False,
    "account_id": "123456789012",
    "region": "us-east-1",
    "state_bucket": "state-{account_id}",
    "lock_table": "locks",
    "inventories": "-i inventories/prod",
}
CALLER = {"Account": "123456789012", "Arn": "arn:aws:sts::123456789012:assumed-role/deploy/me", "expiration": ""}


def states(rows: Iterable[Row]) -> dict[str, str]:
    return {row.name: row.state for row in rows}


@pytest.fixture
def connect(aws: None) -> Any:
    fake = Account()
    return lambda service, region=None: fake.connect(service)


@pytest.mark.parametrize(
    ("found", "options", "expected"),
    [
        ({}, {}, {"Credentials": OK, "Account": OK}),
        ({"Account": "210987654321"}, {}, {"Credentials": OK, "Account": FAILED}),
        ({}, {"account_id": ""}, {"Credentials": OK, "Account": WARNING}),
        ({}, {"account_id": "", "emulated": True}, {"Credentials": OK, "Account": OK}),
        ({"Arn": "arn:aws:iam::123456789012:root"}, {}, {"Credentials": FAILED, "Account": OK}),
        ({"expiration": "2020-01-01T00:00:00Z"}, {}, {"Credentials": OK, "Account": OK, "Credentials' end": FAILED}),
    ],
)
def test_whose_credentials(found: dict[str, Any], options: dict[str, Any], expected: dict[str, str]) -> None:
    assert states(account.judge_identity({**CALLER, **found}, {**REAL, **options})) == expected


def test_credentials_that_do_not_work_are_a_failure() -> None:
    def broken(service: str) -> Any:
        raise Refused("ExpiredToken", "gone")

    (row,) = account.judge_identity(account.identity(broken, REAL), REAL)
    assert (row.name, row.state, row.found) == ("Credentials", FAILED, "ExpiredToken: gone")
    assert row.advice


def test_the_end_of_the_credentials_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(account.EXPIRATION, "2026-11-01T13:00:00+00:00")
    sts = SimpleNamespace(get_caller_identity=lambda: CALLER)
    assert account.identity(lambda service: sts, REAL)["expiration"] == "2026-11-01T13:00:00+00:00"


@pytest.mark.parametrize(("hours", "state"), [(-1, FAILED), (0.5, WARNING), (3, OK)])
def test_how_long_credentials_last(hours: float, state: str) -> None:
    end = NOW + datetime.timedelta(hours=hours)
    assert account.expiry(end.isoformat(), NOW).state == state


GUARDED = {"AccountMFAEnabled": 1, "AccountAccessKeysPresent": 0, "AccountPasswordPresent": 1}
MFA, KEYS = "MFA of the root user", "Access keys of the root user"


@pytest.mark.parametrize(
    ("found", "options", "expected"),
    [
        ({}, {}, (OK, OK)),
        ({"AccountMFAEnabled": 0}, {}, (FAILED, OK)),
        ({"AccountMFAEnabled": 0, "AccountPasswordPresent": 0}, {}, (OK, OK)),
        ({"AccountMFAEnabled": 0}, {"emulated": True}, (WARNING, OK)),
        ({"AccountAccessKeysPresent": 1}, {}, (OK, FAILED)),
    ],
)
def test_how_the_root_user_is_guarded(
    found: dict[str, int], options: dict[str, Any], expected: tuple[str, str]
) -> None:
    rows = states(account.judge_root({**GUARDED, **found}, {**REAL, **options}))
    assert (rows[MFA], rows[KEYS]) == expected


def alarm(connect: Any, **metric: Any) -> None:
    common = {"AlarmName": "bill", "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Threshold": 1}
    connect("cloudwatch").put_metric_alarm(**common, **metric)


def charges(**more: Any) -> dict[str, Any]:
    return {"Namespace": "AWS/Billing", "MetricName": "EstimatedCharges", **more}


@pytest.mark.parametrize(
    "metric",
    [
        charges(Statistic="Maximum", Period=21600),
        {"Metrics": [{"Id": "a", "MetricStat": {"Metric": charges(), "Period": 21600, "Stat": "Maximum"}}]},
    ],
)
def test_an_alarm_on_the_charges_watches_the_bill(metric: dict[str, Any], connect: Any) -> None:
    assert account.watches(connect, REAL) == []
    alarm(connect, **metric)
    assert account.watches(connect, REAL) == ["alarm bill"]


def test_another_alarm_does_not_but_a_budget_does(connect: Any) -> None:
    alarm(connect, Namespace="AWS/EC2", MetricName="CPUUtilization", Statistic="Average", Period=60)
    assert account.watches(connect, REAL) == []
    limit = {"Amount": "10", "Unit": "USD"}
    budget = {"BudgetName": "all", "BudgetLimit": limit, "TimeUnit": "MONTHLY", "BudgetType": "COST"}
    connect("budgets").create_budget(AccountId="123456789012", Budget=budget)
    assert account.watches(connect, REAL) == ["budget all"]


@pytest.mark.parametrize(("found", "state"), [([], WARNING), (["alarm bill"], OK)])
def test_somebody_should_watch_the_bill(found: list[str], state: str) -> None:
    assert states(account.judge_watches(found, REAL)) == {"Billing alarm": state}


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (None, UNKNOWN),
        ({}, WARNING),
        (dict.fromkeys(account.BLOCKS, True), OK),
        ({**dict.fromkeys(account.BLOCKS, True), "BlockPublicPolicy": False}, WARNING),
    ],
)
def test_public_access_should_be_blocked_for_the_account(found: dict[str, bool] | None, state: str) -> None:
    (row,) = account.judge_public_access(found, REAL)
    assert row.state == state


def test_an_account_without_a_block_and_one_with_it(connect: Any) -> None:
    assert account.public_access(connect, REAL) == {}
    block = dict.fromkeys(account.BLOCKS, True)
    connect("s3control").put_public_access_block(AccountId="123456789012", PublicAccessBlockConfiguration=block)
    assert account.public_access(connect, REAL) == block
    assert account.public_access(connect, {**REAL, "emulated": True}) is None


def test_the_state_is_missed_until_it_is_there(connect: Any) -> None:
    assert account.state_bucket(connect, REAL) == ("state-123456789012", False)
    assert account.lock_table(connect, REAL) == ("locks", False)
    connect("s3").create_bucket(Bucket="state-123456789012")
    key = {"AttributeName": "id", "KeyType": "HASH"}
    kind = {"AttributeName": "id", "AttributeType": "S"}
    connect("dynamodb").create_table(
        TableName="locks", KeySchema=[key], AttributeDefinitions=[kind], BillingMode="PAY_PER_REQUEST"
    )
    assert account.state_bucket(connect, REAL)[1]
    assert account.lock_table(connect, REAL)[1]


@pytest.mark.parametrize(
    ("there", "emulated", "state", "words"),
    [
        (True, False, OK, ""),
        (False, False, FAILED, "ansible-playbook playbooks/bootstrap.yml -i inventories/prod"),
        (False, True, WARNING, "the first apply makes it"),
    ],
)
def test_a_missing_state_says_how_it_is_made(there: bool, emulated: bool, state: str, words: str) -> None:
    check = next(each for each in account.CHECKS if each.name == "State bucket")
    (row,) = check.judge(("b", there), {**REAL, "emulated": emulated})
    assert (row.state, row.advice) == (state, words)


def test_service_linked_roles_that_are_missing_are_named(connect: Any) -> None:
    connect("iam").create_service_linked_role(AWSServiceName="ecs.amazonaws.com")
    missing = account.linked_roles(connect, REAL)
    assert sorted({*account.LINKED_ROLES} - {*missing}) == ["AWSServiceRoleForECS"]
    (row,) = account.judge_linked_roles(missing, REAL)
    assert (row.state, "AWSServiceRoleForRDS" in row.found) == (WARNING, True)
    assert states(account.judge_linked_roles([], REAL)) == {"Service-linked roles": OK}
